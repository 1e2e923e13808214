"""Paths to the files that may matter, and how many were looked at."""

from __future__ import annotations

import os
import stat

from nftlint.sieve.looking import Passed, Reader
from nftlint.sieve.walk import Trouble, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nftlint.sieve.walk import Gate

_SHARE = 400
"""Fewer files a process are sooner read than another process is started."""


def sift(
    paths: Sequence[str], gate: Gate, *, ignore_files: bool = True, jobs: int = 1
) -> tuple[list[Passed | Trouble], int]:
    """Return what may matter under the paths, in order, and how many files were looked at.

    A file that several names lead to comes once. Up to ``jobs`` processes read the files of a tree.
    """
    reader = Reader()
    items: list[Passed | Trouble] = []
    named: set[str] = set()
    looked_at = 0
    for path in dict.fromkeys(paths):
        names: list[str] = []
        for found in _names(path, gate, ignore_files=ignore_files):
            if isinstance(found, Trouble):
                items.append(found)
            elif len(paths) == 1 or _is_new(os.path.abspath(found), named):
                names.append(found)
        looked_at += len(names)
        items += _read(names, reader, jobs) if names != [path] else reader.read(path, named=True)
    seen: set[tuple[int, int]] = set()
    return [item for item in items if _is_another(item, seen)], looked_at


def _is_new(name: str, names: set[str]) -> bool:
    before = len(names)
    names.add(name)
    return len(names) > before


def _is_another(item: Passed | Trouble, seen: set[tuple[int, int]]) -> bool:
    """Tell whether a file has not come under another name: by a link, or as a hard link."""
    if isinstance(item, Trouble):
        return True
    try:
        status = os.stat(item.name)
    except OSError:
        return True
    before = len(seen)
    seen.add((status.st_dev, status.st_ino))
    return len(seen) > before


def _names(path: str, gate: Gate, *, ignore_files: bool) -> Iterator[str | Trouble]:
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        yield Trouble(path, error, usage=True)
        return
    if stat.S_ISDIR(mode):
        yield from walk(path, gate, ignore_files=ignore_files)
        return
    absolute = os.path.abspath(path)
    excluded = gate(os.path.dirname(absolute), None)
    if excluded is None or not excluded(absolute):
        yield path if stat.S_ISREG(mode) else Trouble(path, OSError("not a regular file"))


def _read(names: Sequence[str], reader: Reader, jobs: int) -> Iterator[Passed | Trouble]:
    jobs = min(jobs, len(names) // _SHARE)
    if jobs > 1 and hasattr(os, "fork"):
        from nftlint.sieve.sharing import chosen

        names = chosen(names, lambda name: bool(reader.read(name)), jobs)
    for name in names:
        yield from reader.read(name)
