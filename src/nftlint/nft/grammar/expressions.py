"""Expressions where they stand: left and right in a match, and as the data of a statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.nft.expression import (
    Concat,
    Expression,
    FlagMask,
    ListExpr,
    MapLookup,
    Prefix,
    Range,
)
from nftlint.nft.grammar import fields
from nftlint.nft.grammar.elements import set_literal, set_or_reference, set_reference
from nftlint.nft.grammar.operands import (
    HASHES,
    constant,
    constants,
    extent,
    grouped,
    hash_value,
    joined,
    key_basic,
    left_basic,
    operated,
    right_primary,
)
from nftlint.nft.grammar.selectors import selector, starts_selector
from nftlint.nft.grammar.words import DATA_KEYWORDS
from nftlint.span import Span

if TYPE_CHECKING:
    from nftlint.nft.grammar.cursor import Cursor

_NEVER_LISTED = (Range, Prefix, Concat, MapLookup)


def left(cursor: Cursor) -> Expression:
    """Parse the left side of a match: selectors joined by dots, or a map of them.

    All parts but the first may be constants: ``ip saddr . "lo" @set``.
    """
    return _mapped(cursor, joined(cursor, left_basic, key_basic))


def _mapped(cursor: Cursor, key: Expression) -> Expression:
    """Parse ``map …`` after ``key``, if it is there."""
    if not cursor.accept("map"):
        return key
    found = set_or_reference(cursor)
    return MapLookup(key, found, Span(key.span.start, found.span.end))


def right(cursor: Cursor) -> Expression:
    """Parse the right side of a match."""
    if cursor.word == "{":
        return set_literal(cursor)
    if cursor.word == "@":
        return set_reference(cursor)
    value = _list(cursor, constants(cursor))
    if isinstance(value, _NEVER_LISTED) or not cursor.accept("/"):
        return value
    mask = _list(cursor, constant(cursor))
    if not isinstance(mask, ListExpr) and not cursor.is_hole(cursor.index - 1):
        cursor.fail(",")
    return FlagMask(value, mask, Span(value.span.start, mask.span.end))


def _list(cursor: Cursor, first: Expression) -> Expression:
    """Parse the rest of a comma list, if there is one; ranges and the like cannot be in it."""
    if cursor.word != "," or isinstance(first, _NEVER_LISTED):
        return first
    items: list[Expression] = [first]
    while cursor.accept(","):
        items.append(constant(cursor))
    return ListExpr(tuple(items), Span(first.span.start, items[-1].span.end))


def _data_primary(cursor: Cursor) -> Expression:
    """Parse a selector or a constant."""
    word = cursor.word
    if word == "(":
        return grouped(cursor, _data_basic)
    if word in HASHES:
        return hash_value(cursor)
    if starts_selector(cursor) and not _is_constant(cursor):
        return selector(cursor)
    return right_primary(cursor)


def _is_constant(cursor: Cursor) -> bool:
    """Tell the constant in ``meta protocol set ip`` from the selector ``ip saddr``."""
    following = cursor.peek()
    return (
        cursor.word in DATA_KEYWORDS
        and following not in fields.HEADERS[cursor.word]
        and following not in fields.INNER.get(cursor.word, ())
        and following not in {"option", "chunk"}
        and not cursor.is_hole(cursor.index + 1)
    )


def _data_basic(cursor: Cursor) -> Expression:
    return operated(cursor, _data_primary(cursor), _data_primary)


def _data_extent(cursor: Cursor) -> Expression:
    return extent(cursor, _data_basic)


def data(cursor: Cursor) -> Expression:
    """Parse what a statement takes: after ``mark set``, ``dnat to``, ``queue to``."""
    return _list(cursor, _mapped(cursor, joined(cursor, _data_extent)))
