"""Packets in words, for the detail of a verdict."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from nftlint.prove import fields as f
from nftlint.prove.fields import Field, value_name
from nftlint.prove.packet import FLAG_SYN, PORTED, TCP, addresses, build
from nftlint.prove.space import Assignment

_PROTOCOLS = {1: "icmp", 6: "tcp", 17: "udp", 33: "dccp", 47: "gre", 50: "esp", 51: "ah"}
_PROTOCOLS |= {58: "icmpv6", 132: "sctp", 136: "udplite"}
_FLAGS = ("fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr")
_FRAGMENTS = {1: "first fragment", 2: "later fragment"}


def describe(family: str, assignment: Assignment) -> str:
    """Return one line that names the packet."""
    return " ".join(_parts(family, assignment))


def _parts(family: str, assignment: Assignment) -> Iterator[str]:
    data = build(family, assignment)
    protocol = assignment.get(f.PROTO, TCP)
    ports = [assignment.get(field) for field in (f.SPORT, f.DPORT)]
    yield _PROTOCOLS.get(protocol, f"protocol {protocol}")
    yield " > ".join(
        str(ipaddress.ip_address(end))
        + (f" port {port}" if port is not None and protocol in PORTED else "")
        for end, port in zip(addresses(family, data), ports, strict=True)
    )
    yield from _ways(assignment)
    if protocol == TCP:
        flags = assignment.get(f.TCP_FLAGS, FLAG_SYN)
        yield "flags " + (",".join(n for i, n in enumerate(_FLAGS) if flags >> i & 1) or "none")
    if assignment.get(f.FRAGMENT):
        yield _FRAGMENTS[assignment[f.FRAGMENT]]
    if assignment.get(f.EXTENSION):
        yield "with an extension header"
    yield from _rest(family, assignment)


def _ways(assignment: Assignment) -> Iterator[str]:
    if assignment[f.VIA] != f.OUTWARD:
        yield f"in by {value_name(assignment[f.IIF])}"
    if assignment[f.VIA] != f.INWARD:
        yield f"out by {value_name(assignment[f.OIF])}"


def _rest(family: str, assignment: Assignment) -> Iterator[str]:
    said = {*f.ADDRESSES[family], f.PROTO, f.IIF, f.OIF, f.SPORT, f.DPORT, f.TCP_FLAGS}
    said |= {f.VIA, f.FRAGMENT, f.EXTENSION}
    for field, value in assignment.items():
        if field not in said:
            yield f"{_name(field)} {value:#x}"


def _name(field: Field) -> str:
    known = {f.MARK: "mark", f.LENGTH: "length", f.PKTTYPE: "pkttype", f.SKUID: "skuid"}
    known |= {f.SKGID: "skgid", f.CT_STATE: "ct-state", f.CT_MARK: "ct-mark"}
    return known.get(field, f"@{field[0]},{field[1] * 8},{field[2] * 8}")
