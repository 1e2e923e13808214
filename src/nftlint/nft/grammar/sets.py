"""The blocks of sets and maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.nft.command import Option, SetBody, SetType
from nftlint.nft.grammar import actions
from nftlint.nft.grammar.elements import set_literal
from nftlint.nft.grammar.operands import concat
from nftlint.nft.grammar.recovery import block
from nftlint.nft.grammar.stateful import STATEFUL, stateful
from nftlint.nft.grammar.words import RESERVED, words
from nftlint.record import dataclass, field

if TYPE_CHECKING:
    from nftlint.nft.expression import Expression, Literal, SetLiteral, Variable
    from nftlint.nft.grammar.cursor import Cursor
    from nftlint.nft.statement import Statement

_FLAGS = ("constant", "interval", "timeout", "dynamic")
_OBJECTS = words("counter quota limit secmark synproxy")
_PLAIN_TYPEOF = _OBJECTS | {"queue", "verdict"}
# Keywords that are types, too.
_TYPES = _OBJECTS | words("queue mark dscp ecn classid time")


@dataclass(slots=True)
class _Parts:
    """What a set's block has been found to hold."""

    key: SetType | None = None
    value: SetType | None = None
    flags: list[str] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    elements: SetLiteral | Variable | None = None
    statements: tuple[Statement, ...] = ()
    comment: Literal | None = None


def set_block(cursor: Cursor) -> SetBody:
    """Parse the block of a set or map."""
    parts = _Parts()

    def member(inner: Cursor) -> None:
        _member(inner, parts)

    span = block(cursor, member, {"elements", "auto-merge"}.__contains__)
    return SetBody(
        parts.key,
        parts.value,
        tuple(parts.flags),
        tuple(parts.options),
        parts.elements,
        parts.statements,
        parts.comment,
        span,
    )


def _member(cursor: Cursor, parts: _Parts) -> None:
    """Parse one line of the block."""
    word = cursor.word
    if word in {"type", "typeof"}:
        _types(cursor, parts)
    elif word == "flags":
        cursor.advance()
        parts.flags += actions.comma_words(cursor, *_FLAGS)
    elif word == "elements":
        cursor.advance()
        cursor.take("=")
        parts.elements = elements(cursor)
    elif word == "comment":
        parts.comment = actions.comment(cursor)
    elif word in STATEFUL:
        parts.statements += stateful(cursor)
    else:
        parts.options.append(_option(cursor))


def elements(cursor: Cursor) -> SetLiteral | Variable:
    """``{ … }`` or ``$name``."""
    return cursor.variable() if cursor.word == "$" else set_literal(cursor)


def _option(cursor: Cursor) -> Option:
    """``timeout 1h``, ``gc-interval 1m``, ``size 65535``, ``policy memory``, ``auto-merge``."""
    start = cursor.index
    name = cursor.take("timeout", "gc-interval", "size", "policy", "auto-merge")
    value = ""
    if name in {"timeout", "gc-interval"}:
        value = cursor.time().text
    elif name == "size":
        value = cursor.number().text
    elif name == "policy":
        value = cursor.take("performance", "memory")
    return Option(name, value, cursor.since(start))


def _types(cursor: Cursor, parts: _Parts) -> None:
    """``type KEY : VALUE`` or ``typeof KEY : VALUE``."""
    read = _typeof if cursor.take("type", "typeof") == "typeof" else _named
    parts.key = read(cursor)
    if cursor.accept(":"):
        parts.value = read(cursor)


def _named(cursor: Cursor) -> SetType:
    """``ipv4_addr . inet_service``."""
    start = cursor.index
    interval = cursor.accept("interval")
    names = [_type_name(cursor)]
    while cursor.accept("."):
        names.append(_type_name(cursor))
    return SetType(interval, tuple(names), None, cursor.since(start))


def _type_name(cursor: Cursor) -> str:
    """Take the name of a type, which may be a keyword."""
    if cursor.accept("ct"):
        return "ct " + cursor.take("helper", "timeout", "expectation")
    is_word = cursor.kind == "word" and (cursor.word not in RESERVED or cursor.word in _TYPES)
    if not is_word and not cursor.on_hole:
        cursor.fail("a type")
    return cursor.literal().text


def _typeof(cursor: Cursor) -> SetType:
    """``ip saddr . tcp dport``, or the name of what has no selector."""
    start = cursor.index
    interval = cursor.accept("interval")
    names: tuple[str, ...] = ()
    expression: Expression | None = None
    is_object = cursor.word == "ct" and cursor.peek() in {"timeout", "expectation"}
    if cursor.word in _PLAIN_TYPEOF or is_object:
        names = (_type_name(cursor),)
    else:
        expression = concat(cursor)
    return SetType(interval, names, expression, cursor.since(start))
