"""Reading files that nobody named: a tree may hold anything under any name, or a link to it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

_OPENING = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)  # what waits for a writer, as /proc/kmsg does, is an error
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_PIECE = 1024 * 1024


def read_regular(path: Path, limit: int) -> bytes:
    """Return the bytes of a regular file, and never wait for any.

    Raises ``OSError``, also for what is no regular file, or has more than ``limit`` bytes.
    """
    handle = os.open(path, _OPENING)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(f"not a regular file: {path}")
        return _all_of(handle, limit)
    finally:
        os.close(handle)


def _all_of(handle: int, limit: int) -> bytes:
    parts: list[bytes] = []
    room = limit + 1
    while room and (more := os.read(handle, min(room, _PIECE))):
        parts.append(more)
        room -= len(more)
    if not room:
        raise OSError(f"larger than {limit} bytes")
    return b"".join(parts)
