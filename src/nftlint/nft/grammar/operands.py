"""What expressions are made of: operators, concatenations, ranges and prefixes.

There are three places for an expression, and nft allows other things in each: the *left* side of a
match (selectors), its *right* side (constants), and the *data* that a statement takes (both).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.nft.expression import (
    BinaryOp,
    Concat,
    Expression,
    Hash,
    Literal,
    Prefix,
    Range,
)
from nftlint.nft.grammar.selectors import offset, selector, starts_selector
from nftlint.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from nftlint.nft.grammar.cursor import Cursor

    Part = Callable[[Cursor], Expression]

_OPERATORS = {
    "<<": ("<<", 4),
    "lshift": ("<<", 4),
    ">>": (">>", 4),
    "rshift": (">>", 4),
    "&": ("&", 3),
    "and": ("&", 3),
    "^": ("^", 2),
    "xor": ("^", 2),
    "|": ("|", 1),
    "or": ("|", 1),
}
# After one of these no constant can go on.
_CLOSING = frozenset(
    {",", "}", "\n", "", ":", "accept", "drop", "counter", "tcp", "udp", "ip", "ct", "log"}
)
_EXTENDING = frozenset("-/")
HASHES = frozenset({"jhash", "symhash"})


def operated(cursor: Cursor, left_side: Expression, others: Part, least: int = 1) -> Expression:
    """Parse what operators of strength ``least`` or more bind to ``left_side``."""
    while (operator := _OPERATORS.get(cursor.word)) is not None and operator[1] >= least:
        cursor.advance()
        right_side = operated(cursor, others(cursor), others, operator[1] + 1)
        span = Span(left_side.span.start, right_side.span.end)
        left_side = BinaryOp(operator[0], left_side, right_side, span)
    return left_side


def grouped(cursor: Cursor, inner: Part) -> Expression:
    """``( … )``; the brackets are not kept, for the tree says what binds."""
    cursor.open("(")
    expression = inner(cursor)
    cursor.close(")")
    return expression


def joined(cursor: Cursor, first_part: Part, part: Part | None = None) -> Expression:
    """Parse parts joined by dots; all but the first may be of another kind."""
    first = first_part(cursor)
    if cursor.word != ".":
        return first
    parts, further = [first], part or first_part
    while cursor.accept("."):
        parts.append(further(cursor))
    return Concat(tuple(parts), Span(first.span.start, parts[-1].span.end))


def left_primary(cursor: Cursor) -> Expression:
    """Parse what a match can begin with: a selector, a variable, a bracket."""
    word = cursor.word
    if word == "(":
        return grouped(cursor, left_basic)
    if word == "$":
        return cursor.variable()
    if word in HASHES:
        return hash_value(cursor)
    return selector(cursor)


def left_basic(cursor: Cursor) -> Expression:
    """Parse a selector and the constants that operators bind to it."""
    first = left_primary(cursor)
    return operated(cursor, first, right_primary) if cursor.word in _OPERATORS else first


def concat(cursor: Cursor) -> Expression:
    """Parse selectors joined by dots."""
    return joined(cursor, left_basic)


def key(cursor: Cursor) -> Expression:
    """Parse selectors and constants joined by dots: what is looked up in a set, or added to it."""
    return joined(cursor, key_basic)


def key_basic(cursor: Cursor) -> Expression:
    """Parse one part of a key: a selector or a constant."""
    return operated(cursor, _key_primary(cursor), right_primary)


def _key_primary(cursor: Cursor) -> Expression:
    """Parse a selector or a constant; a header's name is never a constant here."""
    is_left = cursor.word in {"(", "$"} or cursor.word in HASHES or starts_selector(cursor)
    return left_primary(cursor) if is_left else cursor.value()


def hash_value(cursor: Cursor) -> Hash:
    """``jhash ip saddr . tcp dport mod 2 seed 1``, ``symhash mod 2``."""
    start, kind = cursor.index, cursor.word
    cursor.advance()
    key = None
    if kind == "jhash":
        cursor.deeper()
        key = concat(cursor)
        cursor.depth -= 1
    cursor.take("mod")
    modulus = cursor.number()
    seed = cursor.number() if kind == "jhash" and cursor.accept("seed") else None
    return Hash(kind, key, modulus, seed, offset(cursor), cursor.since(start))


def right_primary(cursor: Cursor) -> Expression:
    """Parse one constant."""
    if cursor.word == "$":
        return cursor.variable()
    if cursor.word == "(":
        return grouped(cursor, constant)
    return cursor.value()


def constant(cursor: Cursor) -> Expression:
    """Parse constants joined by operators."""
    return operated(cursor, right_primary(cursor), right_primary)


def extent(cursor: Cursor, part: Part) -> Expression:
    """Parse a constant, a range or a prefix."""
    low = part(cursor)
    if cursor.word not in _EXTENDING:
        return low
    if cursor.accept("-"):
        high = part(cursor)
        return Range(low, high, Span(low.span.start, high.span.end))
    if cursor.word == "/" and _is_length(cursor, low):
        cursor.advance()
        length = cursor.number()
        return Prefix(low, length, Span(low.span.start, length.span.end))
    return low


def _is_length(cursor: Cursor, low: Expression) -> bool:
    """Tell whether a prefix length follows the slash, and not flags after a flag."""
    after = cursor.index + 1
    if cursor.is_hole(after):
        is_flag = isinstance(low, Literal) and low.text.isalpha() and low.text.isascii()
        return not is_flag
    return cursor.kinds[after] == "number" and (cursor.peek(2) != "," or cursor.listed)


def _constant_extent(cursor: Cursor) -> Expression:
    return extent(cursor, constant)


def constants(cursor: Cursor) -> Expression:
    """Parse constants, ranges and prefixes joined by dots: an element, one side of a match."""
    if cursor.texts[cursor.index + 1] in _CLOSING:
        return right_primary(cursor)  # a constant alone, by far the most common
    return joined(cursor, _constant_extent)
