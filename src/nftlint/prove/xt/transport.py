"""Decoders of x_tables matches on the transport header."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from nftlint.prove.conditions import Condition, equals, within
from nftlint.prove.fields import DPORT, MSS, SPORT, TCP_FLAGS
from nftlint.prove.xt import Decoder

EITHER = 2


def multiport(_family: str, info: bytes) -> Iterator[Condition]:
    """Match 1 to 15 ports or ranges, of source (0), destination (1) or either (2)."""
    which, count, *ports = struct.unpack_from("=BB15H15BB", info)
    alts, at = [], 0
    while at < count:
        span = ports[15 + at]
        alts.append((0xFFFF, ports[at], ports[at + span]))
        at += 1 + span
    for field in ((SPORT,), (DPORT,), (SPORT, DPORT))[which]:
        yield Condition(field, tuple(alts), bool(ports[30]), open=which == EITHER)


def tcp(_family: str, info: bytes) -> Iterator[Condition]:
    """Match ports and flags of TCP, as older iptables do; an option is not decoded."""
    *ports, option, mask, wanted, inverted = struct.unpack_from("=4H4B", info)
    yield from _port_ranges(tuple(ports), inverted)
    if mask:
        yield Condition(TCP_FLAGS, ((mask, wanted, wanted),), bool(inverted & 4))
    if option:
        raise NotImplementedError("a TCP option")


def udp(_family: str, info: bytes) -> Iterator[Condition]:
    """Match the ports of UDP, as older iptables do."""
    *ports, inverted = struct.unpack_from("=4HB", info)
    yield from _port_ranges(tuple(ports), inverted)


def _port_ranges(ports: tuple[int, ...], inverted: int) -> Iterator[Condition]:
    """Yield conditions on source and destination ports that do not allow every port."""
    for at, field in ((0, SPORT), (2, DPORT)):
        if ports[at : at + 2] != (0, 0xFFFF) or inverted & 1 << at // 2:
            yield within(field, ports[at], ports[at + 1], negated=bool(inverted & 1 << at // 2))


def sctp(_family: str, info: bytes) -> Iterator[Condition]:
    """Match the ports of SCTP; chunks are not decoded."""
    ports = struct.unpack_from("=4H", info)
    flags, inverted = struct.unpack_from("=II", info, 284)
    yield from _ports(ports, flags, inverted)
    if flags & ~3:
        raise NotImplementedError("sctp chunks")


def dccp(_family: str, info: bytes) -> Iterator[Condition]:
    """Match the ports and the packet type of DCCP; options are not decoded."""
    *ports, flags, inverted, types = struct.unpack_from("=4HHHH", info)
    yield from _ports(tuple(ports), flags, inverted)
    if flags & 4:
        kinds = [kind << 1 for kind in range(16) if types >> kind & 1]
        alts = tuple((0x1E, kind, kind) for kind in kinds)
        yield Condition(("th", 8, 1), alts, bool(inverted & 4))
    if flags & 8:
        raise NotImplementedError("dccp options")


def _ports(ports: tuple[int, ...], flags: int, inverted: int) -> Iterator[Condition]:
    if flags & 1:
        yield within(SPORT, ports[2], ports[3], negated=bool(inverted & 1))
    if flags & 2:
        yield within(DPORT, ports[0], ports[1], negated=bool(inverted & 2))


def icmp(_family: str, info: bytes) -> Iterator[Condition]:
    """Match type and a range of codes; type 255 is any, inverted by flag 1."""
    kind, low, high, inverted = struct.unpack_from("=4B", info)
    if kind == 0xFF and (low, high) == (0, 0xFF):
        return
    if (low, high) != (0, 0xFF):
        if inverted & 1:
            raise NotImplementedError("icmp type and code inverted together")
        yield within(("th", 1, 1), low, high)
    yield equals(("th", 0, 1), kind, negated=bool(inverted & 1))


def tcpmss(_family: str, info: bytes) -> Iterator[Condition]:
    """Match the size in TCP's maximum segment size option."""
    low, high, inverted = struct.unpack_from("=HHB", info)
    yield within(MSS, low, high, negated=bool(inverted))


def esp(_family: str, info: bytes) -> Iterator[Condition]:
    """Match the security parameter index of ESP."""
    low, high, inverted = struct.unpack_from("=IIB", info)
    yield within(("th", 0, 4), low, high, negated=bool(inverted & 1))


def ah(family: str, info: bytes) -> Iterator[Condition]:
    """Match the security parameter index of AH, over IPv4."""
    if family != "ip":
        raise NotImplementedError("ah over IPv6")
    low, high, inverted = struct.unpack_from("=IIB", info)
    yield within(("th", 4, 4), low, high, negated=bool(inverted & 1))


DECODERS: dict[str, Decoder] = {
    "ah": ah,
    "dccp": dccp,
    "esp": esp,
    "icmp": icmp,
    "icmp6": icmp,
    "multiport": multiport,
    "sctp": sctp,
    "tcp": tcp,
    "tcpmss": tcpmss,
    "udp": udp,
}
