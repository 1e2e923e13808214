"""Address translation: snat, dnat, masquerade, redirect, tproxy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.nft.grammar.actions import comma_words
from nftlint.nft.grammar.expressions import data
from nftlint.nft.statement import Nat, Tproxy

if TYPE_CHECKING:
    from collections.abc import Callable

    from nftlint.nft.expression import Expression
    from nftlint.nft.grammar.cursor import Cursor

_FLAGS = ("random", "fully-random", "persistent")


def nat(cursor: Cursor) -> Nat:
    """``dnat ip to 10.0.0.1:80 random,persistent``; ``to`` may be left out."""
    start = cursor.index
    kind = cursor.take("snat", "dnat")
    family = _family(cursor)
    form = _form(cursor, family)
    if family or form:
        cursor.take("to")
    else:
        cursor.accept("to")
    address, port = _address_and_port(cursor)
    return Nat(kind, family, form, address, port, _flags(cursor), cursor.since(start))


def _family(cursor: Cursor) -> str | None:
    """Take ``ip`` or ``ip6`` where it is not the header of a selector."""
    if cursor.word not in {"ip", "ip6"} or cursor.peek() not in {
        "to",
        "addr",
        "interval",
        "prefix",
    }:
        return None
    return cursor.take("ip", "ip6")


def _form(cursor: Cursor, family: str | None) -> str:
    """``addr . port`` (behind a family only), ``interval``, ``prefix`` or nothing."""
    if cursor.word in {"interval", "prefix"}:
        return cursor.take("interval", "prefix")
    if not family or not cursor.accept("addr"):
        return ""
    cursor.take(".")
    cursor.take("port")
    return "addr . port"


def _address_and_port(cursor: Cursor) -> tuple[Expression | None, Expression | None]:
    """``ADDRESS``, ``ADDRESS:PORT`` or ``:PORT``."""
    address = None if cursor.word == ":" else data(cursor)
    return address, data(cursor) if cursor.accept(":") else None


def _flags(cursor: Cursor) -> tuple[str, ...]:
    """``random,persistent``, or nothing."""
    found: list[str] = []
    while cursor.word in _FLAGS:
        found += comma_words(cursor, *_FLAGS)
    return tuple(found)


def masquerade(cursor: Cursor) -> Nat:
    """``masquerade to :1024-2048 random``."""
    return _to_port(cursor, "masquerade", cursor.take)


def redirect(cursor: Cursor) -> Nat:
    """``redirect to :8080``; without the colon it is a port too."""
    return _to_port(cursor, "redirect", cursor.accept)


def _to_port(cursor: Cursor, kind: str, colon: Callable[[str], object]) -> Nat:
    """Parse a translation to an address of the host's own, and a port behind ``colon(":")``."""
    start = cursor.index
    cursor.take(kind)
    port = None
    if cursor.accept("to"):
        colon(":")
        port = data(cursor)
    return Nat(kind, None, "", None, port, _flags(cursor), cursor.since(start))


def tproxy(cursor: Cursor) -> Tproxy:
    """``tproxy ip to 127.0.0.1:80``."""
    start = cursor.index
    cursor.take("tproxy")
    family = cursor.take("ip", "ip6") if cursor.word != "to" else None
    cursor.take("to")
    address, port = _address_and_port(cursor)
    return Tproxy(family, address, port, cursor.since(start))
