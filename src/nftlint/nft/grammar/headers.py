"""Selectors of the packet's headers, with their options and extensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.nft.expression import Expression, Literal, Payload, Selector
from nftlint.nft.grammar import fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from nftlint.nft.grammar.cursor import Cursor


def field(cursor: Cursor, among: frozenset[str]) -> str:
    """Take one of ``among``, or a hole."""
    word = cursor.word
    if word not in among and not cursor.on_hole:
        cursor.fail(*sorted(among))
    cursor.advance()
    return word


def header(cursor: Cursor) -> Selector:
    """``tcp dport``, or a header within a tunnel: ``vxlan ip saddr``."""
    start, head = cursor.index, cursor.word
    among = fields.HEADERS.get(head)
    if among is None:
        cursor.fail("a selector")
    cursor.advance()
    if cursor.word in fields.INNER.get(head, ()) and cursor.word not in among:
        return _within(cursor, start, head)
    return Selector((head, field(cursor, among)), (), cursor.since(start))


def _within(cursor: Cursor, start: int, head: str) -> Selector:
    """Parse the header inside of the tunnel header ``head``."""
    inner = _WITHIN.get(cursor.word, header)(cursor)
    if not isinstance(inner, Selector):
        cursor.fail("a header")
    return Selector((head, *inner.keys), inner.args, cursor.since(start))


def _ip(cursor: Cursor) -> Selector:
    """``ip saddr``, ``ip option lsrr ptr``."""
    if cursor.peek() != "option":
        return header(cursor)
    start = cursor.index
    cursor.advance()
    cursor.advance()
    keys = ["ip", "option", field(cursor, fields.IP_OPTIONS)]
    if cursor.word in fields.IP_OPTION_FIELDS:
        keys.append(field(cursor, fields.IP_OPTION_FIELDS))
    return Selector(tuple(keys), (), cursor.since(start))


def _tcp(cursor: Cursor) -> Selector:
    """``tcp dport``, ``tcp option maxseg size``, ``tcp option @3,8,8``."""
    if cursor.peek() != "option":
        return header(cursor)
    start = cursor.index
    cursor.advance()
    cursor.advance()
    if cursor.accept("@"):
        option = cursor.index
        name = tcp_option(cursor)
        args = (Literal(name, quoted=False, span=cursor.since(option)), *_comma_numbers(cursor))
        return Selector(("tcp", "option", "@"), args, cursor.since(start))
    kind_word = tcp_option(cursor)
    keys = ["tcp", "option", kind_word]
    among = fields.TCP_OPTIONS.get(kind_word, frozenset({"length"}))
    if cursor.word in among or cursor.word in fields.TCP_OPTION_FIELDS:
        keys.append(field(cursor, among))
    return Selector(tuple(keys), (), cursor.since(start))


def tcp_option(cursor: Cursor) -> str:
    """Take the name or number of a tcp option."""
    word = cursor.word
    word = fields.TCP_OPTION_SYNONYMS.get(word, word)
    if word not in fields.TCP_OPTIONS and cursor.kind != "number" and not cursor.on_hole:
        cursor.fail(*fields.TCP_OPTIONS)
    cursor.advance()
    return word


def _comma_numbers(cursor: Cursor) -> tuple[Expression, Expression]:
    """``,offset,length``."""
    cursor.take(",")
    offset = cursor.number()
    cursor.take(",")
    return offset, cursor.number()


def _sctp(cursor: Cursor) -> Selector:
    """``sctp dport``, ``sctp chunk data tsn``."""
    if cursor.peek() != "chunk":
        return header(cursor)
    start = cursor.index
    cursor.advance()
    cursor.advance()
    chunk = field(cursor, frozenset(fields.SCTP_CHUNKS))
    keys = ["sctp", "chunk", chunk]
    if cursor.word in fields.SCTP_CHUNKS.get(chunk, ()):
        keys.append(cursor.word)
        cursor.advance()
    return Selector(tuple(keys), (), cursor.since(start))


def _dccp(cursor: Cursor) -> Selector:
    """``dccp dport``, ``dccp option 5``."""
    if cursor.peek() != "option":
        return header(cursor)
    start = cursor.index
    cursor.advance()
    cursor.advance()
    number = cursor.number()
    return Selector(("dccp", "option"), (number,), cursor.since(start))


def _arp(cursor: Cursor) -> Selector:
    """``arp operation``, ``arp saddr ip``."""
    if cursor.peek() not in {"saddr", "daddr"}:
        return header(cursor)
    start = cursor.index
    cursor.advance()
    side = cursor.word
    cursor.advance()
    what = cursor.take("ether", "ip")
    return Selector(("arp", side, what), (), cursor.since(start))


def _indexed(cursor: Cursor) -> Selector:
    """``rt0 addr[1]``, ``srh sid[1]``."""
    start, head = cursor.index, cursor.word
    if head == "srh" and cursor.peek() != "sid":
        return header(cursor)
    cursor.advance()
    field = cursor.take("addr" if head == "rt0" else "sid")
    cursor.take("[")
    number = cursor.number()
    cursor.take("]")
    return Selector((head, field), (number,), cursor.since(start))


def raw(cursor: Cursor) -> Payload:
    """``@nh,128,32``."""
    start = cursor.index
    cursor.take("@")
    base = cursor.word
    if cursor.kind not in {"word", "hole"}:
        cursor.fail("ll", "nh", "th", "ih")
    cursor.advance()
    offset, length = _comma_numbers(cursor)
    return Payload(base, offset, length, cursor.since(start))


_WITHIN: dict[str, Callable[[Cursor], Selector]] = {
    "ip": _ip,
    "tcp": _tcp,
    "sctp": _sctp,
    "dccp": _dccp,
    "arp": _arp,
}
HEADER_PARSERS: dict[str, Callable[[Cursor], Expression]] = {
    **_WITHIN,
    "rt0": _indexed,
    "srh": _indexed,
    "@": raw,
}
