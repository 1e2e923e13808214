"""Stage four for all files: each is judged by itself, so several processes can share them."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Sequence

from nftlint.config import ConfigError
from nftlint.filereport import FileReport
from nftlint.sieve.sharing import SHARES, shared
from nftlint.unit import Unit

_FEW = 20
"""So many files a process, with a finding each, are worth another process: it costs 20 ms."""

Judge = Callable[[Unit], FileReport]

_Outcome = FileReport | ConfigError
_Answer = list[tuple[int, bytes]]


def judged(units: Sequence[Unit], judge: Judge, jobs: int) -> list[FileReport]:
    """Return what ``judge`` tells of each file, in order; up to ``jobs`` processes share many.

    Raises what ``judge`` raises; of several ``ConfigError`` that of the first file.
    """
    jobs = min(jobs, len(units) // _FEW)
    if jobs <= 1 or not hasattr(os, "fork"):
        return list(map(judge, units))
    first = judge(units[0])  # by which all is loaded that judging takes, before there are copies
    return [first, *_reports(_outcomes(units[1:], judge, jobs))]


def _outcomes(units: Sequence[Unit], judge: Judge, jobs: int) -> list[_Outcome]:
    """Share the files: those of one directory, which are often alike, go to all processes."""
    count = min(SHARES, len(units))

    def work(numbers: Iterator[int]) -> _Answer:
        return [
            (number, pickle.dumps([_outcome(judge, unit) for unit in units[number::count]]))
            for number in numbers
        ]

    found: dict[int, _Outcome] = {}
    for answer in shared(count, work, jobs):
        for number, told in answer:
            outcomes: list[_Outcome] = pickle.loads(told)  # noqa: S301 - it is our own
            found.update(zip(range(number, len(units), count), outcomes, strict=True))
    return [found[at] for at in range(len(units))]


def _outcome(judge: Judge, unit: Unit) -> _Outcome:
    try:
        return judge(unit)
    except ConfigError as error:
        return error


def _reports(outcomes: Sequence[_Outcome]) -> Iterator[FileReport]:
    for outcome in outcomes:
        if isinstance(outcome, ConfigError):
            raise outcome
        yield outcome
