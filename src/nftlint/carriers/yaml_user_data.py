"""Other YAML that carries user-data in a block: KubeVirt's and Cluster API's machines, values."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from nftlint.carriers import YAML_ENDINGS
from nftlint.found import Found
from nftlint.fragment import Fragment
from nftlint.patterns import compiled

ORDER = 90  # after all that know more of the file
_USER_DATA = compiled(
    r":[ \t]*[|>][-+0-9]*[ \t]*(?:#[^\n]*)?\n\s*(?:## template: jinja\s*)?#cloud-config\b"
)


def matches(path: PurePosixPath, head: str) -> str | None:
    """Know such YAML by a block that begins as a cloud-config does."""
    if path.suffix not in YAML_ENDINGS:
        return None
    return "yaml" if _USER_DATA.search(head.replace("\r\n", "\n")) else None


def read(fragment: Fragment) -> Iterable[Found]:
    """Yield the user-data in the file's scalars."""
    from nftlint.cloud_init.embedded import read as read_scalars

    return read_scalars(fragment)


def outline(fragment: Fragment) -> list[str]:
    """Return every value of the file."""
    from nftlint.yaml.outline import outline as yaml_outline

    return yaml_outline(fragment)


LANGUAGES = {"yaml": read}
OUTLINES = frozenset(LANGUAGES)
