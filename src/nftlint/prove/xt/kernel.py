"""Decoders of x_tables matches on what the kernel knows of a packet besides its bytes.

Its flow, its mark, its socket, its route.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from nftlint.prove.conditions import Condition, depends, depends_on_kind, equals, within
from nftlint.prove.fields import (
    CT_DIRECTION,
    CT_MARK,
    CT_STATE,
    CT_STATUS,
    IIF,
    MARK,
    PKTTYPE,
    PROTO,
    SKGID,
    SKUID,
    Field,
    name_value,
)
from nftlint.prove.flows import UNTRACKED
from nftlint.prove.xt import Decoder


def conntrack(_family: str, info: bytes) -> Iterator[Condition]:
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


def state(_family: str, info: bytes) -> Iterator[Condition]:
    """Match the state of a flow, in the old notation."""
    yield _bits(CT_STATE, struct.unpack_from("=I", info)[0], 0)


def _bits(field: Field, mask: int, inverted: int) -> Condition:
    bits = [1 << n for n in range(16) if mask >> n & 1]
    return Condition(field, tuple((bit, bit, bit) for bit in bits), bool(inverted))


def connmark(_family: str, info: bytes) -> Iterator[Condition]:
    """Match the flow's mark under a mask."""
    yield _marked(CT_MARK, info)


def mark(_family: str, info: bytes) -> Iterator[Condition]:
    """Match the packet's mark under a mask."""
    yield _marked(MARK, info)


def _marked(field: Field, info: bytes) -> Condition:
    value, mask, inverted = struct.unpack_from("=IIB", info)
    return Condition(field, ((mask, value, value),), bool(inverted))


def owner(_family: str, info: bytes) -> Iterator[Condition]:
    """Match the user or group of the sending socket (revision 1)."""
    *ends, wanted, inverted = struct.unpack_from("=4IBB", info)
    if wanted & 1:
        yield within(SKUID, ends[0], ends[1], negated=bool(inverted & 1))
    if wanted & 2:
        yield within(SKGID, ends[2], ends[3], negated=bool(inverted & 2))
    if wanted & ~3:
        raise NotImplementedError("owner by socket or supplementary group")


def pkttype(_family: str, info: bytes) -> Iterator[Condition]:
    """Match unicast, broadcast or multicast of the link layer."""
    kind, inverted = struct.unpack_from("=ii", info)
    yield equals(PKTTYPE, kind, negated=bool(inverted))


def addrtype(family: str, info: bytes) -> Iterator[Condition]:
    """Match the kind of the source or destination address (revision 1)."""
    source, destination, flags = struct.unpack_from("=HHI", info)
    if flags & ~3:
        raise NotImplementedError("addrtype limited to an interface")
    if source:
        yield depends_on_kind(family, source=True)
    if destination:
        yield depends_on_kind(family, source=False)


def rpfilter(_family: str, _info: bytes) -> Iterator[Condition]:
    """Match where the way back leads to the arriving interface, which here is one of those out."""
    yield depends(IIF, name_value("nl2"), name_value("nl0"))


def comment(_family: str, _info: bytes) -> Iterator[Condition]:
    """Match every packet."""
    yield from ()


DECODERS: dict[str, Decoder] = {
    "addrtype": addrtype,
    "comment": comment,
    "connmark": connmark,
    "conntrack": conntrack,
    "mark": mark,
    "owner": owner,
    "pkttype": pkttype,
    "rpfilter": rpfilter,
    "state": state,
}
