"""cloud-init's user-data: known by its first line, whatever the file's name.

Source: cloud-init's documentation of user-data formats, and ``cloudinit/handlers/__init__.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from nftlint.found import Found
from nftlint.fragment import Fragment

ORDER = 10  # before Ansible and shell: the first line is proof


def matches(_path: PurePosixPath, head: str) -> str | None:
    """Know user-data by its content; a plain script is left to the shell's carrier."""
    from nftlint.cloud_init.kinds import kind_of_part

    kind = kind_of_part(head)
    if kind == "cloud-config":
        return kind
    return "user-data" if kind and kind != "script" else None


def read_config(fragment: Fragment) -> Iterable[Found]:
    """Yield what a cloud-config runs and writes."""
    from nftlint.cloud_init.config import read

    return read(fragment)


def read_user_data(fragment: Fragment) -> Iterable[Found]:
    """Yield the parts of user-data of any kind."""
    from nftlint.cloud_init.user_data import read

    return read(fragment)


def outline(fragment: Fragment) -> list[str]:
    """Return every value of a cloud-config."""
    from nftlint.yaml.outline import outline as yaml_outline

    return yaml_outline(fragment)


LANGUAGES = {"cloud-config": read_config, "user-data": read_user_data}
OUTLINES = frozenset({"cloud-config"})
