"""Paths to candidate files: what ``sift`` lets pass, as the stages after it see it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from nftlint.record import dataclass
from nftlint.sieve.looking import SIZE_LIMIT, Passed, Suspect, opened
from nftlint.sieve.sift import sift
from nftlint.sieve.walk import Trouble

if TYPE_CHECKING:
    from nftlint.sieve.walk import Excluded

__all__ = ["SIZE_LIMIT", "Candidate", "Collected", "Unreadable", "collect", "collected", "uri_of"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may contain something: its path, its URI, and its bytes.

    ``named`` tells that the user named it, rather than a directory that it is in. Of a file that is
    not ``whole`` the bytes are only the beginning, since it is too large to be read.
    """

    path: Path
    uri: str
    data: bytes
    named: bool = True
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A path that could not be read, and why; ``usage`` if the user named it wrongly."""

    uri: str
    reason: str
    usage: bool = False


@dataclass(frozen=True, slots=True)
class Collected:
    """What a walk found: candidates and unreadable paths, and how many files were looked at."""

    items: tuple[Candidate | Unreadable, ...]
    files: int


def collect(paths: Iterable[Path], excluded: Excluded, *, ignore_files: bool = True) -> Collected:
    """Find every candidate under the paths, once each, and what could not be read.

    Directories are walked in sorted order; links to directories are not followed. With
    ``ignore_files`` what git ignores in a directory is left out.
    """
    names = [os.fspath(path) for path in paths]
    return collected(sift(names, lambda _directory, _names: excluded, ignore_files=ignore_files))


def collected(found: tuple[list[Suspect | Passed | Trouble], int]) -> Collected:
    """Return what ``sift`` found as the stages after it take it."""
    items, files = found
    return Collected(tuple(map(_item, opened(items))), files)


def _item(found: Passed | Trouble) -> Candidate | Unreadable:
    path = Path(found.name)
    if isinstance(found, Trouble):
        return Unreadable(uri_of(path), found.reason, found.usage)
    return Candidate(path, uri_of(path), found.data, found.named, found.whole)


def uri_of(path: Path) -> str:
    """Return the path relative to the working directory, with ``/`` separators."""
    relative = os.path.relpath(path)
    return path.as_posix() if relative.startswith("..") else Path(relative).as_posix()
