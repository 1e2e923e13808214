"""Expressions: operators, concatenations, lists and maps around selectors and constants.

There are three places for an expression, and nft allows other things in each: the *left* side of a
match (selectors), its *right* side (constants), and the *data* that a statement takes (both).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.nft.expression import (
    BinaryOp,
    Concat,
    Element,
    Expression,
    FlagMask,
    Hash,
    ListExpr,
    Literal,
    MapLookup,
    Prefix,
    Range,
    SetLiteral,
    SetRef,
    Variable,
    Wildcard,
)
from nftlint.nft.grammar import fields
from nftlint.nft.grammar.selectors import offset, raw, selector, starts_selector
from nftlint.nft.grammar.stateful import JUMPS, PLAIN_VERDICTS, stateful, verdict
from nftlint.nft.grammar.words import DATA_KEYWORDS
from nftlint.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from nftlint.nft.grammar.cursor import Cursor
    from nftlint.nft.statement import Statement, Verdict

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
_AFTER_KEY = frozenset(",}\n")
# After one of these no constant can go on.
_CLOSING = frozenset(
    {",", "}", "\n", "", ":", "accept", "drop", "counter", "tcp", "udp", "ip", "ct", "log"}
)
_EXTENDING = frozenset("-/")
_HASHES = frozenset({"jhash", "symhash"})
_NEVER_LISTED = (Range, Prefix, Concat, MapLookup)
_VERDICTS = PLAIN_VERDICTS | JUMPS


def _operated(cursor: Cursor, left_side: Expression, others: Part, least: int = 1) -> Expression:
    """Parse what operators of strength ``least`` or more bind to ``left_side``."""
    while (operator := _OPERATORS.get(cursor.word)) is not None and operator[1] >= least:
        cursor.advance()
        right_side = _operated(cursor, others(cursor), others, operator[1] + 1)
        span = Span(left_side.span.start, right_side.span.end)
        left_side = BinaryOp(operator[0], left_side, right_side, span)
    return left_side


def _grouped(cursor: Cursor, inner: Part) -> Expression:
    """``( … )``; the brackets are not kept, for the tree says what binds."""
    cursor.open("(")
    expression = inner(cursor)
    cursor.close(")")
    return expression


def _joined(cursor: Cursor, part: Part) -> Expression:
    """Parse parts joined by dots."""
    first = part(cursor)
    if cursor.word != ".":
        return first
    parts = [first]
    while cursor.accept("."):
        parts.append(part(cursor))
    return Concat(tuple(parts), Span(first.span.start, parts[-1].span.end))


def _left_primary(cursor: Cursor) -> Expression:
    """Parse what a match can begin with: a selector, a variable, a bracket."""
    word = cursor.word
    if word == "(":
        return _grouped(cursor, _left_basic)
    if word == "$":
        return cursor.variable()
    if word in _HASHES:
        return _hash(cursor)
    return selector(cursor)


def _left_basic(cursor: Cursor) -> Expression:
    first = _left_primary(cursor)
    return _operated(cursor, first, _right_primary) if cursor.word in _OPERATORS else first


def concat(cursor: Cursor) -> Expression:
    """Parse selectors joined by dots."""
    return _joined(cursor, _left_basic)


def key(cursor: Cursor) -> Expression:
    """Parse selectors and constants joined by dots: what is looked up in a set, or added to it."""
    return _joined(cursor, _key_basic)


def _key_basic(cursor: Cursor) -> Expression:
    return _operated(cursor, _key_primary(cursor), _right_primary)


def _key_primary(cursor: Cursor) -> Expression:
    """Parse a selector or a constant; a header's name is never a constant here."""
    is_left = cursor.word in {"(", "$"} or cursor.word in _HASHES or starts_selector(cursor)
    return _left_primary(cursor) if is_left else cursor.value()


def left(cursor: Cursor) -> Expression:
    """Parse the left side of a match: selectors joined by dots, or a map of them.

    All parts but the first may be constants: ``ip saddr . "lo" @set``.
    """
    first = _left_basic(cursor)
    if cursor.word != ".":
        return _mapped(cursor, first)
    parts = [first]
    while cursor.accept("."):
        parts.append(_key_basic(cursor))
    joined = Concat(tuple(parts), Span(first.span.start, parts[-1].span.end))
    return _mapped(cursor, joined)


def _mapped(cursor: Cursor, key: Expression) -> Expression:
    """Parse ``map …`` after ``key``, if it is there."""
    if not cursor.accept("map"):
        return key
    table = set_or_reference(cursor)
    return MapLookup(key, table, Span(key.span.start, table.span.end))


def _hash(cursor: Cursor) -> Hash:
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


def _right_primary(cursor: Cursor) -> Expression:
    """Parse one constant."""
    if cursor.word == "$":
        return cursor.variable()
    if cursor.word == "(":
        return _grouped(cursor, constant)
    return cursor.value()


def constant(cursor: Cursor) -> Expression:
    """Parse constants joined by operators."""
    return _operated(cursor, _right_primary(cursor), _right_primary)


def _extent(cursor: Cursor, part: Part) -> Expression:
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
    return _extent(cursor, constant)


def constants(cursor: Cursor) -> Expression:
    """Parse constants, ranges and prefixes joined by dots: an element, one side of a match."""
    if cursor.texts[cursor.index + 1] in _CLOSING:
        return _right_primary(cursor)  # a constant alone, by far the most common
    return _joined(cursor, _constant_extent)


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
        return _grouped(cursor, _data_basic)
    if word in _HASHES:
        return _hash(cursor)
    if starts_selector(cursor) and not _is_constant(cursor):
        return selector(cursor)
    return _right_primary(cursor)


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
    return _operated(cursor, _data_primary(cursor), _data_primary)


def _data_extent(cursor: Cursor) -> Expression:
    return _extent(cursor, _data_basic)


def data(cursor: Cursor) -> Expression:
    """Parse what a statement takes: after ``mark set``, ``dnat to``, ``queue to``."""
    return _list(cursor, _mapped(cursor, _joined(cursor, _data_extent)))


def set_reference(cursor: Cursor) -> SetRef:
    """``@name``."""
    start = cursor.index
    cursor.take("@")
    name = cursor.name("the name of a set")
    return SetRef(name.text, cursor.since(start))


def raw_or_reference(cursor: Cursor) -> Expression:
    """Tell ``@nh,0,8`` from ``@name`` by the comma."""
    return raw(cursor) if cursor.peek(2) == "," else set_reference(cursor)


def set_or_reference(cursor: Cursor) -> SetLiteral | SetRef | Variable | Literal:
    """``{ … }``, ``@name``, ``$name``, or a hole for one of these."""
    if cursor.word == "{":
        return set_literal(cursor)
    if cursor.word == "$":
        return cursor.variable()
    return cursor.value() if cursor.on_hole else set_reference(cursor)


def set_literal(cursor: Cursor) -> SetLiteral:
    """``{ 22, 80 : accept, … }``; a comma may follow the last, and a hole may hide one."""
    start = cursor.index
    listed, cursor.listed = cursor.listed, True
    cursor.open("{")
    elements: list[Element] = []
    cursor.skip_lines()
    while cursor.word != "}" or not elements:
        elements.append(element(cursor))
        cursor.skip_lines()
        if not cursor.accept(",") and not _hidden_comma(cursor):
            break
        cursor.skip_lines()
    cursor.close("}")
    cursor.listed = listed
    return SetLiteral(tuple(elements), cursor.since(start))


def _hidden_comma(cursor: Cursor) -> bool:
    """Tell whether a hole beside this place may hold the comma."""
    return cursor.word != "}" and (cursor.is_hole(cursor.index - 1) or cursor.on_hole)


def element(cursor: Cursor) -> Element:
    """Parse ``key``, its options and statements, and what a map gives for it."""
    start = cursor.index
    if cursor.word == "{":
        looked_up: Expression = set_literal(cursor)
    elif cursor.word == "*":
        cursor.advance()
        looked_up = Wildcard(cursor.since(start))
    else:
        looked_up = constants(cursor)
    return element_of(cursor, looked_up, _element_value)


def element_of(
    cursor: Cursor, looked_up: Expression, value_of: Callable[[Cursor], Expression | Verdict]
) -> Element:
    """Parse what follows ``looked_up`` in an element."""
    statements: tuple[Statement, ...] = ()
    options: dict[str, Literal] = {}
    value = None
    if cursor.word in _AFTER_KEY:
        return Element(looked_up, None, (), None, None, None, looked_up.span)
    while True:
        word = cursor.word
        if word in {"timeout", "expires"}:
            cursor.advance()
            options[word] = cursor.time()
        elif word == "comment":
            cursor.advance()
            options[word] = cursor.string()
        elif more := stateful(cursor):
            statements += more
        else:
            break
    if cursor.accept(":"):
        value = value_of(cursor)
    timeout, expires, comment = (options.get(name) for name in ("timeout", "expires", "comment"))
    end = cursor.ends[cursor.index - 1]
    span = Span(looked_up.span.start, end)
    return Element(looked_up, value, statements, timeout, expires, comment, span)


def _element_value(cursor: Cursor) -> Expression | Verdict:
    """Parse what a map gives: constants or a verdict."""
    return verdict(cursor) if cursor.word in _VERDICTS else constants(cursor)
