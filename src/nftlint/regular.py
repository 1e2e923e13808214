"""Reading files that nobody named: a tree may hold anything under any name, or a link to it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from nftlint.sieve.looking import OPENING, rest


def read_regular(path: Path, limit: int) -> bytes:
    """Return the bytes of a regular file, and never wait for any.

    Raises ``OSError``, also for what is no regular file, or has more than ``limit`` bytes.
    """
    handle = os.open(path, OPENING)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(f"not a regular file: {path}")
        data = rest(handle, b"", limit) if status.st_size <= limit else None
    finally:
        os.close(handle)
    if data is None or len(data) > limit:  # of some files, no size is told
        raise OSError(f"larger than {limit} bytes")
    return data
