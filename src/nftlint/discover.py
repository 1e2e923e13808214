"""Paths to candidate files: walk, excludes, and the byte prefilter that makes clean runs cheap.

Every file of a tree comes through here, most of them to be passed over: names stay strings until
one matters, since a ``Path`` costs as much as reading a small file.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from nftlint.needles import may_matter

VCS = frozenset({".git", ".hg", ".svn", ".jj"})
"""Directories that hold no files of the project; nothing else is left out silently."""

SIZE_LIMIT = 32 * 1024 * 1024
"""Files larger than this, in bytes, are reported and not read: no honest script is so large."""

HEAD = 16 * 1024
"""How many bytes of a larger file are kept, to know its kind by."""

_PIECE = 4 * 1024 * 1024
_OVERLAP = 64  # longer than any needle


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


Excluded = Callable[[str], bool]
"""Tells whether an absolute path is left out."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What a walk found: candidates and unreadable paths, and how many files were looked at."""

    items: tuple[Candidate | Unreadable, ...]
    files: int


def collect(paths: list[Path], excluded: Excluded) -> Collected:
    """Find every candidate under the paths, once each, and what could not be read.

    Directories are walked in sorted order; links to directories are not followed.
    """
    seen: set[tuple[int, int]] = set()
    items: list[Candidate | Unreadable] = []
    for path in paths:
        name = os.fspath(path)
        for found in _files(name, excluded):
            item = found if isinstance(found, Unreadable) else _read(found, seen, found == name)
            if item is not None:
                items.append(item)
    return Collected(tuple(items), len(seen))


def _files(path: str, excluded: Excluded) -> Iterator[str | Unreadable]:
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        yield Unreadable(uri_of(Path(path)), error.strerror or str(error), usage=True)
        return
    absolute = os.path.abspath(path)
    if stat.S_ISDIR(mode):
        yield from _walk(path, absolute, excluded)
    elif not excluded(absolute):
        yield path


def _walk(directory: str, absolute: str, excluded: Excluded) -> Iterator[str | Unreadable]:
    try:
        with os.scandir(directory) as entries:
            children = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        yield Unreadable(uri_of(Path(directory)), error.strerror or str(error))
        return
    for child in children:
        below = f"{absolute.rstrip('/')}/{child.name}"
        if excluded(below):
            continue
        if child.is_dir(follow_symlinks=False):
            if child.name not in VCS:
                yield from _walk(child.path, below, excluded)
        elif child.is_file():
            yield child.path


def _read(
    name: str,
    seen: set[tuple[int, int]],
    named: bool,  # noqa: FBT001 - the caller's own words
) -> Candidate | Unreadable | None:
    try:
        status = os.stat(name)
        if (status.st_dev, status.st_ino) in seen:
            return None
        if not stat.S_ISREG(status.st_mode):
            return Unreadable(uri_of(Path(name)), "not a regular file") if named else None
        seen.add((status.st_dev, status.st_ino))
        if status.st_size > SIZE_LIMIT:
            return _too_large(name, named)
        with open(name, "rb", buffering=0) as stream:
            data = stream.read()
    except OSError as error:
        return Unreadable(uri_of(Path(name)), error.strerror or str(error))
    odd = named and b"\0" in data[:8192]
    if not odd and not may_matter(data):
        return None
    return Candidate(Path(name), uri_of(Path(name)), data, named)


def _too_large(name: str, named: bool) -> Candidate | None:  # noqa: FBT001 - as above
    """Return the beginning of a file that is not read, where it may matter that it is not."""
    with open(name, "rb", buffering=0) as stream:
        head = stream.read(HEAD)
        if not named and (b"\0" in head or not _may_matter_in(stream, head)):
            return None
    return Candidate(Path(name), uri_of(Path(name)), head, named, whole=False)


def _may_matter_in(stream: FileIO, piece: bytes) -> bool:
    """Look through the rest of a file, a piece at a time; what is beyond 64 pieces may matter."""
    for _ in range(64):
        if may_matter(piece):
            return True
        more = stream.read(_PIECE)
        if not more:
            return False
        piece = piece[-_OVERLAP:] + more
    return True


def uri_of(path: Path) -> str:
    """Return the path relative to the working directory, with ``/`` separators."""
    relative = os.path.relpath(path)
    return path.as_posix() if relative.startswith("..") else Path(relative).as_posix()
