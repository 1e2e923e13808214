"""What a rule asks of a packet, as tests of places in it: for rules of nft and of iptables alike.

A place is named by its base (``nh``, ``th``, ``ll``, ``meta``), its offset or key, and its bits.
What both can say in two ways has one place: the protocol, an interface by index or by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from nftlint.readings.facts import Field, layout
from nftlint.readings.operands import ANONYMOUS, Between, Leading, Masked, Members, Point
from nftlint.readings.relation import Plain, Relation
from nftlint.record import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Some bits of a packet, or a meta value."""

    base: str
    name: str
    bits: int


@dataclass(frozen=True, slots=True)
class Values:
    """The place has one of the values in ``spans``: sorted, apart, both ends inclusive."""

    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Bits:
    """Of the bits in ``mask`` the place has exactly ``value`` (or not, if ``negated``)."""

    mask: int
    value: int
    negated: bool


@dataclass(frozen=True, slots=True)
class Opaque:
    """Something of which is only known that it is asked."""

    what: object


Test: TypeAlias = Values | Bits | Opaque
Meaning: TypeAlias = tuple[tuple[Place, Test], ...]

PROTOCOL = Place("meta", "protocol", 8)
FOREIGN = Place("meta", "", 0)
VERSIONS = {"ip": 4, "ip6": 6}


def meaning(
    parts: Sequence[Relation | Plain],
    family: str,
    transport: str,
    interfaces: Mapping[int, str],
) -> Meaning:
    """Return what relations ask; those that always hold are left out.

    ``transport`` is the protocol whose header is looked at, ``""`` if it is not known.
    """
    found: list[tuple[Place, Test]] = []
    for part in parts:
        if isinstance(part, Plain):
            found.append((FOREIGN, Opaque(part)))
            continue
        for piece in _split(part, family, transport):
            place = _place(piece.field, family)
            test = _test(_named(piece, interfaces), place)
            if not _always(place, test, family):
                found.append((place, test))
    return tuple(found)


def _split(relation: Relation, family: str, transport: str) -> Iterator[Relation]:
    """Yield a test of several fields at once as tests of each."""
    field, operand = relation.field, relation.operand
    header = layout({"nh": family, "th": transport or "th"}.get(field.base, ""))
    if (field.offset, field.bits) in header.values() or field.base == "meta":
        yield relation
        return
    end = field.offset + field.bits
    inside = [
        (name, at, bits)
        for name, (at, bits) in header.items()
        if field.offset <= at and at + bits <= end
    ]
    whole = sum(bits for _, _, bits in inside) == field.bits
    if not (whole and relation.op == "==" and relation.mask is None and isinstance(operand, Point)):
        yield relation
        return
    for name, at, bits in inside:
        value = operand.value >> (end - at - bits) & ((1 << bits) - 1)
        yield Relation(Field(field.base, name, at, bits, field.type), "==", Point(value))


def _place(field: Field, family: str) -> Place:
    if (field.base, field.name) == ("meta", "l4proto"):
        return PROTOCOL
    if field.base == "nh" and (family, field.offset, field.bits) in {("ip", 72, 8), ("ip6", 48, 8)}:
        return PROTOCOL
    if field.base == "meta":
        name = {"iif": "iifname", "oif": "oifname"}.get(field.name, field.name)
        return Place("meta", name, 128 if name in {"iifname", "oifname"} else field.bits)
    return Place(field.base, str(field.offset), field.bits)


def _named(relation: Relation, interfaces: Mapping[int, str]) -> Relation:
    """Return a test of an interface's index as one of its name."""
    if relation.field.name not in {"iif", "oif"} or not isinstance(relation.operand, Point):
        return relation
    name = interfaces.get(relation.operand.value, "").encode()
    value = int.from_bytes(name.ljust(16, b"\0"), "big")
    return Relation(relation.field, relation.op, Point(value))


def _test(relation: Relation, place: Place) -> Test:
    top = (1 << place.bits) - 1
    operand, op = relation.operand, relation.op
    if relation.mask is not None or op in {"any", "none"}:
        return _bits(relation, top)
    match operand:
        case Point(value):
            return _ordered(op, value, top)
        case Between(low, high):
            return _either(((low, high),), op, top)
        case Leading(value, bits):
            free = (1 << (relation.field.bits - bits)) - 1
            return _either(((value, value | free),), op, top)
        case Masked(value, mask):
            return _masked(mask, value, negated=op == "!=", top=top)
        case Members(name, interval, points) if name == ANONYMOUS and not interval:
            return _either(tuple((point, point) for point in sorted(set(points))), op, top)
        case Members():
            return Opaque((operand, op))


def _bits(relation: Relation, top: int) -> Test:
    mask = top if relation.mask is None else relation.mask
    match relation.operand, relation.op:
        case Point(value), "any" if relation.mask is None:
            return _masked(value, 0, negated=True, top=top)
        case Point(value), "none":
            return _masked(value, 0, negated=False, top=top)
        case Point(value), "==" | "!=" | "any":
            return _masked(mask, value ^ relation.xor, negated=relation.op == "!=", top=top)
        case _:
            return Opaque(relation)


def _masked(mask: int, value: int, *, negated: bool, top: int) -> Test:
    """Return a test of some bits; as spans if they are the leading ones."""
    free = top & ~mask
    if free & (free + 1) == 0:
        spans = ((value, value | free),) if value & free == 0 else ()
        return _either(spans, "!=" if negated else "==", top)
    if negated and mask & (mask - 1) == 0 and value in {0, mask}:
        return Bits(mask, mask ^ value, negated=False)
    return Bits(mask, value, negated)


def _ordered(op: str, value: int, top: int) -> Values:
    span = {
        "<": (0, value - 1),
        "<=": (0, value),
        ">": (value + 1, top),
        ">=": (value, top),
    }.get(op, (value, value))
    return _either((span,), "!=" if op == "!=" else "==", top)


def _either(spans: tuple[tuple[int, int], ...], op: str, top: int) -> Values:
    kept = tuple(span for span in spans if span[0] <= span[1])
    return Values(complement(kept, top) if op == "!=" else kept)


def complement(spans: tuple[tuple[int, int], ...], top: int) -> tuple[tuple[int, int], ...]:
    """Return all values up to ``top`` that are in none of the spans."""
    rest, start = [], 0
    for low, high in spans:
        if start < low:
            rest.append((start, low - 1))
        start = max(start, high + 1)
    if start <= top:
        rest.append((start, top))
    return tuple(rest)


def _always(place: Place, test: Test, family: str) -> bool:
    top = (1 << place.bits) - 1
    if isinstance(test, Values):
        version = place == Place("nh", "0", 4) and test.spans == ((VERSIONS[family],) * 2,)
        return version or test.spans == ((0, top),)
    return isinstance(test, Bits) and test.mask == 0 and test.value == 0 and not test.negated
