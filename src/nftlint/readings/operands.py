"""The right side of a match: texts to the numbers that nft compares with."""

from __future__ import annotations

from typing import TypeAlias

from nftlint.holes import has_holes
from nftlint.nft.model import (
    Element,
    Expression,
    FlagMask,
    ListExpr,
    Literal,
    Prefix,
    Range,
    SetLiteral,
    SetRef,
    Wildcard,
)
from nftlint.readings.constants import (
    RefusedError,
    constant,
    is_wildcard,
    name_bits,
    numeral,
    text_of,
)
from nftlint.readings.facts import Field
from nftlint.readings.standins import StandIns
from nftlint.record import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """One value."""

    value: int


@dataclass(frozen=True, slots=True)
class Between:
    """All values from ``low`` to ``high``, inclusive."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Leading:
    """All values that begin with the first ``bits`` bits of ``value`` (the others are zero)."""

    value: int
    bits: int


@dataclass(frozen=True, slots=True)
class Members:
    """A set; ``points`` are its values as far as they are known to be single ones."""

    name: str
    interval: bool = False
    points: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Masked:
    """``value / mask``: of the bits in ``mask``, those of ``value`` are set."""

    value: int
    mask: int


Operand: TypeAlias = Point | Between | Leading | Members | Masked

ANONYMOUS = "__set%d"


def operand(expr: Expression, field: Field, standins: StandIns) -> Operand:
    """Return the right side of a match on ``field``; raises ``RefusedError``."""
    match expr:
        case Literal() if field.type == "ifname" and is_wildcard(expr.text):
            name = expr.text[:-1]
            if not name:
                raise RefusedError("All-wildcard strings are not supported")
            return Leading(name_bits(name), 8 * len(name.encode()))
        case Range(low, high):
            return _between(constant(low, field, standins), constant(high, field, standins))
        case Prefix():
            return _leading(expr, field, standins)
        case SetRef(name):
            return Members(name)
        case SetLiteral(elements):
            return _members(elements, field, standins)
        case FlagMask(mask=mask) if not isinstance(mask, ListExpr):
            raise RefusedError("syntax error, expecting comma")
        case FlagMask(value, mask):
            return Masked(constant(value, field, standins), constant(mask, field, standins))
        case _:
            return Point(constant(expr, field, standins))


def _between(low: int, high: int) -> Between:
    if low > high:
        raise RefusedError("Range has zero or negative size")
    return Between(low, high)


def _leading(expr: Prefix, field: Field, standins: StandIns) -> Leading:
    text = text_of(expr.length)
    length = 3 * field.bits // 4 if has_holes(text) else numeral(text, 0)
    if length > field.bits:
        raise RefusedError(f"Prefix length {length} is invalid for type of {field.bits} bits width")
    address = constant(expr.address, field, standins)
    value = address >> (field.bits - length) << (field.bits - length)
    if has_holes(text_of(expr.address)):
        standins.show_address(value, field.bits, text_of(expr.address))
    if has_holes(text):
        standins.shown[f"/{length}"] = f"/{text}"
    return Leading(value, length)


def _members(elements: tuple[Element, ...], field: Field, standins: StandIns) -> Operand:
    """Return a set; nft makes a plain match of one with a single element."""
    if not elements:
        raise RefusedError("Set is empty")
    found = tuple(
        operand(element.key, field, standins)
        for element in elements
        if not isinstance(element.key, Wildcard)
    )
    if len(elements) == 1 and len(found) == 1 and isinstance(found[0], Point | Between | Leading):
        return found[0]
    interval = any(isinstance(item, Between | Leading) for item in found)
    return Members(
        ANONYMOUS, interval, tuple(item.value for item in found if isinstance(item, Point))
    )
