"""Sets and maps in braces, and references to named ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.nft.expression import Element, Expression, SetLiteral, SetRef, Wildcard
from nftlint.nft.grammar.operands import constants
from nftlint.nft.grammar.stateful import JUMPS, PLAIN_VERDICTS, stateful, verdict
from nftlint.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from nftlint.nft.expression import Literal, Variable
    from nftlint.nft.grammar.cursor import Cursor
    from nftlint.nft.statement import Statement, Verdict

_AFTER_KEY = frozenset(",}\n")
_VERDICTS = PLAIN_VERDICTS | JUMPS


def set_reference(cursor: Cursor) -> SetRef:
    """``@name``."""
    start = cursor.index
    cursor.take("@")
    name = cursor.name("the name of a set")
    return SetRef(name.text, cursor.since(start))


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
