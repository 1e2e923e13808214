"""Numbers of one field as intervals: single values, ranges, sets of them, comparisons."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from nftlint.holes import has_holes
from nftlint.nft.expression import Expression, Literal, Range, SetLiteral
from nftlint.nft.statement import Match
from nftlint.record import dataclass, replace
from nftlint.span import Span
from nftlint.translate.context import Context, cannot
from nftlint.translate.operands import items
from nftlint.translate.values import constant, fillings, number, settle, settle_as


@dataclass(frozen=True, slots=True)
class Field:
    """A numeric field: its name with an article, its greatest value, the words for its values.

    ``words`` are those that nft and iptables read alike. ``unknown`` takes other words too,
    with a doubt: the host's own names. ``listed``: iptables takes several with commas, and so a
    variable in braces that holds several.
    """

    name: str
    maximum: int
    words: Mapping[str, int]
    unknown: bool = False
    listed: bool = False

    def parse(self, text: str) -> int | None:
        """Return the number of a text, ``None`` if it has none here."""
        value = self.words.get(text, number(text))
        return value if value is not None and value <= self.maximum else None


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``low`` to ``high``, both included, as texts; the numbers where they are known.

    A variable may hold ``many`` of them, 0 if it is not known how many.
    """

    low: str
    high: str
    first: int | None
    final: int | None
    span: Span
    doubts: tuple[str, ...] = ()
    many: int = 1

    @property
    def one(self) -> bool:
        """Tell whether it is a single value."""
        return self.low == self.high

    def text(self, separator: str = ":") -> str:
        """Return it as iptables writes it."""
        return self.low if self.one else f"{self.low}{separator}{self.high}"


@dataclass(frozen=True, slots=True)
class Intervals:
    """One of ``items``, or none of them. ``overlap``: that two are disjoint is not known."""

    negated: bool
    items: tuple[Interval, ...]
    overlap: bool

    @property
    def doubts(self) -> tuple[str, ...]:
        """The doubts of all items."""
        return tuple(doubt for item in self.items for doubt in item.doubts)


def intervals(match: Match, field: Field, ctx: Context) -> Intervals:
    """Return what a field is compared with, disjoint where the numbers are known.

    Raises:
        CannotError: a value is none of the field's, or the test is never true.

    """
    if match.op in {"<", ">", "<=", ">="}:
        return Intervals(negated=False, items=(_comparison(match, field, ctx),), overlap=False)
    if match.op not in {"==", "!="}:
        cannot(match, f"iptables has no `{match.op}` for {field.name}")
    read = _element if field.listed and isinstance(match.right, SetLiteral) else _interval
    found = tuple(read(item, field, ctx) for item in items(match.right, field.name))
    known = all(item.first is not None and item.final is not None for item in found)
    merged = merge(found) if known else tuple(dict.fromkeys(found))
    return Intervals(match.op == "!=", merged, overlap=not known and len(found) > 1)


def _element(item: Expression, field: Field, ctx: Context) -> Interval:
    """Return an element of a set: a variable alone may hold several."""
    if not isinstance(item, Literal) or len(item.text) > 1 or not has_holes(item.text):
        return _interval(item, field, ctx)
    doubts = settle_as(
        item,
        ctx,
        valid=lambda known: all(_decimal(part, field) for part in known.split(",")),
        wrong=f"which is not {field.name} that iptables could take, nor several with commas alone",
        doubt="may hold blanks or ranges, which iptables writes otherwise",
    )
    many = max((known.count(",") + 1 for known in fillings(item.text, ctx) or ()), default=0)
    return Interval(item.text, item.text, None, None, item.span, doubts, many)


def _interval(item: Expression, field: Field, ctx: Context) -> Interval:
    if not isinstance(item, Range):
        return _value(constant(item, item, field.name), field, ctx)
    low = _value(constant(item.low, item, field.name), field, ctx)
    high = _value(constant(item.high, item, field.name), field, ctx)
    if low.first is not None and high.final is not None and low.first > high.final:
        cannot(item, "this range is empty")
    return Interval(low.low, high.high, low.first, high.final, item.span, low.doubts + high.doubts)


def _value(literal: Literal, field: Field, ctx: Context) -> Interval:
    text = literal.text
    value = field.parse(text)
    if value is None and field.unknown and _is_name(text):
        doubt = (f"`{text}` is a name that the host looks up",)
        return Interval(text, text, None, None, literal.span, doubt)
    doubts = settle(literal, field.name, ctx, valid=lambda known: _decimal(known, field))
    shown = str(value) if value is not None and text not in field.words else text
    return Interval(shown, shown, value, value, literal.span, doubts)


def _decimal(text: str, field: Field) -> bool:
    return field.parse(text) is not None


def _is_name(text: str) -> bool:
    return not has_holes(text) and text[:1].isalpha() and text.replace("-", "").isalnum()


def _comparison(match: Match, field: Field, ctx: Context) -> Interval:
    bound = _value(constant(match.right, match.right, field.name), field, ctx)
    if match.op == "<=":
        return _between("0", bound.high, bound, 0, bound.final)
    if match.op == ">=":
        return _between(bound.low, str(field.maximum), bound, bound.first, field.maximum)
    if bound.first is None:
        cannot(match.right, "the number beside it is not known, and iptables has only ranges")
    first, final = (0, bound.first - 1) if match.op == "<" else (bound.first + 1, field.maximum)
    if first > final:
        cannot(match, "this is never true")
    return _between(str(first), str(final), bound, first, final)


def _between(
    low: str, high: str, bound: Interval, first: int | None, final: int | None
) -> Interval:
    return replace(bound, low=low, high=high, first=first, final=final)


def merge(found: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """Join intervals with known numbers that overlap; leave the others and the order alone."""
    if not _overlapping(found):
        return found
    ordered = sorted(found, key=_bounds)
    merged = [ordered[0]]
    for item in ordered[1:]:
        last = merged[-1]
        if _bounds(item)[0] <= _bounds(last)[1]:
            merged[-1] = item if _bounds(item) == _bounds(last) else _join(last, item)
        else:
            merged.append(item)
    return tuple(merged)


def _overlapping(found: tuple[Interval, ...]) -> bool:
    ordered = sorted(_bounds(item) for item in found)
    return any(after[0] <= before[1] for before, after in pairwise(ordered))


def _bounds(item: Interval) -> tuple[int, int]:
    return (item.first or 0, item.final or 0)


def _join(left: Interval, right: Interval) -> Interval:
    upper = max(left, right, key=lambda item: item.final or 0)
    return replace(left, high=upper.high, final=upper.final)


def outside(wanted: Intervals, maximum: int) -> tuple[Interval, ...]:
    """Return the numbers that are in none of the intervals, up to ``maximum``.

    Raises:
        CannotError: the numbers are not known.

    """
    left: list[Interval] = []
    start = 0
    for item in sorted(wanted.items, key=_bounds):
        if item.first is None or item.final is None:
            return cannot(item, "which numbers are left over is not known here")
        left.append(_numbered(start, item.first - 1, item.span))
        start = item.final + 1
    left.append(_numbered(start, maximum, wanted.items[-1].span))
    return tuple(item for item in left if _bounds(item)[0] <= _bounds(item)[1])


def _numbered(first: int, final: int, span: Span) -> Interval:
    return Interval(str(first), str(final), first, final, span)
