"""From relations to expressions."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.readings.facts import Field
from nftlint.readings.netlink import (
    Bitwise,
    Cmp,
    Expr,
    InRange,
    Load,
    Lookup,
    Meta,
    Other,
    Shift,
)
from nftlint.readings.operands import Between, Leading, Masked, Members, Point
from nftlint.readings.relation import Relation
from nftlint.record import replace


def byte_span(field: Field) -> tuple[int, int]:
    """Return offset and length in bytes of what must be loaded for a field."""
    start = field.offset // 8
    return start, -(-(field.offset + field.bits) // 8) - start


def bits_behind(field: Field) -> int:
    """Return how many bits come after the field in the bytes that are loaded for it."""
    start, length = byte_span(field)
    return (start + length) * 8 - field.offset - field.bits


def load(field: Field, register: int = 1) -> tuple[Expr, ...]:
    """Return the expressions that bring a field into a register, shifted bits left in place."""
    if field.base == "meta":
        return (Meta(field.name, register),)
    start, length = byte_span(field)
    loaded: tuple[Expr, ...] = (Load(field.base, start, length, register),)
    if field.offset % 8 or field.bits % 8:
        mask = _place((1 << field.bits) - 1, field)
        loaded += (Bitwise(_bytes(mask, field), bytes(length), register),)
    return loaded


def emit(relation: Relation, *, range_expr: bool) -> Iterator[Expr]:
    """Yield the expressions of a relation; ``range_expr`` says that nft is 1.1.2 or newer."""
    field = _at_end(relation.field) if relation.shifted else relation.field
    match relation.operand:
        case Leading(value, bits) if _shortens(relation, bits):
            start = field.offset // 8
            yield Meta(field.name) if field.base == "meta" else Load(field.base, start, bits // 8)
            yield Cmp(relation.op, value.to_bytes(field.bits // 8, "big")[: bits // 8])
        case Leading(value, bits):
            mask = ((1 << bits) - 1) << (field.bits - bits)
            yield from _left(
                replace(relation, mask=mask if relation.mask is None else mask & relation.mask)
            )
            yield Cmp(relation.op, _data(value, field))
        case Masked(value, mask):
            yield from _left(replace(relation, mask=mask))
            yield Cmp(relation.op, _data(value, field))
        case Point(value) if relation.op in {"any", "none"}:
            yield from _flags(relation, value)
        case Point(value):
            yield from _left(relation)
            yield from _reordered(field, relation.op not in {"==", "!="})
            yield Cmp(relation.op, _data(value, field))
        case Between(low, high):
            yield from _left(relation)
            yield from _reordered(field, needed=True)
            yield from _range(relation.op, _data(low, field), _data(high, field), range_expr)
        case Members(name, interval):
            yield from _left(relation)
            yield from _reordered(field, interval)
            yield Lookup(name, negated=relation.op == "!=")


def _shortens(relation: Relation, bits: int) -> bool:
    """Tell whether nft loads less instead of masking."""
    if relation.field.type == "ifname":
        return True
    return relation.whole and not relation.field.host and bits > 0 and bits % 8 == 0


def _left(relation: Relation) -> Iterator[Expr]:
    field = relation.field
    if relation.shifted:
        yield from load(field)
        yield Shift(">>", bits_behind(field))
        field = _at_end(field)
    elif relation.mask is None and not relation.xor:
        yield from load(field)
        return
    else:
        yield from load(field)[:1]
    if relation.mask is not None or relation.xor:
        mask = (1 << field.bits) - 1 if relation.mask is None else relation.mask
        yield Bitwise(_data(mask, field), _data(relation.xor, field))


def _at_end(field: Field) -> Field:
    """Return a field of the same bits that ends where its bytes end."""
    _, length = byte_span(field)
    return replace(field, offset=length * 8 - field.bits)


def _flags(relation: Relation, value: int) -> Iterator[Expr]:
    """Yield a test whether any, or none, of some flags is set."""
    field = relation.field
    if relation.mask is not None:
        yield from _left(relation)
        yield Cmp("==", _data(value, field))
        return
    yield from load(field)
    yield Bitwise(_data(value, field), _data(0, field))
    yield Cmp("!=" if relation.op == "any" else "==", _data(0, field))


def _range(op: str, low: bytes, high: bytes, range_expr: bool) -> Iterator[Expr]:  # noqa: FBT001 - private
    if op == "!=" or range_expr:
        yield InRange(op, low, high)
    else:
        yield Cmp(">=", low)
        yield Cmp("<=", high)


def _reordered(field: Field, needed: bool) -> Iterator[Expr]:  # noqa: FBT001 - private
    """Yield what turns a value of the host's byte order into one that can be ordered."""
    if needed and field.host and field.bits > 8 and field.type != "ifname":
        yield Other("byteorder")


def _place(value: int, field: Field) -> int:
    """Return a field's value shifted to where it lies in the loaded bytes."""
    return value << bits_behind(field)


def _data(value: int, field: Field) -> bytes:
    return _bytes(_place(value, field), field)


def _bytes(value: int, field: Field) -> bytes:
    little = field.host and field.type != "ifname"
    return value.to_bytes(byte_span(field)[1], "little" if little else "big")
