"""The values to try in a field: those that a condition names and their neighbours."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.prove import fields as f
from nftlint.prove.conditions import Alt, Condition
from nftlint.prove.fields import Field, name_value, value_name
from nftlint.prove.packet import DADDR, FIXED_HEADER, ICMP, ICMP6, SADDR, TCP, UDP, build

NAMES = (f.IIF, f.OIF)
# The link layer can say no more: broadcast is 1, multicast 2.
HIGHEST = {f.PKTTYPE: 2}


def ambient(family: str, vias: tuple[int, ...]) -> Iterator[tuple[Field, tuple[int, ...]]]:
    """Yield the fields every packet varies in, whether a rule names them or not.

    Marks and the type of service come with no bit and with every bit: a step that sets, clears,
    keeps or flips single bits is known for every value from these two.
    """
    echo = ICMP if family == "ip" else ICMP6
    yield f.VIA, vias
    yield f.PROTO, (TCP, UDP, echo, 47, 132, 33)
    yield f.IIF, (name_value("nl0"), name_value("nl1"))
    yield f.OIF, (name_value("nl2"), name_value("nl3"))
    yield f.FRAGMENT, (0, 1, 2)
    yield f.MARK, (0, f.full(4), 0x5A5A)
    yield f.SPORT, (40000, 2048, 53)
    yield f.DPORT, (9, 443, 0)
    yield f.TCP_FLAGS, (2, 0x12, 0x10)
    other = bytes([203, 0, 113, 77]) if family == "ip" else bytes.fromhex("20010db8" + "77" * 12)
    source, dest = f.ADDRESSES[family]
    yield source, (_int(SADDR[family]), _int(other))
    yield dest, (_int(DADDR[family]), _int(other))
    if family == "ip":
        yield from ((("nh", 1, 1), (0, 0xFF, 0x28, 1)), (f.HOPS[family], (64, 255, 3, 2)))
    else:
        yield from ((f.HOPS[family], (64, 255, 3, 2)), (f.EXTENSION, (0, 1, 2)))
        yield ("nh", 0, 4), (6 << 28, 6 << 28 | 0xFF << 20)
    yield f.LENGTH, (100, 101)
    yield f.PKTTYPE, (0, 1, 2)


def near_values(condition: Condition, family: str) -> Iterator[int]:
    """Yield the values a condition names and their neighbours."""
    field = condition.field
    if field in (f.CT_STATE, f.CT_DIRECTION, f.CT_STATUS):
        return
    if field in NAMES:
        for alt in condition.alts:
            yield from map(name_value, _names(alt))
        return
    top = HIGHEST.get(field, f.full(field[2] or 1))
    plain = _plain(field, family)
    for alt in condition.alts:
        for value in _edges(alt, plain, top):
            if 0 <= value <= top:
                yield value


def _names(alt: Alt) -> Iterator[str]:
    """Yield the named interface and names that are nearly it."""
    name = value_name(alt[1])
    if not name:
        return
    if alt[0] & 0xFF:
        yield from (name, name[:-1] + ("1" if name[-1] != "1" else "2"))
    else:
        yield from (f"{name}0", f"{name}-x9", name)
    yield from (near for near in (name[:-1], f"{name}7") if near)
    yield f"q{name[1:]}"


def _edges(alt: Alt, plain: int, top: int) -> Iterator[int]:
    mask, low, high = alt
    unit = mask & -mask if mask else 1
    rest = plain & ~mask & top
    yield from (low | rest, high | rest, low - unit, high + unit, (low + high) // 2)
    if mask != top:
        yield low | (~mask & top)
        yield high | (~mask & top)
        yield (high | (~mask & top)) + 1
        yield (low & mask) - 1
    bits = [1 << n for n in range(mask.bit_length()) if mask >> n & 1]
    if low == high and len(bits) <= 16:
        yield from (low ^ bit | rest for bit in bits)
    elif low == high:
        yield from (low ^ bits[0] | rest, low ^ bits[-1] | rest, low ^ bits[len(bits) // 2] | rest)
    if mask != top and low == high and len(bits) <= 4:
        yield from (
            sum(bit for n, bit in enumerate(bits) if k >> n & 1) | rest
            for k in range(1 << len(bits))
        )


def _plain(field: Field, family: str) -> int:
    """Return what a packet has in this field where nothing else is asked for."""
    packet = build(family, {})
    kind, offset, width = field
    start = {"nh": 0, "th": FIXED_HEADER[family]}.get(kind)
    return _int(packet[start + offset : start + offset + width]) if start is not None else 0


def _int(data: bytes) -> int:
    return int.from_bytes(data, "big")
