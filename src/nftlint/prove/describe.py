"""Packets in words, for the detail of a verdict."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from nftlint.prove import conditions as c
from nftlint.prove.conditions import Field, value_name
from nftlint.prove.packet import EXTENSION, FRAGMENT, SADDR, TCP, build
from nftlint.prove.space import INWARD, OUTWARD, VIA, Assignment

_PROTOCOLS = {1: "icmp", 6: "tcp", 17: "udp", 33: "dccp", 47: "gre", 50: "esp", 51: "ah"}
_PROTOCOLS |= {58: "icmpv6", 132: "sctp", 136: "udplite"}
_FLAGS = ("fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr")
_FRAGMENTS = {1: "first fragment", 2: "later fragment"}
_PORTS = {6, 17, 33, 132, 136}


def describe(family: str, assignment: Assignment) -> str:
    """Return one line that names the packet."""
    return " ".join(_parts(family, assignment))


def _parts(family: str, assignment: Assignment) -> Iterator[str]:
    data = build(family, assignment)
    at, size = (12, 4) if family == "ip" else (8, 16)
    protocol = assignment.get(c.PROTO, TCP)
    ends = [data[at : at + size], data[at + size : at + 2 * size]]
    ports = [assignment.get(field) for field in (c.SPORT, c.DPORT)]
    yield _PROTOCOLS.get(protocol, f"protocol {protocol}")
    yield " > ".join(
        str(ipaddress.ip_address(end))
        + (f" port {port}" if port is not None and protocol in _PORTS else "")
        for end, port in zip(ends, ports, strict=True)
    )
    yield from _ways(assignment)
    if protocol == TCP:
        flags = assignment.get(("th", 13, 1), 2)
        yield "flags " + (",".join(n for i, n in enumerate(_FLAGS) if flags >> i & 1) or "none")
    if assignment.get(FRAGMENT):
        yield _FRAGMENTS[assignment[FRAGMENT]]
    if assignment.get(EXTENSION):
        yield "with an extension header"
    yield from _rest(family, assignment)


def _ways(assignment: Assignment) -> Iterator[str]:
    if assignment[VIA] != OUTWARD:
        yield f"in by {value_name(assignment[c.IIF])}"
    if assignment[VIA] != INWARD:
        yield f"out by {value_name(assignment[c.OIF])}"


def _rest(family: str, assignment: Assignment) -> Iterator[str]:
    start = 12 if family == "ip" else 8
    said = {
        ("nh", start, len(SADDR[family])),
        ("nh", start + len(SADDR[family]), len(SADDR[family])),
    }
    said |= {c.PROTO, c.IIF, c.OIF, c.SPORT, c.DPORT, ("th", 13, 1), VIA, FRAGMENT, EXTENSION}
    for field, value in assignment.items():
        if field not in said:
            yield f"{_name(field)} {value:#x}"


def _name(field: Field) -> str:
    known = {c.MARK: "mark", c.LENGTH: "length", c.PKTTYPE: "pkttype", c.SKUID: "skuid"}
    known |= {c.SKGID: "skgid", c.CT_STATE: "ct-state", c.CT_MARK: "ct-mark"}
    return known.get(field, f"@{field[0]},{field[1] * 8},{field[2] * 8}")
