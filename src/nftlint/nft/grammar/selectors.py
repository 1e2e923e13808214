"""Selectors: what a match looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.nft.expression import Expression, Fib, NumGen, Selector
from nftlint.nft.grammar import fields
from nftlint.nft.grammar.headers import HEADER_PARSERS, field, header

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
    return header(cursor)


def starts_selector(cursor: Cursor) -> bool:
    """Tell whether the word is one that a selector begins with."""
    return cursor.word in _STARTS


def _meta(cursor: Cursor) -> Selector:
    """``meta mark``, ``mark``, ``ipsec`` (as the flag)."""
    start = cursor.index
    among = fields.META if cursor.accept("meta") else fields.META_UNQUALIFIED
    key = field(cursor, among)
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
    keys.append(field(cursor, among))
    return Selector(tuple(keys), (), cursor.since(start))


def _rt(cursor: Cursor) -> Selector:
    """``rt nexthop``, ``rt ip nexthop``, and the routing header's ``rt type``."""
    if cursor.peek() not in {"ip", "ip6"}:
        return header(cursor)
    start = cursor.index
    cursor.advance()
    family = cursor.word
    cursor.advance()
    key = field(cursor, frozenset({"classid", "nexthop", "mtu", "ipsec"}))
    return Selector(("rt", family, key), (), cursor.since(start))


def _socket(cursor: Cursor) -> Selector:
    """``socket transparent``, ``socket cgroupv2 level 2``."""
    if cursor.peek() != "cgroupv2":
        return header(cursor)
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
    key = field(cursor, frozenset({"name", "version"}))
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
    inputs = [field(cursor, flags)]
    while cursor.accept("."):
        inputs.append(field(cursor, flags))
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


_SPECIAL: dict[str, Callable[[Cursor], Expression]] = {
    **HEADER_PARSERS,
    "meta": _meta,
    "ct": _ct,
    "rt": _rt,
    "socket": _socket,
    "osf": _osf,
    "ipsec": _ipsec,
    "fib": _fib,
    "numgen": _numgen,
}
_STARTS = fields.HEADERS.keys() | fields.META_UNQUALIFIED | _SPECIAL.keys()
