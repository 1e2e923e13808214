"""Packets for ``crossing.py``: to the loopback address, in hexadecimal, made without nftlint."""

from __future__ import annotations

import struct
from collections.abc import Iterator

LOOPBACK = bytes(15) + b"\1"
NEXT_NONE = 59


def ip4(protocol: int, payload: bytes, *, fragment: int = 0, tos: int = 0) -> str:
    """Return an IPv4 packet; the kernel fills in the checksum."""
    length = 20 + len(payload)
    head = struct.pack(">BBHHHBBH", 0x45, tos, length, 77, fragment, 64, protocol, 0)
    return (head + b"\x7f\0\0\1" * 2 + payload).hex()


def ip6(*headers: tuple[int, bytes], last: int = NEXT_NONE, payload: bytes = b"") -> str:
    """Return an IPv6 packet: headers with their own numbers, each but for its first byte."""
    kinds = [number for number, _ in headers] + [last]
    chain = b"".join(
        bytes([after]) + rest for (_, rest), after in zip(headers, kinds[1:], strict=True)
    )
    body = chain + payload
    return (struct.pack(">IHBB", 6 << 28, len(body), kinds[0], 64) + LOOPBACK * 2 + body).hex()


UDP = struct.pack(">HHHH", 4000, 9, 12, 0) + b"data"
HOP, ROUTING, FRAGMENT, AH, DESTINATION, MOBILITY = 0, 43, 44, 51, 60, 135


def options(length: int = 0) -> bytes:
    """Return a header of options that do nothing, without its first byte."""
    size = 8 * (length + 1) - 4
    return bytes([length, 1, size]) + bytes(size)


def routing(kind: int, left: int, length: int = 2) -> bytes:
    """Return a routing header without its first byte."""
    return bytes([length, kind, left]) + bytes(4 + 8 * length)


def fragment(offset: int, *, more: bool, number: int, reserved: int = 0) -> bytes:
    """Return a fragment header without its first byte; ``offset`` in units of eight bytes."""
    return struct.pack(">BHI", reserved, offset << 3 | more, number)


def authentication(index: int, length: int = 4, reserved: int = 0) -> bytes:
    """Return an authentication header without its first byte."""
    return struct.pack(">BHII", length, reserved, index, 1) + bytes(4 * (length + 2) - 12)


def mobility(kind: int, length: int = 0) -> bytes:
    """Return a mobility header, whole."""
    return bytes([NEXT_NONE, length, kind, 0]) + bytes(4 + 8 * length)


def tcp(options_: bytes = b"", flags: int = 2) -> bytes:
    """Return a TCP header with options, which have to be multiples of four bytes."""
    size = 5 + len(options_) // 4
    return struct.pack(">HHIIBBHHH", 4000, 9, 1, 0, size << 4, flags, 100, 0, 0) + options_


def sctp(*kinds: int) -> bytes:
    """Return an SCTP packet of chunks without content."""
    return struct.pack(">HHII", 4000, 9, 1, 0) + b"".join(
        struct.pack(">BBHI", kind, 0, 8, 1) for kind in kinds
    )


def dccp(kind: int) -> bytes:
    """Return a DCCP packet of a type."""
    return struct.pack(">HHBBHBBHI", 4000, 9, 6, 0, 0, kind << 1 | 1, 0, 0, 7) + bytes(8)


def ipcomp(index: int) -> bytes:
    """Return the header of a compressed packet."""
    return struct.pack(">BBH", NEXT_NONE, 0, index) + bytes(8)


def extensions() -> Iterator[str]:
    """Yield IPv6 packets with all kinds of extension headers."""
    hop, dest = (HOP, options()), (DESTINATION, options())
    for chain in (
        (),
        (hop,),
        (dest,),
        (hop, dest),
        ((HOP, options(1)),),
        ((DESTINATION, options(2)),),
        (hop, (ROUTING, routing(0, 0)), dest),
        ((ROUTING, routing(2, 0)),),
        ((ROUTING, routing(0, 2)),),
        ((ROUTING, routing(2, 1)),),
        ((ROUTING, routing(3, 0, 4)),),
        ((ROUTING, routing(4, 0)), dest),
        (dest, (ROUTING, routing(1, 0)), (DESTINATION, options(3))),
        ((FRAGMENT, fragment(0, more=False, number=7)),),
        ((FRAGMENT, fragment(0, more=False, number=70000)), dest),
        (hop, (FRAGMENT, fragment(0, more=False, number=8))),
        ((FRAGMENT, fragment(0, more=True, number=9)),),
        ((FRAGMENT, fragment(2, more=False, number=10)),),
        ((AH, authentication(100)),),
        ((AH, authentication(101)), dest),
        (hop, (AH, authentication(100, 5))),
        (dest, (AH, authentication(300, 4, 7))),
    ):
        yield ip6(*chain, last=17, payload=UDP)
        yield ip6(*chain)
    for kind in (0, 1, 5, 6):
        yield ip6(last=MOBILITY, payload=mobility(kind))
        yield ip6(hop, last=MOBILITY, payload=mobility(kind, 1))
    yield ip6(last=50, payload=bytes(16))
    yield ip6(last=6, payload=tcp())
