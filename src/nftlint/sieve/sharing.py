"""Work on many items, shared among processes that are copies of this one.

A copy (``fork``) has all that this process has, and starts in a millisecond or two; where there is
none, or one of them dies, the work is done here.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def processors() -> int:
    """Return how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def chosen(names: Sequence[str], wanted: Callable[[str], bool], jobs: int) -> list[str]:
    """Return the names that are wanted, in order; each of ``jobs`` processes asks for a share."""

    def ask(first: int, end: int) -> bytes:
        found = [at for at in range(first, end) if wanted(names[at])]
        return " ".join(map(str, found)).encode()

    answers = shared(len(names), ask, jobs)
    return [names[int(at)] for answer in answers for at in answer.split()]


def shared(count: int, work: Callable[[int, int], bytes], jobs: int) -> list[bytes]:
    """Return what ``work(first, end)`` gives for each of ``jobs`` equal parts of ``range(count)``.

    Raises what ``work`` raises in this process; where it fails in another, it is done again here.
    """
    parts = [(count * at // jobs, count * (at + 1) // jobs) for at in range(jobs)]
    others = [(part, *_start(part, work)) for part in parts[1:]]
    try:
        answers = [work(*parts[0])]
    finally:
        collected = [(part, *_answer(child, pipe)) for part, child, pipe in others]
    return answers + [done if right else work(*part) for part, done, right in collected]


def _start(part: tuple[int, int], work: Callable[[int, int], bytes]) -> tuple[int, int]:
    """Start a process that does a part; returns its id, and where its answer comes from."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    status = 1
    try:
        os.close(reading)
        answer = memoryview(work(*part))
        while answer:
            answer = answer[os.write(writing, answer) :]
        status = 0
    finally:
        os._exit(status)  # at once: what is buffered and what waits to be done is the parent's


def _answer(child: int, pipe: int) -> tuple[bytes, bool]:
    pieces = []
    while piece := os.read(pipe, 1 << 16):
        pieces.append(piece)
    os.close(pipe)
    return b"".join(pieces), os.waitpid(child, 0)[1] == 0
