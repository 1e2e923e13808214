"""Decoders of x_tables matches on the headers of the link and the network layer."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from nftlint.prove.conditions import Condition, depends, equals, within
from nftlint.prove.fields import ADDRESSES, EXTENSION, HOPS, LENGTH, TCP_FLAGS
from nftlint.prove.xt import Decoder


def mac(_family: str, info: bytes) -> Iterator[Condition]:
    """Match the link layer's source address."""
    inverted = struct.unpack_from("=i", info, 8)[0]
    yield equals(("ll", 6, 6), int.from_bytes(info[:6], "big"), negated=bool(inverted))


def iprange(family: str, info: bytes) -> Iterator[Condition]:
    """Match address ranges: source (flag 1, inverted 16), destination (2, 32)."""
    size = 4 if family == "ip" else 16
    ends = [int.from_bytes(info[at : at + size], "big") for at in (0, 16, 32, 48)]
    flags = info[64]
    if flags & 1:
        yield within(ADDRESSES[family][0], ends[0], ends[1], negated=bool(flags & 0x10))
    if flags & 2:
        yield within(ADDRESSES[family][1], ends[2], ends[3], negated=bool(flags & 0x20))


def hops(family: str, info: bytes) -> Iterator[Condition]:
    """Match ttl or hop limit: equal, not equal, less, greater."""
    mode, value = info[0], info[1]
    field = HOPS[family]
    if mode in (0, 1):
        yield equals(field, value, negated=mode == 1)
    else:
        yield within(field, 0, value - 1) if mode == 2 else within(field, value + 1, 255)


def length(_family: str, info: bytes) -> Iterator[Condition]:
    """Match the length of the packet from its network header on."""
    low, high, inverted = struct.unpack_from("=HHB", info)
    yield within(LENGTH, low, high, negated=bool(inverted))


def dscp(family: str, info: bytes) -> Iterator[Condition]:
    """Match the six upper bits of the type of service."""
    yield _tos(family, 0xFC, info[0] << 2, negated=bool(info[1]))


def tos(family: str, info: bytes) -> Iterator[Condition]:
    """Match masked bits of the type of service (revision 1)."""
    yield _tos(family, info[0], info[1], negated=bool(info[2]))


def _tos(family: str, mask: int, value: int, *, negated: bool) -> Condition:
    if family == "ip":
        return Condition(("nh", 1, 1), ((mask, value, value),), negated)
    return Condition(("nh", 0, 4), ((mask << 20, value << 20, value << 20),), negated)


def ecn(family: str, info: bytes) -> Iterator[Condition]:
    """Match the two lower bits of the type of service, or the TCP flags ECE and CWR."""
    operation, inverted, ect = struct.unpack_from("=3B", info)
    if operation & 1:
        yield _tos(family, 3, ect, negated=bool(inverted & 1))
    for bit, flag in ((0x10, 0x40), (0x20, 0x80)):
        if operation & bit:
            yield Condition(TCP_FLAGS, ((flag, flag, flag),), bool(inverted & bit))


def ipv6header(_family: str, _info: bytes) -> Iterator[Condition]:
    """Match which extension headers there are, before which protocol."""
    yield depends(EXTENSION, 0, 1, 2, 3)


DECODERS: dict[str, Decoder] = {
    "dscp": dscp,
    "ecn": ecn,
    "hl": hops,
    "iprange": iprange,
    "ipv6header": ipv6header,
    "length": length,
    "mac": mac,
    "tos": tos,
    "ttl": hops,
}
