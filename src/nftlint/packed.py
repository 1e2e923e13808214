"""gzip: texts that are packed, in a payload or as a file of their own (user-data may be one)."""

from __future__ import annotations

import zlib
from pathlib import Path

from nftlint.needles import GZIP
from nftlint.record import dataclass

MAGIC = GZIP + b"\x08"
"""How gzip begins with the one method there is (RFC 1952, 2.3.1)."""

MAX_UNPACKED = 16 * 1024 * 1024
"""Larger texts (bytes, unpacked) are not read: a small gzip may hold any amount."""

_MEMBERS = 64
"""What follows so many members is not read: each costs a copy of all that follow it."""

_CRC, _EXTRA, _NAME, _COMMENT = 2, 4, 8, 16
_FIXED = 10


@dataclass(frozen=True, slots=True)
class Packed:
    """What gzip data holds. ``header`` is the file's own, for writing it again.

    ``wrong`` says, where it is not empty, why ``data`` is not all of it.
    """

    data: bytes
    header: bytes
    wrong: str = ""


def unpack(data: bytes, limit: int = MAX_UNPACKED) -> Packed:
    """Return what gzip data holds, of several members one after another, up to ``limit`` bytes."""
    header = data[: _header_end(data)]
    parts: list[bytes] = []
    room = limit
    for _ in range(_MEMBERS):
        unpacker = zlib.decompressobj(wbits=31)
        try:
            parts.append(unpacker.decompress(data, room + 1))
        except zlib.error as error:
            return Packed(b"".join(parts), header, f"not valid gzip: {error}")
        room -= len(parts[-1])
        if room < 0:
            whole = b"".join(parts)[:limit]
            return Packed(whole, header, f"it unpacks to more than {limit // 1024 // 1024} MB")
        if not unpacker.eof:
            return Packed(b"".join(parts), header, "the gzip data ends too early")
        data = unpacker.unused_data.lstrip(b"\0")  # gzip itself passes over such padding
        if not data:
            return Packed(b"".join(parts), header)
    return Packed(b"".join(parts), header, f"it has more than {_MEMBERS} members")


def unpacked_name(path: Path) -> Path:
    """Return what a file of gzip is called when it is unpacked."""
    return path.with_suffix("") if path.suffix == ".gz" else path


def beginning(data: bytes, limit: int) -> bytes:
    """Return up to ``limit`` bytes of what gzip data holds, though it may be spoiled further on."""
    for size in (limit, 512):
        try:
            return zlib.decompressobj(wbits=-15).decompress(data[_header_end(data) :], size)
        except zlib.error:
            continue
    return b""


def pack(data: bytes, header: bytes) -> bytes:
    """Return ``data`` as gzip with this header, so that the time and the name in it stay."""
    packer = zlib.compressobj(9, wbits=-15)
    trailer = zlib.crc32(data).to_bytes(4, "little") + (len(data) % 2**32).to_bytes(4, "little")
    return header + packer.compress(data) + packer.flush() + trailer


def _header_end(data: bytes) -> int:
    """Return how long the header is (RFC 1952, 2.3)."""
    flags = data[3] if len(data) > _FIXED else 0
    at = _FIXED
    if flags & _EXTRA:
        at += 2 + int.from_bytes(data[at : at + 2], "little")
    for flag in (_NAME, _COMMENT):
        if flags & flag:
            at = data.find(b"\0", at) + 1 or len(data)
    return at + 2 if flags & _CRC else at
