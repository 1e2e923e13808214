"""Selectors: the left side of a match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.nft.expression import Expression, Fib, Literal, NumGen, Payload, Selector
from nftlint.nft.grammar import fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from nftlint.nft.grammar.cursor import Cursor


def selector(cursor: Cursor) -> Expression:
    """Parse a selector; fails where none begins."""
    special = _SPECIAL.get(cursor.word)
    if special is not None:
        return special(cursor)
    if cursor.word in fields.META_UNQUALIFIED:
        return _meta(cursor)
    return _header(cursor)


def starts_selector(cursor: Cursor) -> bool:
    """Tell whether the word is one that a selector begins with."""
    return cursor.word in _STARTS


def _field(cursor: Cursor, among: frozenset[str]) -> str:
    """Take one of ``among``, or a hole."""
    word = cursor.word
    if word not in among and not cursor.on_hole:
        cursor.fail(*sorted(among))
    cursor.advance()
    return word


def _header(cursor: Cursor) -> Selector:
    """``tcp dport``, or a header within a tunnel: ``vxlan ip saddr``."""
    start, head = cursor.index, cursor.word
    among = fields.HEADERS.get(head)
    if among is None:
        cursor.fail("a selector")
    cursor.advance()
    if cursor.word in fields.INNER.get(head, ()) and cursor.word not in among:
        return _within(cursor, start, head)
    return Selector((head, _field(cursor, among)), (), cursor.since(start))


def _within(cursor: Cursor, start: int, head: str) -> Selector:
    """Parse the header inside of the tunnel header ``head``."""
    inner = _SPECIAL.get(cursor.word, _header)(cursor)
    if not isinstance(inner, Selector):
        cursor.fail("a header")
    return Selector((head, *inner.keys), inner.args, cursor.since(start))


def _meta(cursor: Cursor) -> Selector:
    """``meta mark``, ``mark``, ``ipsec`` (as the flag)."""
    start = cursor.index
    among = fields.META if cursor.accept("meta") else fields.META_UNQUALIFIED
    key = _field(cursor, among)
    return Selector(("meta", fields.META_SYNONYMS.get(key, key)), (), cursor.since(start))


def _ct(cursor: Cursor) -> Selector:
    """``ct state``, ``ct original ip saddr``."""
    start = cursor.index
    cursor.take("ct")
    keys = ["ct"]
    among = fields.CT
    if cursor.word in {"original", "reply"}:
        keys.append(cursor.word)
        cursor.advance()
        among = fields.CT_DIRECTED
        if cursor.word in {"ip", "ip6"}:
            keys.append(cursor.word)
            cursor.advance()
            among = frozenset({"saddr", "daddr"})
    keys.append(_field(cursor, among))
    return Selector(tuple(keys), (), cursor.since(start))


def _ip(cursor: Cursor) -> Selector:
    """``ip saddr``, ``ip option lsrr ptr``."""
    if cursor.peek() != "option":
        return _header(cursor)
    start = cursor.index
    cursor.advance()
    cursor.advance()
    keys = ["ip", "option", _field(cursor, fields.IP_OPTIONS)]
    if cursor.word in fields.IP_OPTION_FIELDS:
        keys.append(_field(cursor, fields.IP_OPTION_FIELDS))
    return Selector(tuple(keys), (), cursor.since(start))


def _tcp(cursor: Cursor) -> Selector:
    """``tcp dport``, ``tcp option maxseg size``, ``tcp option @3,8,8``."""
    if cursor.peek() != "option":
        return _header(cursor)
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
        keys.append(_field(cursor, among))
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
        return _header(cursor)
    start = cursor.index
    cursor.advance()
    cursor.advance()
    chunk = _field(cursor, frozenset(fields.SCTP_CHUNKS))
    keys = ["sctp", "chunk", chunk]
    if cursor.word in fields.SCTP_CHUNKS.get(chunk, ()):
        keys.append(cursor.word)
        cursor.advance()
    return Selector(tuple(keys), (), cursor.since(start))


def _dccp(cursor: Cursor) -> Selector:
    """``dccp dport``, ``dccp option 5``."""
    if cursor.peek() != "option":
        return _header(cursor)
    start = cursor.index
    cursor.advance()
    cursor.advance()
    number = cursor.number()
    return Selector(("dccp", "option"), (number,), cursor.since(start))


def _arp(cursor: Cursor) -> Selector:
    """``arp operation``, ``arp saddr ip``."""
    if cursor.peek() not in {"saddr", "daddr"}:
        return _header(cursor)
    start = cursor.index
    cursor.advance()
    side = cursor.word
    cursor.advance()
    what = cursor.take("ether", "ip")
    return Selector(("arp", side, what), (), cursor.since(start))


def _rt(cursor: Cursor) -> Selector:
    """``rt nexthop``, ``rt ip nexthop``, and the routing header's ``rt type``."""
    if cursor.peek() not in {"ip", "ip6"}:
        return _header(cursor)
    start = cursor.index
    cursor.advance()
    family = cursor.word
    cursor.advance()
    key = _field(cursor, frozenset({"classid", "nexthop", "mtu", "ipsec"}))
    return Selector(("rt", family, key), (), cursor.since(start))


def _indexed(cursor: Cursor) -> Selector:
    """``rt0 addr[1]``, ``srh sid[1]``."""
    start, head = cursor.index, cursor.word
    if head == "srh" and cursor.peek() != "sid":
        return _header(cursor)
    cursor.advance()
    field = cursor.take("addr" if head == "rt0" else "sid")
    cursor.take("[")
    number = cursor.number()
    cursor.take("]")
    return Selector((head, field), (number,), cursor.since(start))


def _socket(cursor: Cursor) -> Selector:
    """``socket transparent``, ``socket cgroupv2 level 2``."""
    if cursor.peek() != "cgroupv2":
        return _header(cursor)
    start = cursor.index
    cursor.advance()
    cursor.advance()
    cursor.take("level")
    level = cursor.number()
    return Selector(("socket", "cgroupv2"), (level,), cursor.since(start))


def _osf(cursor: Cursor) -> Selector:
    """``osf name``, ``osf ttl loose version``."""
    start = cursor.index
    cursor.advance()
    args: tuple[Expression, ...] = ()
    if cursor.accept("ttl"):
        if cursor.word not in {"loose", "skip"}:
            cursor.fail("loose", "skip")
        args = (cursor.literal(),)
    key = _field(cursor, frozenset({"name", "version"}))
    return Selector(("osf", key), args, cursor.since(start))


def _ipsec(cursor: Cursor) -> Selector:
    """``ipsec in reqid``, ``ipsec out spnum 1 ip saddr``, or the flag ``ipsec``."""
    if cursor.peek() not in {"in", "out"}:
        return _meta(cursor)
    start = cursor.index
    cursor.advance()
    keys = ["ipsec", cursor.word]
    cursor.advance()
    args: tuple[Expression, ...] = ()
    if cursor.accept("spnum"):
        args = (cursor.number(),)
    if cursor.word in {"ip", "ip6"}:
        keys.append(cursor.word)
        cursor.advance()
        keys.append(cursor.take("saddr", "daddr"))
    else:
        keys.append(cursor.take("spi", "reqid"))
    return Selector(tuple(keys), args, cursor.since(start))


def _fib(cursor: Cursor) -> Fib:
    """``fib saddr . iif oif``; ``check`` is the older ``oif exists``."""
    start = cursor.index
    cursor.advance()
    flags = frozenset({"saddr", "daddr", "mark", "iif", "oif"})
    inputs = [_field(cursor, flags)]
    while cursor.accept("."):
        inputs.append(_field(cursor, flags))
    result = cursor.take("oif", "oifname", "type", "check")
    check = result == "check"
    return Fib(tuple(inputs), "oif" if check else result, check, cursor.since(start))


def _numgen(cursor: Cursor) -> NumGen:
    """``numgen inc mod 2 offset 1``."""
    start = cursor.index
    cursor.advance()
    mode = cursor.take("inc", "random")
    cursor.take("mod")
    modulus = cursor.number()
    return NumGen(mode, modulus, offset(cursor), cursor.since(start))


def offset(cursor: Cursor) -> Expression | None:
    """``offset 1``, or nothing."""
    return cursor.number() if cursor.accept("offset") else None


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


_SPECIAL: dict[str, Callable[[Cursor], Expression]] = {
    "meta": _meta,
    "ct": _ct,
    "ip": _ip,
    "tcp": _tcp,
    "sctp": _sctp,
    "dccp": _dccp,
    "arp": _arp,
    "rt": _rt,
    "rt0": _indexed,
    "srh": _indexed,
    "socket": _socket,
    "osf": _osf,
    "ipsec": _ipsec,
    "fib": _fib,
    "numgen": _numgen,
    "@": raw,
}
_STARTS = fields.HEADERS.keys() | fields.META_UNQUALIFIED | _SPECIAL.keys()
