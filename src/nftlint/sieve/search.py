"""Looking through all files under a directory, by as many processes as it is worth.

A share of the work is a directory with all that is below it, or some files of one directory.
"""

from __future__ import annotations

import os

from nftlint.sieve.looking import suspects
from nftlint.sieve.walk import Directory, why

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nftlint.sieve.walk import Gate

    Files = tuple[str, list[str]]
    """What stands before each name, and names of files."""

    Told = tuple[int, list[tuple[str, bool]], list[tuple[str, str]]]
    """What ``Search`` has found, as ``marshal`` can write it."""

_SHARE = 400
"""Fewer files a process are sooner read than another process is started."""

_GUESS = 25
"""Files that a directory, with all below it, is thought to hold before it is read."""

_WAITING = 512
"""Directories, or lots of files, known before they are shared: of fewer, one may turn out to hold
most of the tree."""

_LOT = 64
"""Files read in turn by one process, before others may have some."""


def processors() -> int:
    """Return how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


class Search:
    """What is found under directories: how many files there are, and which may matter.

    ``suspects`` are the latter, each with whether it is idle.
    ``shut`` are the directories that cannot be read, each with the reason. ``known`` are files
    (absolute) that were looked at, where a file may come twice.
    """

    __slots__ = ("_gate", "_known", "files", "shut", "suspects")

    def __init__(self, gate: Gate, known: set[str] | None) -> None:
        self._gate = gate
        self._known = known
        self.files = 0
        self.suspects: list[tuple[str, bool]] = []
        self.shut: list[tuple[str, str]] = []

    def wants(self, path: str) -> bool:
        """Tell whether a file (absolute) that is named is to be looked at."""
        excluded = self._gate(os.path.dirname(path), None)
        return (excluded is None or not excluded(path)) and self._is_new(path)

    def under(self, top: Directory, jobs: int) -> None:
        """Look through a directory, with up to so many processes. Raises what the gate raises."""
        if jobs == 1 or self._known is not None or not hasattr(os, "fork"):
            self._do([top])
            return
        waiting, lots = self._spread(top, _WAITING)
        sure = sum(len(names) for _, names in lots)
        jobs = min(jobs, (sure + _GUESS * len(waiting)) // _SHARE)
        work: list[Directory | Files] = [*waiting, *lots]
        if jobs > 1:
            self._share(work, jobs)
        else:
            self._do(work)

    def _share(self, work: list[Directory | Files], jobs: int) -> None:
        from nftlint.sieve.sharing import SHARES, shared

        def share(numbers: Iterator[int]) -> Told:
            own = Search(self._gate, None)
            own._do(item for number in numbers for item in work[number::SHARES])
            return own.files, own.suspects, own.shut

        for files, found, shut in shared(min(len(work), SHARES), share, jobs):
            self.files += files
            self.suspects += found
            self.shut += shut

    def _spread(self, top: Directory, enough: int) -> tuple[list[Directory], list[Files]]:
        """Read directories, a level after the other, until enough waits to be done."""
        waiting = [top]
        lots: list[Files] = []
        while waiting and len(waiting) + len(lots) < enough:
            here = waiting.pop(0)
            names, below = self._listed(here)
            waiting += below
            lots += [(here.prefix, names[at : at + _LOT]) for at in range(0, len(names), _LOT)]
        return waiting, lots

    def _do(self, work: Iterable[Directory | Files]) -> None:
        self.suspects += suspects(self._files(work))

    def _files(self, work: Iterable[Directory | Files]) -> Iterator[str]:
        """Yield the paths of files; no more is taken or read than it takes to have the next."""
        for item in work:
            waiting = [item]
            while waiting:
                here = waiting.pop()
                if isinstance(here, Directory):
                    prefix = here.prefix
                    names, below = self._listed(here)
                    waiting += below
                else:
                    prefix, names = here
                self.files += len(names)
                for name in names:
                    yield prefix + name

    def _listed(self, directory: Directory) -> tuple[list[str], list[Directory]]:
        try:
            names, below = directory.listed(self._gate)
        except OSError as error:
            self.shut.append((directory.path, why(error)))
            return [], []
        if self._known is not None:
            here = os.path.join(directory.absolute, "")
            names = [name for name in names if self._is_new(here + name)]
        return names, below

    def _is_new(self, path: str) -> bool:
        if self._known is None:
            return True
        before = len(self._known)
        self._known.add(path)
        return len(self._known) > before
