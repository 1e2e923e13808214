"""Assignments: ``meta mark set 1``, ``ip ttl set 64``."""

from __future__ import annotations

from nftlint.nft.model import (
    BinaryOp,
    Concat,
    Expression,
    Literal,
    MapLookup,
    Selector,
    Variable,
)
from nftlint.readings import netlink
from nftlint.readings.constants import RefusedError, constant
from nftlint.readings.emit import bits_behind, byte_span, load
from nftlint.readings.facts import Field, description
from nftlint.readings.keys import Foreign, Key, left_side
from nftlint.readings.matches import load_key, map_name
from nftlint.readings.numbers import number_of
from nftlint.readings.state import Lowering

MARK = Field("meta", "mark", 0, 32, "mark", host=True)


def assign(state: Lowering, target: Expression, value: Expression) -> None:
    """Add what nft makes of an assignment; raises ``RefusedError``."""
    left = left_side(target, state.context, state.standins)
    if isinstance(left, Foreign):
        copied: tuple[netlink.Expr, ...] = ()
        if (left.name, left.detail) == ("ct", "mark") and isinstance(value, Selector):
            _copied(state, value, MARK)
        elif isinstance(value, Selector):
            source = left_side(value, state.context, state.standins)
            if isinstance(source, Foreign):
                copied = (netlink.Other(source.name, source.detail),)
        state.act(*copied, netlink.Other(left.name, left.detail))
        return
    state.test(left.before)
    if left.field.base == "meta":
        state.act(*_source(state, value, left.field), netlink.MetaSet(left.field.name))
    else:
        state.act(*_store(state, value, left.field))


def _source(state: Lowering, value: Expression, field: Field) -> tuple[netlink.Expr, ...]:
    """Return what puts the value of an assignment into a register."""
    match value:
        case MapLookup(key, data):
            loaded = tuple(load_key(state, key))
            return (*loaded, netlink.Lookup(map_name(data), result=1))
        case Selector():
            return _copied(state, value, field)
        case BinaryOp(_, left, _) if not _constant(left):
            return _operated(state, value, field)
        case Concat():
            raise RefusedError("Concatenation is not allowed here")
        case _ if _constant(value):
            number = constant(value, field, state.standins)
            return (netlink.Immediate(_bytes(number, field)),)
        case _:
            left_value = left_side(value, state.context, state.standins)
            if isinstance(left_value, Foreign):
                return (netlink.Other(left_value.name, left_value.detail),)
            return load(left_value.field)


def _constant(expr: Expression) -> bool:
    match expr:
        case Literal() | Variable():
            return True
        case BinaryOp(_, left, right):
            return _constant(left) and _constant(right)
        case _:
            return False


def _copied(state: Lowering, value: Selector, field: Field) -> tuple[netlink.Expr, ...]:
    left = left_side(value, state.context, state.standins)
    if isinstance(left, Foreign):
        return (netlink.Other(left.name, left.detail),)
    _same_type(left.field, field)
    state.test(left.before)
    return (*load(left.field), *_adjusted(left.field, field))


def _same_type(source: Field, target: Field) -> None:
    if source.type == target.type != "integer":
        return
    found = description(source.type)
    if found == "integer" and source.bits == target.bits:
        return
    length = f" with length {source.bits}" if found == "integer" else ""
    wanted = description(target.type)
    raise RefusedError(f"datatype mismatch: expected {wanted}, expression has type {found}{length}")


def _adjusted(source: Field, target: Field) -> tuple[netlink.Expr, ...]:
    """Return what shifts a value of some bits into its place, or turns its bytes."""
    behind = bits_behind(source)
    shift = (netlink.Shift(">>", behind),) if behind else ()
    turned = source.host != target.host and source.bits > 8
    return (*shift, *((netlink.Other("byteorder"),) if turned else ()))


def _operated(state: Lowering, value: BinaryOp, field: Field) -> tuple[netlink.Expr, ...]:
    if value.op in {"<<", ">>"}:
        inner = _source(state, value.left, field)
        return (*inner, netlink.Shift(value.op, number_of(value.right, state)))
    left = left_side(value, state.context, state.standins)
    if isinstance(left, Foreign):
        return (netlink.Other(left.name, left.detail),)
    _same_type(left.field, field)
    state.test(left.before)
    return (*load(left.field)[:1], _mask(left), *_adjusted(left.field, field))


def _mask(key: Key) -> netlink.Bitwise:
    full = (1 << key.field.bits) - 1
    mask = full if key.mask is None else key.mask
    return netlink.Bitwise(_bytes(mask, key.field), _bytes(key.xor, key.field))


def _bytes(value: int, field: Field) -> bytes:
    size = -(-field.bits // 8)
    return value.to_bytes(size, "little" if field.host and field.type != "ifname" else "big")


def _store(state: Lowering, value: Expression, field: Field) -> tuple[netlink.Expr, ...]:
    """Return a payload write: of whole 16 bit words where a checksum must be kept."""
    start, length = byte_span(field)
    whole = field.offset % 8 == 0 and field.bits % 8 == 0
    checksummed = (
        field.base in {"nh", "th"} and state.context.family == "ip"
    ) or field.base == "th"
    if not checksummed or (whole and length % 2 == 0):
        if whole:
            source = _source(state, value, field)
            return (*source, netlink.Store(field.base, start, length))
    elif length % 2:
        start, length = start - start % 2, length + 1
    if not _constant(value):
        raise RefusedError("Right hand side of binary operation (^) must be constant")
    shift = (start + length) * 8 - field.offset - field.bits
    hole = ((1 << field.bits) - 1) << shift
    mask = ((1 << 8 * length) - 1) & ~hole
    number = constant(value, field, state.standins)
    return (
        netlink.Load(field.base, start, length),
        netlink.Bitwise(mask.to_bytes(length, "big"), (number << shift).to_bytes(length, "big")),
        netlink.Store(field.base, start, length),
    )
