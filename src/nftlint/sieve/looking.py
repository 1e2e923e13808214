"""Reading a file to see whether it may matter, at the least cost."""

from __future__ import annotations

import os

from nftlint.needles import may_matter, which_matter
from nftlint.sieve.walk import Trouble, why

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SIZE_LIMIT = 32 * 1024 * 1024
"""Files larger than this, in bytes, are reported and not read: no honest script is so large."""

HEAD = 16 * 1024
"""How many bytes of a larger file are kept, to know its kind by."""

_FIRST = 16 * 1024  # most files are read by one call; what is asked for more than that costs
_SECOND = 64 * 1024
_TOGETHER = 256 * 1024  # as much as a processor keeps at hand
_PIECE = 4 * 1024 * 1024
_PIECES = 64  # of a file too large to be read are looked at; what is beyond may matter
_OVERLAP = 64  # longer than any needle
_BINARY = 8192  # a NUL byte in so many first ones tells of a file that is no text
OPENING = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
"""How a file is opened that nobody named: a FIFO that takes its place keeps the run from nothing,
and what waits for a writer, as ``/proc/kmsg`` does, is an error."""


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


class Suspect:
    """A file that may matter by its name, its bytes, or since it cannot be read.

    ``idle`` tells that it was read, and can hold nothing to judge (see ``idle``).
    """

    __slots__ = ("_opened", "idle", "name")

    def __init__(self, name: str, *, idle: bool) -> None:
        self.name = name
        self.idle = idle
        self._opened: tuple[Passed | Trouble, ...] | None = None

    def opened(self) -> tuple[Passed | Trouble, ...]:
        """Return the file with its bytes, or why it cannot be read; it is read once."""
        if self._opened is None:
            self._opened = read(self.name, known=True)
        return self._opened


def suspects(names: Iterable[str]) -> list[tuple[str, bool]]:
    """Return the files that may matter, or cannot be read, and for each whether it is idle.

    They are read in turn and looked through together, which takes half as long as one by one.
    """
    # Each with its bytes, if what they are like may tell that it is idle.
    found: dict[str, bytes | None] = {}
    texts: dict[str, bytes] = {}
    size = 0
    for name in names:
        if "nft" in name and _is_nft(name):
            found[name] = None
        try:
            handle = os.open(name, OPENING)
            try:
                text = _start(handle)
            finally:
                os.close(handle)
        except OSError:
            found[name] = None
            continue
        if len(text) > SIZE_LIMIT:
            found |= {name: None} if read(name) else {}
            continue
        texts[name] = text
        size += len(text)
        if size > _TOGETHER:
            found = _mattering(texts) | found
            texts.clear()
            size = 0
    found = _mattering(texts) | found
    return [(name, _is_idle(name, text)) for name, text in found.items()]


def _mattering(texts: dict[str, bytes]) -> dict[str, bytes | None]:
    if len(texts) == 1:
        return {name: text for name, text in texts.items() if may_matter(text)}
    which = which_matter(list(texts.values()))
    return {name: text for at, (name, text) in enumerate(texts.items()) if at in which}


def _is_nft(name: str) -> bool:
    """Tell whether it may be an nft script by its name."""
    return "nft" in name[name.rfind("/") + 1 :]


def _is_idle(name: str, text: bytes | None) -> bool:
    if text is None:
        return False
    from nftlint.sieve.idle import is_idle

    return is_idle(name, text)


def opened(items: Iterable[Suspect | Passed | Trouble]) -> Iterator[Passed | Trouble]:
    """Yield the files with their bytes, and what cannot be read."""
    for item in items:
        if isinstance(item, Suspect):
            yield from item.opened()
        else:
            yield item


def read(name: str, *, named: bool = False, known: bool = False) -> tuple[Passed | Trouble, ...]:
    """Return the file if it may matter, or is ``known`` to, or why it cannot be read."""
    try:
        handle = os.open(name, OPENING)
        try:
            data = _start(handle)
            if len(data) > SIZE_LIMIT:
                return _too_large(handle, name, data, named=named)
        finally:
            os.close(handle)
    except OSError as error:
        return (Trouble(name, why(error)),)
    odd = named and b"\0" in data[:_BINARY]
    wanted = known or odd or may_matter(data) or _is_nft(name)
    return (Passed(name, data, named=named),) if wanted else ()


def _start(handle: int) -> bytes:
    """Return a file's bytes, of a larger one up to a byte more than the limit.

    Raises ``OSError``.
    """
    data = os.read(handle, _FIRST)
    return data if len(data) < _FIRST else rest(handle, data, SIZE_LIMIT)


def rest(handle: int, data: bytes, limit: int) -> bytes:
    """Go on with a file, of which ``data`` is read, up to a byte more than the limit.

    Raises ``OSError``.
    """
    pieces = [data]
    left = limit + 1 - len(data)
    size = _SECOND
    while left > 0 and (more := os.read(handle, min(left, size))):
        pieces.append(more)
        left -= len(more)
        size = _PIECE
    return b"".join(pieces)


def _too_large(handle: int, name: str, data: bytes, *, named: bool) -> tuple[Passed, ...]:
    """Return a file that is larger than the limit by its head. Raises ``OSError``."""
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
