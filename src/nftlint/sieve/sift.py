"""Paths to the files that may matter, and how many were looked at."""

from __future__ import annotations

import os
import stat

from nftlint.sieve.looking import Passed, Suspect, read
from nftlint.sieve.search import Search
from nftlint.sieve.walk import Directory, Trouble, why

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nftlint.sieve.walk import Gate


def sift(
    paths: Sequence[str], gate: Gate, *, ignore_files: bool = True, jobs: int = 1
) -> tuple[list[Suspect | Passed | Trouble], int]:
    """Return what may matter under the paths, in order, and how many files were looked at.

    A file that several names lead to comes once. Up to ``jobs`` processes read the files of a tree.
    """
    known: set[str] | None = set() if _may_meet(paths) else None
    items: list[Suspect | Passed | Trouble] = []
    looked_at = 0
    for path in dict.fromkeys(paths):
        search = Search(gate, known)
        try:
            mode = os.stat(path).st_mode
        except OSError as error:
            items.append(Trouble(path, why(error), usage=True))
            continue
        if stat.S_ISDIR(mode):
            search.under(Directory.top(path, ignore_files=ignore_files), jobs)
            items += _found(search)
        elif not search.wants(os.path.abspath(path)):
            continue
        elif stat.S_ISREG(mode):
            search.files += 1
            items += read(path, named=True)
        else:
            items.append(Trouble(path, "not a regular file"))
        looked_at += search.files
    seen: set[tuple[int, int]] = set()
    return [item for item in items if _is_another(item, seen)], looked_at


def _may_meet(paths: Sequence[str]) -> bool:
    """Tell whether one of the paths is, or may hold, another."""
    if len(paths) == 1:
        return False
    places = sorted(os.path.join(os.path.abspath(path), "") for path in dict.fromkeys(paths))
    return any(map(str.startswith, places[1:], places))


def _found(search: Search) -> Iterator[Suspect | Trouble]:
    """Yield what was found, depth first, each directory in sorted order."""
    shut, idle = dict(search.shut), dict(search.suspects)
    for name in sorted((*idle, *shut), key=_parts):
        yield Trouble(name, shut[name]) if name in shut else Suspect(name, idle=idle[name])


def _parts(name: str) -> list[str]:
    return name.split("/")


def _is_another(item: Suspect | Passed | Trouble, seen: set[tuple[int, int]]) -> bool:
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
