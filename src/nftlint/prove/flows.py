"""Connections as conntrack entries, put into the kernel before the packet that meets them. Pure.

A packet is made *established* by an entry of its own flow, *related* by an expectation of it that
another flow has, *reply* by an entry in the other direction. What state the packet then really had
is observed, not assumed. Layouts from ``linux/netfilter/nfnetlink_conntrack.h``.
"""

from __future__ import annotations

import struct

from nftlint.prove import fields as f
from nftlint.prove.netlink import CT_EXPECTATIONS, CTNETLINK, FAMILY_NUMBERS, attr, nest, nfgen
from nftlint.prove.packet import ICMP, ICMP6, PORTED, TCP, Values, addresses, build

NEW_FLOW, NEW_EXPECTATION = CTNETLINK | 0, CT_EXPECTATIONS | 0
INVALID, ESTABLISHED, RELATED, NEW, UNTRACKED = 1, 2, 4, 8, 64
STATES = (ESTABLISHED, RELATED, NEW, INVALID, UNTRACKED)
SEEN_REPLY, ASSURED, CONFIRMED = 2, 4, 8
SOURCE_CHANGED, DESTINATION_CHANGED = 16, 32
STATUSES = (
    SEEN_REPLY | ASSURED | CONFIRMED,
    SEEN_REPLY | CONFIRMED,
    CONFIRMED,
    SEEN_REPLY | ASSURED | CONFIRMED | SOURCE_CHANGED,
    SEEN_REPLY | ASSURED | CONFIRMED | DESTINATION_CHANGED,
)
ORIGINAL, REPLY = 0, 1
_ELSEWHERE = {"ip": bytes([198, 18, 7, 7]), "ip6": bytes.fromhex("20010db8" + "07" * 12)}
_MASTER = 30021

Request = tuple[int, str]


def requests(family: str, values: Values) -> list[Request]:
    """Return the netlink requests that give a packet the flow its values ask for."""
    state = values.get(f.CT_STATE, NEW)
    marked = values.get(f.CT_MARK, 0)
    reply = values.get(f.CT_DIRECTION, ORIGINAL) == REPLY
    status = values.get(f.CT_STATUS, 0)
    if state == RELATED:
        return _related(family, values)
    if state == ESTABLISHED or marked or reply or status & (SEEN_REPLY | ASSURED):
        bits = status | CONFIRMED if status & CONFIRMED else STATUSES[0]
        return [_flow(family, values, bits, marked, reply=reply)]
    return []


def _flow(family: str, values: Values, status: int, mark: int, *, reply: bool) -> Request:
    there, back = _tuples(family, values)
    ends = (back, there) if reply else (there, back)
    told = status & ~(SOURCE_CHANGED | DESTINATION_CHANGED)
    body = nest(1, ends[0]) + nest(2, ends[1]) + _number(3, told) + _number(7, 3000)
    for bit, kind in ((SOURCE_CHANGED, 6), (DESTINATION_CHANGED, 13)):
        if status & bit:
            body += nest(kind, attr(1 if family == "ip" else 4, _ELSEWHERE[family]))
    if mark:
        body += _number(8, mark)
    if values.get(f.PROTO, TCP) == TCP:
        liberal = b"\x08\x08"
        body += nest(4, nest(1, attr(1, b"\x03"), attr(4, liberal), attr(5, liberal)))
    return NEW_FLOW, (nfgen(FAMILY_NUMBERS[family]) + body).hex()


def _related(family: str, values: Values) -> list[Request]:
    """Return a master flow with a helper, and its expectation of the packet's flow."""
    there, _ = _tuples(family, values)
    source, dest = addresses(family, build(family, values))
    master = [_tuple(family, source, dest, TCP, _MASTER, 21)]
    master.append(_tuple(family, dest, source, TCP, 21, _MASTER))
    head = nfgen(FAMILY_NUMBERS[family])
    tcp = nest(4, nest(1, attr(1, b"\x03")))
    flow = nest(1, master[0]) + nest(2, master[1]) + _number(3, STATUSES[0]) + _number(7, 3000)
    flow += tcp + nest(5, attr(1, b"ftp\0"))
    size = len(source)
    everything = _tuple(family, b"\xff" * size, b"\xff" * size, values.get(f.PROTO, TCP), -1, -1)
    expected = nest(1, master[0]) + nest(2, there) + nest(3, everything) + _number(4, 3000)
    return [(NEW_FLOW, (head + flow).hex()), (NEW_EXPECTATION, (head + expected).hex())]


def _number(kind: int, value: int) -> bytes:
    return attr(kind, struct.pack(">I", value))


def _tuples(family: str, values: Values) -> tuple[bytes, bytes]:
    """Return the packet's own tuple and that of an answer to it."""
    source, dest = addresses(family, build(family, values))
    protocol = values.get(f.PROTO, TCP)
    ends = values.get(f.SPORT, 40000), values.get(f.DPORT, 9)
    if protocol in (ICMP, ICMP6):
        kinds = (8, 0) if protocol == ICMP else (128, 129)
        return (
            _icmp(family, source, dest, protocol, kinds[0]),
            _icmp(family, dest, source, protocol, kinds[1]),
        )
    return (
        _tuple(family, source, dest, protocol, *ends),
        _tuple(family, dest, source, protocol, ends[1], ends[0]),
    )


def _tuple(  # noqa: PLR0913, PLR0917 - a tuple has these many parts
    family: str, source: bytes, dest: bytes, protocol: int, sport: int, dport: int
) -> bytes:
    ports = attr(2, struct.pack(">H", sport & 0xFFFF)) + attr(3, struct.pack(">H", dport & 0xFFFF))
    return _ends(family, source, dest) + nest(
        2, attr(1, bytes([protocol])), ports if protocol in PORTED else b""
    )


def _icmp(family: str, source: bytes, dest: bytes, protocol: int, kind: int) -> bytes:
    first = 4 if protocol == ICMP else 7
    parts = attr(first, struct.pack(">H", 77)) + attr(first + 1, bytes([kind]))
    parts += attr(first + 2, b"\0")
    return _ends(family, source, dest) + nest(2, attr(1, bytes([protocol])), parts)


def _ends(family: str, source: bytes, dest: bytes) -> bytes:
    kinds = (1, 2) if family == "ip" else (3, 4)
    return nest(1, attr(kinds[0], source), attr(kinds[1], dest))
