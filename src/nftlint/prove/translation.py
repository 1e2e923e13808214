"""Address translations in one notation, from nft's expressions and from x_tables targets.

Where a range is given the kernel picks from it by a hash, so that a few packets do not show its
ends: translations are compared here as well as on the packets. Both sides end in
``nf_nat_setup_info`` with a ``struct nf_nat_range2``; the fields below are that structure's.
"""

from __future__ import annotations

import struct
from typing import Any

from nftlint.prove.netlink import attrs, number, text
from nftlint.prove.registers import CONSTANT, Byte

ADDRESSES, PORTS, RANDOM, FULLY_RANDOM = 1, 2, 4, 16
TARGETS = frozenset({"SNAT", "DNAT", "MASQUERADE", "REDIRECT"})
_KINDS = {"masq": "MASQUERADE", "redir": "REDIRECT"}
Range = tuple[str, int, bytes, bytes, int, int]


def translation(family: str, step: tuple[Any, ...]) -> Range | None:
    """Return kind, flags, lowest and highest address and port; None where it is not known."""
    if step[0] == "target":
        found = attrs(step[1])
        return _target(family, text(found[1]), number(found[2]), found[3])
    return _expression(step)


def by_chance(found: Range | None) -> bool:
    """Tell whether the kernel draws the port at random, so that no two packets are alike."""
    return found is not None and bool(found[4] != found[5] or found[1] & (RANDOM | FULLY_RANDOM))


def _expression(step: tuple[Any, ...]) -> Range | None:
    name, values, plain = step
    ends = [_constant(value) for _, value in values]
    if any(end is None for end in ends):
        return None
    known = {key: end for (key, _), end in zip(values, ends, strict=True) if end is not None}
    if name == "nat":
        kind = ("SNAT", "DNAT")[plain[0]]
        low, first = known.get(3, b""), int.from_bytes(known.get(5, b""), "big")
        high = known.get(4, low)
        last = int.from_bytes(known.get(6, known.get(5, b"")), "big")
        return _range(kind, plain[2], low, high, first, last)
    keys = (2, 3) if name == "masq" else (1, 2)
    ports = [int.from_bytes(known.get(key, known.get(keys[0], b"")), "big") for key in keys]
    return _range(_KINDS[name], plain[0], b"", b"", ports[0], ports[1])


def _constant(value: tuple[Byte, ...]) -> bytes | None:
    """Return a register's value where it is one and the same for every packet."""
    if any(byte.source != CONSTANT for byte in value):
        return None
    return bytes(byte.xor for byte in value)


def _range(  # noqa: PLR0913, PLR0917 - the fields of one kernel structure
    kind: str, flags: int, low: bytes, high: bytes, first: int, last: int
) -> Range:
    """Return a range whose two flags for what is given are derived from what is."""
    given = (ADDRESSES if low else 0) | (PORTS if first or last else 0)
    return kind, (flags & ~(ADDRESSES | PORTS)) | given, low, high, first, last


def _target(family: str, name: str, revision: int, info: bytes) -> Range | None:
    """Read ``nf_nat_ipv4_multi_range_compat``, ``nf_nat_range`` or ``nf_nat_range2``."""
    compat = revision == 0 and family == "ip"
    if name not in TARGETS or revision > 2 or (compat and info[:4] != struct.pack("=I", 1)):
        return None
    if compat:
        flags, low, high = struct.unpack_from("=I4s4s", info, 4)
        ports = struct.unpack_from(">HH", info, 16)
    else:
        size = 4 if family == "ip" else 16
        flags = struct.unpack_from("=I", info)[0]
        low, high = info[4 : 4 + size], info[20 : 20 + size]
        ports = struct.unpack_from(">HH", info, 36)
    if not flags & ADDRESSES:
        low = high = b""
    if not flags & PORTS:
        ports = (0, 0)
    return _range(name, flags, low, high, *ports)
