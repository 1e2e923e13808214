"""Whole-process time of programs, in turn, so that all see the same machine."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import Tool, command_lines

SLOW = 5.0
"""Seconds of wall time; a tool whose first run takes longer is not run again."""

NOTHING = 126
"""Exit statuses from here on say that a tool did not run."""


@dataclass(frozen=True)
class Taken:
    """Seconds that a tool took: wall, and processor (user and system, all its processes).

    It is the median of ``runs``; where there are none, of the first alone, as that took long.
    """

    wall: float
    processor: float
    runs: int = 0

    @property
    def once(self) -> bool:
        """Tell whether it is no median."""
        return not self.runs


Measured = Taken | str
"""A median, or why there is none."""


def measured(
    tools: Sequence[Tool], tree: Path, work: Path, runs: int, limit: float
) -> Mapping[Tool, Measured]:
    """Run each tool on a tree ``runs`` times after a first one that warms up, and take medians."""
    first: dict[Tool, Measured] = {}
    lines = {tool: command_lines(tool, tree, work) for tool in tools}
    for tool in tools:
        where = tree if tool.inside else work
        first[tool] = _missing(tool, lines[tool]) or _taken(lines[tool], where, limit)
    quick = [tool for tool, one in first.items() if isinstance(one, Taken) and one.wall <= SLOW]
    times: dict[Tool, list[Measured]] = {tool: [] for tool in quick}
    for _ in range(runs):
        for tool in quick:
            times[tool].append(_taken(lines[tool], tree if tool.inside else work, limit))
    return {tool: _median(times[tool]) if times.get(tool) else first[tool] for tool in tools}


def _missing(tool: Tool, lines: Sequence[Sequence[str]]) -> str:
    if shutil.which(tool.program) is None:
        return "not installed"
    return "" if lines else "no such files"


def _median(times: Sequence[Measured]) -> Measured:
    figures = [one for one in times if isinstance(one, Taken)]
    if len(figures) < len(times):
        return next(one for one in times if isinstance(one, str))
    wall = statistics.median(one.wall for one in figures)
    return Taken(wall, statistics.median(one.processor for one in figures), len(figures))


def _taken(lines: Sequence[Sequence[str]], where: Path, limit: float) -> Measured:
    """Run command lines one after another: their time counts together, and so does the limit."""
    begun, before = time.perf_counter(), _processor()
    for line in lines:
        left = limit - (time.perf_counter() - begun)
        wrong = _run(line, where, left) if left > 0 else f"> {limit:.0f} s"
        if wrong:
            return wrong if wrong.startswith("failed") else f"> {limit:.0f} s"
    return Taken(time.perf_counter() - begun, _processor() - before)


def _run(line: Sequence[str], where: Path, limit: float) -> str:
    """Run one command line and throw away what it prints; return what went wrong."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(
        line,
        cwd=where,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            _, said = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return "too slow"
    if process.returncode < 0 or process.returncode >= NOTHING:
        print(f"{line[0]} ended with {process.returncode}: {said[-300:]!r}", file=sys.stderr)
        return f"failed ({process.returncode})"
    return ""


def _processor() -> float:
    """Return the processor time of all children so far, in seconds."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
