"""Ansible's playbooks, task files and handlers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from nftlint.carriers import YAML_ENDINGS
from nftlint.found import Found
from nftlint.fragment import Fragment

ORDER = 20  # after cloud-init, whose first line is proof


def matches(path: PurePosixPath, head: str) -> str | None:
    """Know Ansible by where a YAML file lies, and by what its first list items are."""
    if path.suffix not in YAML_ENDINGS:
        return None
    from nftlint.ansible.kinds import is_ansible

    return "ansible" if is_ansible(path, head) else None


def read(fragment: Fragment) -> Iterable[Found]:
    """Yield what the plays or tasks of a file run and write."""
    from nftlint.ansible.plays import read as read_plays

    return read_plays(fragment)


def read_command(fragment: Fragment) -> Iterable[Found]:
    """Yield what a command runs that is split into words by ``shlex``, not by a shell."""
    from nftlint.ansible.command import read as read_words

    return read_words(fragment)


def outline(fragment: Fragment) -> list[str]:
    """Return every value of the file."""
    from nftlint.yaml.outline import outline as yaml_outline

    return yaml_outline(fragment)


LANGUAGES = {"ansible": read, "ansible-command": read_command}
OUTLINES = frozenset({"ansible"})
