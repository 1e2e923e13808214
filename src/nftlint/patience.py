"""How long one file may keep a run waiting."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SECONDS = 60.0
"""Processor time that reading a file may take, and judging it. Honest files take a second."""


_AGAIN = 0.5
"""Seconds until it is raised once more: one that falls into a finalizer or a callback is lost."""


class OutOfPatienceError(BaseException):
    """Raised in the midst of whatever takes too long, so it is no ``Exception`` that some catch."""


@contextmanager
def patient(seconds: float = SECONDS) -> Iterator[None]:
    """Let a block take so many seconds of this process' time, then raise ``OutOfPatienceError``.

    Where the system or the thread has no such clock, or it is taken, the block may take any time.
    """
    clock = getattr(signal, "ITIMER_VIRTUAL", None)
    main = threading.current_thread() is threading.main_thread()
    if clock is None or not main or signal.getitimer(clock)[0]:
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _give_up)
    signal.setitimer(clock, seconds, _AGAIN)
    try:
        yield
    finally:
        try:
            signal.setitimer(clock, 0)
        finally:  # it may have run out just there
            signal.setitimer(clock, 0)
            signal.signal(signal.SIGVTALRM, before)


def _give_up(_number: int, _frame: FrameType | None) -> None:
    raise OutOfPatienceError
