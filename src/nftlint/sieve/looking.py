"""Reading a file to see whether it may matter, at the least cost."""

from __future__ import annotations

import os

from nftlint.needles import may_matter
from nftlint.sieve.walk import Trouble

SIZE_LIMIT = 32 * 1024 * 1024
"""Files larger than this, in bytes, are reported and not read: no honest script is so large."""

HEAD = 16 * 1024
"""How many bytes of a larger file are kept, to know its kind by."""

_BUFFER = 1024 * 1024
_PIECE = 4 * 1024 * 1024
_PIECES = 64  # of a file too large to be read are looked at; what is beyond may matter
_OVERLAP = 64  # longer than any needle
_BINARY = 8192  # a NUL byte in so many first ones tells of a file that is no text
_OPENING = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a FIFO that takes a file's place does not keep the run waiting
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)


class Passed:
    """A file that may matter, by its name and its bytes; ``named`` if the user named it.

    Of a file that is not ``whole``, ``data`` is the beginning: it is too large to be read.
    """

    __slots__ = ("data", "name", "named", "whole")

    def __init__(self, name: str, data: bytes, *, named: bool, whole: bool = True) -> None:
        self.name = name
        self.data = data
        self.named = named
        self.whole = whole


class Reader:
    """Reads files one after another into one buffer: most are looked at there, and never copied."""

    __slots__ = ("_buffer", "_vector")

    def __init__(self) -> None:
        self._buffer = bytearray(_BUFFER)
        self._vector = [self._buffer]

    def read(self, name: str, *, named: bool = False) -> tuple[Passed | Trouble, ...]:
        """Return the file if it may matter, or why it cannot be read."""
        try:
            handle = os.open(name, _OPENING)
        except OSError as error:
            return (Trouble(name, error),)
        try:
            length = os.readv(handle, self._vector)
            if length == _BUFFER:
                return _larger(handle, name, bytes(self._buffer), named=named)
        except OSError as error:
            return (Trouble(name, error),)
        finally:
            os.close(handle)
        odd = named and self._buffer.find(b"\0", 0, min(length, _BINARY)) >= 0
        if not odd and not may_matter(self._buffer, length) and not _matters_by_name(name):
            return ()
        return (Passed(name, bytes(self._buffer[:length]), named=named),)


def _matters_by_name(name: str) -> bool:
    """Tell whether a file may be an nft script by its name: its text need not speak of nft."""
    return "nft" in name[name.rfind("/") + 1 :]


def _larger(handle: int, name: str, data: bytes, *, named: bool) -> tuple[Passed, ...]:
    """Go on with a file that is larger than the buffer. Raises ``OSError``."""
    while len(data) <= SIZE_LIMIT and (more := os.read(handle, SIZE_LIMIT + 1 - len(data))):
        data += more
    if len(data) <= SIZE_LIMIT:
        odd = named and b"\0" in data[:_BINARY]
        return (Passed(name, data, named=named),) if odd or may_matter(data) else ()
    head = data[:HEAD]
    if named or (b"\0" not in head and _may_matter_in(handle, data)):
        return (Passed(name, head, named=named, whole=False),)
    return ()


def _may_matter_in(handle: int, piece: bytes) -> bool:
    """Look through the rest of a file, a piece at a time."""
    for _ in range(_PIECES):
        if may_matter(piece):
            return True
        more = os.read(handle, _PIECE)
        if not more:
            return False
        piece = piece[-_OVERLAP:] + more
    return True
