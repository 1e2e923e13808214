"""Work that is shared among processes which are copies of this one.

A copy (``fork``) has all that this process has, and starts in a millisecond or two; where there is
none, or one of them dies, the work is done here.
"""

from __future__ import annotations

import marshal
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    T = TypeVar("T")

    Work = Callable[[Iterator[int]], T]
    """Does the shares of these numbers, and returns what ``marshal`` can write."""

_KILL = 9  # what `signal.SIGKILL` is, which would cost a clean run an import

SHARES = 256
"""How many shares there may be: each is one byte in a pipe, which hands out one at a time."""


def shared(count: int, work: Work[T], jobs: int) -> list[T]:
    """Return what ``work`` gives in each of ``jobs`` processes, for so many shares (``SHARES``).

    Each process takes the next share when it is done with one. Raises what ``work`` raises in this
    process; what others cannot do is done again here.
    """
    queue = _queue(count)
    others = [other for _ in range(jobs - 1) for other in _start(queue, work)]
    done: list[int] = []
    try:
        answers = [work(_taken(queue, done))]
    except BaseException:
        for child, _ in others:  # they would do all that is left, for nobody
            os.kill(child, _KILL)
        raise
    finally:
        told: list[tuple[T, list[int]]] = []
        for child, pipe in others:
            told += _answer(child, pipe)
        os.close(queue)
    for answer, theirs in told:
        answers.append(answer)
        done += theirs
    left = sorted(set(range(count)).difference(done))
    return answers + ([work(iter(left))] if left else [])


def _queue(count: int) -> int:
    reading, writing = os.pipe()
    os.write(writing, bytes(range(count)))
    os.close(writing)
    return reading


def _taken(queue: int, done: list[int]) -> Iterator[int]:
    """Yield numbers of shares as long as there are any, and note them."""
    while share := os.read(queue, 1):
        done.append(share[0])
        yield share[0]


def _start(queue: int, work: Work[T]) -> list[tuple[int, int]]:
    """Start a process; returns its id, and where its answer comes from."""
    reading, writing = os.pipe()
    try:
        child = os.fork()
    except OSError:  # too many processes, or too little memory
        os.close(reading)
        os.close(writing)
        return []
    if child:
        os.close(writing)
        return [(child, reading)]
    status = 1
    try:
        os.close(reading)
        done: list[int] = []
        answer = memoryview(marshal.dumps((work(_taken(queue, done)), done)))  # type: ignore[arg-type] # see `Work`
        while answer:
            answer = answer[os.write(writing, answer) :]
        status = 0
    finally:
        os._exit(status)  # at once: what is buffered and what waits to be done is the parent's


def _answer(child: int, pipe: int) -> list[tuple[T, list[int]]]:
    """Return what a process tells, and of which shares: nothing if it died."""
    pieces = []
    while piece := os.read(pipe, 1 << 16):
        pieces.append(piece)
    os.close(pipe)
    ended_well = os.waitpid(child, 0)[1] == 0
    return [marshal.loads(b"".join(pieces))] if ended_well else []  # noqa: S302 - it is our own
