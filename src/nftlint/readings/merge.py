"""How nft joins tests of neighbouring fields, to load less from the packet."""

from __future__ import annotations

from collections.abc import Sequence

from nftlint.readings.facts import Field
from nftlint.readings.operands import Point
from nftlint.readings.relation import Plain, Relation

BASES = ("ll", "nh", "th", "ih")
REGISTER_BITS, WORD_BITS = 128, 32


def merge(parts: Sequence[Relation | Plain]) -> list[Relation | Plain]:
    """Return the tests with those of neighbours in the packet joined.

    nft sorts those that test for (in)equality with one value by where they lie, and joins two if
    one load is cheap. What is joined stands where the first in the packet stood, unless the
    second one names a protocol.
    """
    merged: list[Relation | Plain | None] = list(parts)
    places = sorted(
        (at for at, part in enumerate(parts) if isinstance(part, Relation) and _joins(part)),
        key=lambda at: _where(parts[at]),
    )
    last = places[0] if places else 0
    for this in places[1:]:
        left, right = merged[last], merged[this]
        joined = _join(left, right)
        if joined is None or not isinstance(right, Relation):
            last = this
            continue
        kept, gone = (this, last) if right.names_protocol else (last, this)
        merged[kept], merged[gone] = joined, None
        last = kept
    return [part for part in merged if part is not None]


def _where(part: Relation | Plain) -> tuple[int, int]:
    if isinstance(part, Plain):
        return (0, 0)
    return (BASES.index(part.field.base), part.field.offset)


def _joins(relation: Relation) -> bool:
    return (
        relation.field.base != "meta"
        and isinstance(relation.operand, Point)
        and relation.op in {"==", "!=", "any"}
        and relation.mask is None
        and not (relation.field.offset % 8 or relation.field.bits % 8)
    )


def _join(left: Relation | Plain | None, right: Relation | Plain | None) -> Relation | None:
    """Return both as one, or ``None`` if nft leaves them apart."""
    if not (isinstance(left, Relation) and isinstance(right, Relation)):
        return None
    first, second = left.field, right.field
    adjacent = first.base == second.base and first.offset + first.bits == second.offset
    if not adjacent or _sense(left) != _sense(right) or not _cheap(first, second):
        return None
    if not (isinstance(left.operand, Point) and isinstance(right.operand, Point)):
        return None
    kind = "joined protocol" if right.names_protocol else "joined"
    field = Field(first.base, kind, first.offset, first.bits + second.bits, "integer")
    return Relation(
        field, _sense(left), Point(left.operand.value << second.bits | right.operand.value)
    )


def _sense(relation: Relation) -> str:
    """Return the operator; a test whether flags are set turns into one for equality."""
    return "==" if relation.op == "any" else relation.op


def _cheap(first: Field, second: Field) -> bool:
    total = first.bits + second.bits
    if total > REGISTER_BITS:
        return False
    return total <= WORD_BITS or first.base == "ll" or max(first.bits, second.bits) > WORD_BITS
