"""Decoders of x_tables matches that have no memory: blob to conditions.

Layouts from ``include/uapi/linux/netfilter/xt_*.h`` and ``netfilter_ipv4/ipt_*.h``; host byte
order but for addresses. One small function per match, registered by its name.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from nftlint.prove.conditions import (
    CT_DIRECTION,
    CT_MARK,
    CT_STATE,
    CT_STATUS,
    DPORT,
    IIF,
    LENGTH,
    MARK,
    MSS,
    PKTTYPE,
    PROTO,
    SKGID,
    SKUID,
    SPORT,
    Condition,
    Field,
    depends,
    depends_on_kind,
    equals,
    name_value,
    within,
)

EXTENSION: Field = ("extension", 0, 1)
UNTRACKED = 64
Decoder = Callable[[str, int, bytes], Iterator[Condition]]
SADDR = {"ip": ("nh", 12, 4), "ip6": ("nh", 8, 16)}
DADDR = {"ip": ("nh", 16, 4), "ip6": ("nh", 24, 16)}
HOPS = {"ip": ("nh", 8, 1), "ip6": ("nh", 7, 1)}
TCP_FLAGS: Field = ("th", 13, 1)


def multiport(_family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match 1 to 15 ports or ranges, of source (0), destination (1) or either (2)."""
    which, count, *ports = struct.unpack_from("=BB15H15BB", info)
    alts, at = [], 0
    while at < count:
        span = ports[15 + at]
        alts.append((0xFFFF, ports[at], ports[at + span]))
        at += 1 + span
    for field in ((SPORT,), (DPORT,), (SPORT, DPORT))[which]:
        yield Condition(field, tuple(alts), bool(ports[30]), open=which == EITHER)


EITHER = 2


def iprange(family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match address ranges: source (flag 1, inverted 16), destination (2, 32)."""
    size = 4 if family == "ip" else 16
    ends = [int.from_bytes(info[at : at + size], "big") for at in (0, 16, 32, 48)]
    flags = info[64]
    if flags & 1:
        yield within(SADDR[family], ends[0], ends[1], negated=bool(flags & 0x10))
    if flags & 2:
        yield within(DADDR[family], ends[2], ends[3], negated=bool(flags & 0x20))


def conntrack(_family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match state, status, protocol and direction of a flow (revision 3)."""
    protocol, *_ports, flags, inverted, states, statuses = struct.unpack_from("=H4HHHHH", info, 136)
    if flags & 1:
        yield _states(states, inverted & 1)
    if flags & 1 << 1:
        yield equals(PROTO, protocol, negated=bool(inverted & 2))
    if flags & 1 << 6:
        yield _bits(CT_STATUS, statuses, inverted & 1 << 6)
    if flags & 1 << 12:
        yield equals(CT_DIRECTION, 1 if inverted & 1 << 12 else 0)
    known = 1 | 1 << 1 | 1 << 6 | 1 << 12 | 1 << 13
    if flags & ~known:
        raise NotImplementedError("conntrack addresses, ports or expiry")


def _states(mask: int, inverted: int) -> Condition:
    """Return a condition on the state, in nft's numbers.

    Bits 6 and 7 are SNAT and DNAT, which are bits of the status; bit 8 is untracked.
    """
    translated = mask >> 6 & 3
    tracked = mask & 0x3F | (UNTRACKED if mask & 0x100 else 0)
    if not translated:
        return _bits(CT_STATE, tracked, inverted)
    if tracked:
        raise NotImplementedError("a state or a translation")
    return _bits(CT_STATUS, translated << 4, inverted)


def rpfilter(_family: str, _revision: int, _info: bytes) -> Iterator[Condition]:
    """Match where the way back leads to the arriving interface, which here is one of those out."""
    yield depends(IIF, name_value("nl2"), name_value("nl0"))


def state(_family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match the state of a flow, in the old notation."""
    yield _bits(CT_STATE, struct.unpack_from("=I", info)[0], 0)


def _bits(field: Field, mask: int, inverted: int) -> Condition:
    bits = [1 << n for n in range(16) if mask >> n & 1]
    return Condition(field, tuple((bit, bit, bit) for bit in bits), bool(inverted))


def icmp(_family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match type and a range of codes; type 255 is any, inverted by flag 1."""
    kind, low, high, inverted = struct.unpack_from("=4B", info)
    if kind == 0xFF and (low, high) == (0, 0xFF):
        return
    if (low, high) != (0, 0xFF):
        if inverted & 1:
            raise NotImplementedError("icmp type and code inverted together")
        yield within(("th", 1, 1), low, high)
    yield equals(("th", 0, 1), kind, negated=bool(inverted & 1))


def hops(family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match ttl or hop limit: equal, not equal, less, greater."""
    mode, value = info[0], info[1]
    field = HOPS[family]
    if mode in (0, 1):
        yield equals(field, value, negated=mode == 1)
    else:
        yield within(field, 0, value - 1) if mode == 2 else within(field, value + 1, 255)


def length(_family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match the length of the packet from its network header on."""
    low, high, inverted = struct.unpack_from("=HHB", info)
    yield within(LENGTH, low, high, negated=bool(inverted))


def dscp(family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match the six upper bits of the type of service."""
    yield _tos(family, 0xFC, info[0] << 2, bool(info[1]))


def tos(family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match masked bits of the type of service (revision 1)."""
    yield _tos(family, info[0], info[1], bool(info[2]))


def _tos(family: str, mask: int, value: int, negated: bool) -> Condition:  # noqa: FBT001
    if family == "ip":
        return Condition(("nh", 1, 1), ((mask, value, value),), negated)
    return Condition(("nh", 0, 4), ((mask << 20, value << 20, value << 20),), negated)


def ecn(family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match the two lower bits of the type of service, or the TCP flags ECE and CWR."""
    operation, inverted, ect, flags = struct.unpack_from("=4B", info)
    if operation & 1:
        yield _tos(family, 3, ect, bool(inverted & 1))
    for bit, flag in ((0x10, 0x40), (0x20, 0x80)):
        if operation & bit:
            yield Condition(TCP_FLAGS, ((flag, flag, flag),), bool(inverted & bit))
    del flags


def addrtype(family: str, revision: int, info: bytes) -> Iterator[Condition]:
    """Match the kind of the source or destination address (revision 1)."""
    source, destination, flags = struct.unpack_from("=HHI", info)
    if revision != 1 or flags & ~3:
        raise NotImplementedError("addrtype limited to an interface")
    if source:
        yield depends_on_kind(family, source=True)
    if destination:
        yield depends_on_kind(family, source=False)


def ipv6header(_family: str, _revision: int, _info: bytes) -> Iterator[Condition]:
    """Match which extension headers there are, before which protocol."""
    yield depends(EXTENSION, 0, 1, 2, 3)


def tcpmss(_family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match the size in TCP's maximum segment size option."""
    low, high, inverted = struct.unpack_from("=HHB", info)
    yield within(MSS, low, high, negated=bool(inverted))


def owner(_family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match the user or group of the sending socket (revision 1)."""
    *ends, wanted, inverted = struct.unpack_from("=4IBB", info)
    if wanted & 1:
        yield within(SKUID, ends[0], ends[1], negated=bool(inverted & 1))
    if wanted & 2:
        yield within(SKGID, ends[2], ends[3], negated=bool(inverted & 2))
    if wanted & ~3:
        raise NotImplementedError("owner by socket or supplementary group")


def pkttype(_family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match unicast, broadcast or multicast of the link layer."""
    kind, inverted = struct.unpack_from("=ii", info)
    yield equals(PKTTYPE, kind, negated=bool(inverted))


def mac(_family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match the link layer's source address."""
    inverted = struct.unpack_from("=i", info, 8)[0]
    yield equals(("ll", 6, 6), int.from_bytes(info[:6], "big"), negated=bool(inverted))


def mark(_family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match the packet's mark under a mask."""
    yield _marked(MARK, info)


def connmark(_family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match the flow's mark under a mask."""
    yield _marked(CT_MARK, info)


def _marked(field: Field, info: bytes) -> Condition:
    value, mask, inverted = struct.unpack_from("=IIB", info)
    return Condition(field, ((mask, value, value),), bool(inverted))


def sctp(_family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match the ports of SCTP; chunks are not decoded."""
    ports = struct.unpack_from("=4H", info)
    flags, inverted = struct.unpack_from("=II", info, 284)
    yield from _ports(ports, flags, inverted)
    if flags & ~3:
        raise NotImplementedError("sctp chunks")


def dccp(_family: str, _revision: int, info: bytes) -> Iterator[Condition]:
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


def tcp(_family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match ports and flags of TCP, as older iptables do; an option is not decoded."""
    *ports, option, mask, wanted, inverted = struct.unpack_from("=4H4B", info)
    yield from _port_ranges(tuple(ports), inverted)
    if mask:
        yield Condition(TCP_FLAGS, ((mask, wanted, wanted),), bool(inverted & 4))
    if option:
        raise NotImplementedError("a TCP option")


def udp(_family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match the ports of UDP, as older iptables do."""
    *ports, inverted = struct.unpack_from("=4HB", info)
    yield from _port_ranges(tuple(ports), inverted)


def _port_ranges(ports: tuple[int, ...], inverted: int) -> Iterator[Condition]:
    """Yield conditions on source and destination ports that do not allow every port."""
    for at, field in ((0, SPORT), (2, DPORT)):
        if ports[at : at + 2] != (0, 0xFFFF) or inverted & 1 << at // 2:
            yield within(field, ports[at], ports[at + 1], negated=bool(inverted & 1 << at // 2))


def esp(_family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match the security parameter index of ESP."""
    low, high, inverted = struct.unpack_from("=IIB", info)
    yield within(("th", 0, 4), low, high, negated=bool(inverted & 1))


def ah(family: str, _revision: int, info: bytes) -> Iterator[Condition]:
    """Match the security parameter index of AH, over IPv4."""
    if family != "ip":
        raise NotImplementedError("ah over IPv6")
    low, high, inverted = struct.unpack_from("=IIB", info)
    yield within(("th", 4, 4), low, high, negated=bool(inverted & 1))


def comment(_family: str, _revision: int, _info: bytes) -> Iterator[Condition]:
    """Match every packet."""
    yield from ()


# The layouts above are those of these revisions; a match that is not here has had only one.
REVISIONS = {
    "addrtype": 1,
    "connmark": 1,
    "conntrack": 3,
    "iprange": 1,
    "mark": 1,
    "multiport": 1,
    "owner": 1,
    "tos": 1,
}
DECODERS: dict[str, Decoder] = {
    "addrtype": addrtype,
    "ah": ah,
    "comment": comment,
    "connmark": connmark,
    "conntrack": conntrack,
    "dccp": dccp,
    "dscp": dscp,
    "ecn": ecn,
    "esp": esp,
    "hl": hops,
    "icmp": icmp,
    "icmp6": icmp,
    "iprange": iprange,
    "ipv6header": ipv6header,
    "length": length,
    "mac": mac,
    "mark": mark,
    "multiport": multiport,
    "owner": owner,
    "pkttype": pkttype,
    "rpfilter": rpfilter,
    "sctp": sctp,
    "state": state,
    "tcp": tcp,
    "tcpmss": tcpmss,
    "tos": tos,
    "ttl": hops,
    "udp": udp,
}
