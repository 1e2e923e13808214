"""Terraform's and Packer's files: user-data and commands in their strings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from nftlint.found import Found
from nftlint.fragment import Fragment

_SUFFIXES = frozenset({".tf", ".hcl", ".tofu"})


def matches(path: PurePosixPath, head: str) -> str | None:
    """Know them by their suffix."""
    del head
    return "terraform" if path.suffix in _SUFFIXES else None


def read(fragment: Fragment) -> Iterable[Found]:
    """Yield what the file's strings make a machine run."""
    from nftlint.terraform.read import read as read_strings

    return read_strings(fragment)


LANGUAGES = {"terraform": read}
