"""The blocks of counters, quotas, limits and the other objects of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.nft.command import Object, Option
from nftlint.nft.grammar import actions
from nftlint.nft.grammar.cursor import Cursor
from nftlint.nft.grammar.recovery import block
from nftlint.nft.grammar.stateful import amount, counts, rate
from nftlint.nft.grammar.words import words
from nftlint.nft.statement import Synproxy

if TYPE_CHECKING:
    from collections.abc import Callable

    from nftlint.nft.expression import Literal
    from nftlint.nft.statement import Statement

# The words that the lines of an object without a statement may begin with.
_OPTIONS = {
    "ct helper": words("type l3proto"),
    "ct timeout": words("protocol l3proto policy"),
    "ct expectation": words("protocol dport timeout size l3proto"),
    "tunnel": words("id ip ip6 sport dport ttl tos erspan vxlan geneve"),
}
OBJECTS = frozenset({"counter", "quota", "limit", "synproxy", "secmark", *_OPTIONS})


def object_body(cursor: Cursor, kind: str) -> Object | None:
    """Parse what follows the name: a block, the same without braces, or nothing."""
    if cursor.word == "{":
        return _block(cursor, kind)
    if cursor.at_end() or kind in _OPTIONS:
        return None
    start = cursor.index
    found = _configuration(cursor, kind)
    statement, options = (None, (found,)) if isinstance(found, Option) else (found, ())
    return Object(statement, options, None, cursor.since(start))


def _block(cursor: Cursor, kind: str) -> Object:
    """Parse the block of an object."""
    statements: list[Statement] = []
    options: list[Option] = []
    comments: list[Literal] = []

    def member(inner: Cursor) -> None:
        if inner.word == "comment":
            comments.append(actions.comment(inner))
            return
        found = _configuration(inner, kind)
        if isinstance(found, Option):
            options.append(found)
        else:
            statements.append(found)

    span = block(cursor, member, lambda word: kind not in _OPTIONS or word == "comment")
    statement = _merged(statements)
    return Object(statement, tuple(options), comments[-1] if comments else None, span)


def _merged(statements: list[Statement]) -> Statement | None:
    """Return the one statement; the lines of a synproxy are parts of one."""
    parts = [each for each in statements if isinstance(each, Synproxy)]
    if len(parts) < 2:
        return statements[-1] if statements else None
    return Synproxy(
        next((part.mss for part in parts if part.mss), None),
        next((part.wscale for part in parts if part.wscale), None),
        any(part.timestamp for part in parts),
        any(part.sack_perm for part in parts),
        parts[0].span.cover(parts[-1].span),
    )


def _configuration(cursor: Cursor, kind: str) -> Statement | Option:
    """Parse one line of an object of this kind."""
    start = cursor.index
    if kind == "secmark":
        return Option("secmark", cursor.string().text, cursor.since(start))
    parser = _PARSERS.get(kind)
    if parser is not None:
        return parser(cursor)
    return _option(cursor, kind)


def _synproxy(cursor: Cursor) -> Statement:
    start = cursor.index
    if cursor.word not in {"mss", "maxseg", "wscale", "timestamp", "sack-perm", "sack-permitted"}:
        cursor.fail("mss", "wscale", "timestamp", "sack-perm")
    return actions.synproxy_options(cursor, start)


_PARSERS: dict[str, Callable[[Cursor], Statement]] = {
    "counter": counts,
    "quota": lambda cursor: amount(cursor, cursor.index),
    "limit": lambda cursor: rate(cursor, cursor.index),
    "synproxy": _synproxy,
}


def _option(cursor: Cursor, kind: str) -> Option:
    """Parse a line, of which the value is kept as text."""
    start = cursor.index
    name = cursor.take(*sorted(_OPTIONS[kind]))
    first = cursor.index
    if kind == "tunnel":
        _skip_value(cursor)
    else:
        _VALUES[name](cursor)
    return Option(name, cursor.since(first).of(cursor.text), cursor.since(start))


def _skip_value(cursor: Cursor) -> None:
    """Pass over a value, which may be a block."""
    first = cursor.index
    opened = 0
    while cursor.word and (opened or not cursor.at_end()):
        opened += (cursor.word == "{") - (cursor.word == "}")
        cursor.advance()
    if cursor.index == first:
        cursor.fail("a value")


def _word(*among: str) -> Callable[[Cursor], object]:
    """Return a parser of one of ``among``, or a hole."""
    return lambda cursor: cursor.choice(*among)


_PROTOCOL = _word("tcp", "udp")


def _helper_type(cursor: Cursor) -> None:
    """``"ftp" protocol tcp``."""
    cursor.quoted()
    cursor.take("protocol")
    _PROTOCOL(cursor)


def _timeouts(cursor: Cursor) -> None:
    """``= { established : 100, close : 4s }``."""
    cursor.take("=")
    cursor.open("{")
    while True:
        cursor.name("a state")
        cursor.take(":")
        if cursor.kind == "number":
            cursor.number()
        else:
            cursor.time()
        if not cursor.accept(","):
            break
    cursor.close("}")


_VALUES: dict[str, Callable[[Cursor], object]] = {
    "type": _helper_type,
    "l3proto": _word("ip", "ip6", "inet", "arp", "bridge", "netdev"),
    "protocol": _PROTOCOL,
    "policy": _timeouts,
    "dport": Cursor.number,
    "size": Cursor.number,
    "timeout": Cursor.time,
}
