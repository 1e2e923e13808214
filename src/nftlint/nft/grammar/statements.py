"""Statements and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.holes import has_holes
from nftlint.nft.command import Rule
from nftlint.nft.expression import Element, Expression, Name, Selector, SetLiteral
from nftlint.nft.grammar import actions, fields, nat
from nftlint.nft.grammar.cursor import SyntaxFault
from nftlint.nft.grammar.elements import element_of, set_or_reference
from nftlint.nft.grammar.expressions import data, left, right
from nftlint.nft.grammar.operands import key
from nftlint.nft.grammar.recovery import separator
from nftlint.nft.grammar.selectors import starts_selector
from nftlint.nft.grammar.stateful import JUMPS, PLAIN_VERDICTS, ct_count, last, verdict
from nftlint.nft.grammar.words import RESERVED
from nftlint.nft.statement import (
    Assign,
    Match,
    Meter,
    Notrack,
    ObjectRef,
    Statement,
    Unknown,
    Verdict,
    Vmap,
)
from nftlint.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from nftlint.nft.grammar.cursor import Cursor

_RELATIONS = {
    **{sign: sign for sign in ("==", "!=", "<", ">", "<=", ">=", "!")},
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "gt": ">",
    "le": "<=",
    "ge": ">=",
    "not": "!",
}
_OTHER_STARTS = frozenset({"(", "$", "jhash", "symhash"})
_VALUES = frozenset({"number", "address", "string", "glob", "word"})
_AFTER_SELECTOR = _RELATIONS.keys() | {"{", "@", "$", "vmap", "map", "set", ".", "&", "|"}


def rule(cursor: Cursor) -> Rule:
    """Parse statements up to the end of the rule, at least one."""
    start = cursor.index
    statements = [statement_or_unknown(cursor)]
    while not cursor.at_end() and cursor.word != "comment":
        statements.append(statement_or_unknown(cursor))
    comment = actions.comment(cursor) if cursor.word == "comment" else None
    return Rule(tuple(statements), comment, cursor.since(start))


def statement_or_unknown(cursor: Cursor) -> Statement:
    """Parse a statement; one that ends in a hole may have its end within that hole."""
    start, depth = cursor.index, cursor.depth
    try:
        return statement(cursor)
    except SyntaxFault as fault:
        cursor.depth, cursor.glue, cursor.listed = depth, False, False
        if fault.depth != depth or fault.index <= start or not cursor.is_hole(fault.index - 1):
            raise
        cursor.seek(fault.index)
        span = cursor.since(start)
        return Unknown(span.of(cursor.text), span)


def statement(cursor: Cursor) -> Statement:
    """Parse one statement."""
    parser = _STATEMENTS.get(cursor.word)
    if parser is not None:
        return parser(cursor)
    if cursor.word in JUMPS:
        return _jump(cursor)
    if starts_selector(cursor) or cursor.word in _OTHER_STARTS:
        return _match(cursor, left(cursor))
    if cursor.on_hole:
        return _hidden(cursor)
    return cursor.fail("a statement")


def _jump(cursor: Cursor) -> Verdict:
    """``jump NAME``, ``jump { … }``."""
    if cursor.peek() != "{":
        return verdict(cursor)
    start, kind = cursor.index, cursor.word
    cursor.advance()
    cursor.open("{")
    rules: list[Rule] = []
    while cursor.word != "}":
        if cursor.word in {"\n", ";"}:
            cursor.advance()
        else:
            rules.append(rule(cursor))
            separator(cursor)
    cursor.close("}")
    return Verdict(kind, tuple(rules), cursor.since(start))


def _match(cursor: Cursor, selected: Expression) -> Statement:
    """Parse what follows the left side: a comparison, a verdict map, an assignment."""
    start = selected.span.start
    word = cursor.word
    if word == "vmap":
        cursor.advance()
        found = set_or_reference(cursor)
        _check_verdicts(cursor, found)
        return Vmap(selected, found, Span(start, found.span.end))
    if word == "set":
        return _assign(cursor, selected)
    operator = _RELATIONS.get(word)
    if operator is not None:
        cursor.advance()
    cursor.glue = isinstance(selected, Selector) and selected.keys[-1] in fields.NAMED
    value = right(cursor)
    cursor.glue = False
    span = Span(start, value.span.end)
    return Match(selected, operator or "==", value, operator is not None, span)


def _check_verdicts(cursor: Cursor, found: Expression) -> None:
    """Fail if an element has no verdict, unless a hole may hold it."""
    elements = found.elements if isinstance(found, SetLiteral) else ()
    for each in elements:
        if not isinstance(each.value, Verdict) and not has_holes(each.span.of(cursor.text)):
            cursor.fail("a verdict for each element")


def _assign(cursor: Cursor, target: Expression) -> Statement:
    """``… set …``; of ``ct helper`` it is the use of an object."""
    cursor.take("set")
    value = data(cursor)
    span = Span(target.span.start, value.span.end)
    if isinstance(target, Selector) and target.keys == ("ct", "helper"):
        return ObjectRef("ct helper", value, span)
    return Assign(target, value, span)


def _ct(cursor: Cursor) -> Statement:
    """``ct count over 3``, ``ct timeout set "x"``, or a match of ``ct``."""
    following = cursor.peek()
    if following == "count":
        return ct_count(cursor)
    if following in {"timeout", "expectation"}:
        if cursor.peek(2) != "set":
            cursor.seek(cursor.index + 2)
            cursor.fail("set")
        return actions.object_ref(cursor, f"ct {following}", 3)
    return _match(cursor, left(cursor))


def _tunnel(cursor: Cursor) -> Statement:
    """``tunnel name "t"``, or a match of ``tunnel``."""
    if cursor.peek() == "name":
        return actions.object_ref(cursor, "tunnel", 2)
    return _match(cursor, left(cursor))


def _notrack(cursor: Cursor) -> Notrack:
    """``notrack``."""
    start = cursor.index
    cursor.advance()
    return Notrack(cursor.since(start))


def _flow(cursor: Cursor) -> Statement:
    """``flow add @f``; ``flow table`` is the older word for ``meter``."""
    return _meter(cursor) if cursor.peek() == "table" else actions.flow(cursor)


def _meter(cursor: Cursor) -> Meter:
    """``meter NAME size 100 { ip saddr limit rate 1/second }``."""
    start = cursor.index
    if not cursor.accept("meter"):
        cursor.advance()
        cursor.advance()
    name: Name | None = None if cursor.word == "{" else cursor.name("a meter")
    size = cursor.number() if cursor.accept("size") else None
    cursor.open("{")
    element: Element = element_of(cursor, key(cursor), data)
    cursor.close("}")
    return Meter(name, size, element, cursor.since(start))


def _hidden(cursor: Cursor) -> Statement:
    """Parse what begins with a hole: a selector if what follows says so, else it is unknown."""
    start = cursor.index
    literal = cursor.glued()
    if cursor.word in fields.FIELDS_ONLY:
        keys: tuple[str, ...] = (literal.text, cursor.word)
        cursor.advance()
        return _match(cursor, Selector(keys, (), cursor.since(start)))
    is_value = cursor.kind in _VALUES and cursor.word not in RESERVED
    if is_value or cursor.word in _AFTER_SELECTOR:
        return _match(cursor, Selector((literal.text,), (), literal.span))
    return Unknown(literal.text, literal.span)


_STATEMENTS: dict[str, Callable[[Cursor], Statement]] = {
    **dict.fromkeys(PLAIN_VERDICTS, verdict),
    **dict.fromkeys(("counter", "limit", "quota"), actions.stateful_or_named),
    **dict.fromkeys(("snat", "dnat"), nat.nat),
    **dict.fromkeys(("add", "update", "delete"), actions.dynamic),
    "last": last,
    "ct": _ct,
    "log": actions.log,
    "reject": actions.reject,
    "masquerade": nat.masquerade,
    "redirect": nat.redirect,
    "tproxy": nat.tproxy,
    "queue": actions.queue,
    "dup": actions.dup,
    "fwd": actions.fwd,
    "synproxy": actions.synproxy,
    "reset": actions.reset,
    "set": actions.old_dynamic,
    "meter": _meter,
    "flow": _flow,
    "notrack": _notrack,
    "tunnel": _tunnel,
    "xt": actions.xt,
}
