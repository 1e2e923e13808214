"""Conditions in nft's words: the rule that a match is tried beside."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping

from nftlint.prove import conditions as c
from nftlint.prove.conditions import ADDRESSES, Condition

NAMES: dict[c.Field, str] = {
    c.PROTO: "meta l4proto",
    c.MARK: "meta mark",
    c.LENGTH: "meta length",
    c.MSS: "tcp option maxseg size",
    c.SKUID: "meta skuid",
    c.SKGID: "meta skgid",
    c.PKTTYPE: "meta pkttype",
    c.CT_STATE: "ct state",
    c.CT_DIRECTION: "ct direction",
    c.CT_STATUS: "ct status",
    c.CT_MARK: "ct mark",
}
FIB_NAMES = {1: "saddr", 2: "daddr"}
ADDRESS_WIDTHS: dict[int, Callable[[int], object]] = {
    4: ipaddress.IPv4Address,
    16: ipaddress.IPv6Address,
}
BITS: dict[c.Field, Mapping[int, str]] = {
    c.CT_STATE: {1: "invalid", 2: "established", 4: "related", 8: "new", 64: "untracked"},
    c.CT_STATUS: {
        1: "expected",
        2: "seen-reply",
        4: "assured",
        8: "confirmed",
        16: "snat",
        32: "dnat",
    },
}
_KINDS = ("unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable")
WORDS: dict[c.Field | str, dict[int, str]] = {
    "fib": dict(enumerate((*_KINDS, "prohibit"), start=1)),
    c.PKTTYPE: {0: "host", 1: "broadcast", 2: "multicast", 3: "other"},
    c.CT_DIRECTION: {0: "original", 1: "reply"},
}


def text(family: str, condition: Condition) -> str | None:
    """Return a condition in nft's words; None where there are none for it here."""
    where = condition.field
    name = NAMES.get(where)
    if where in ADDRESSES[family]:
        name = f"{family} {('saddr', 'daddr')[ADDRESSES[family].index(where)]}"
    elif where[0] == "fib":
        name = f"fib {FIB_NAMES.get(where[1] & 0xFF)} type"
    elif where[0] in {"nh", "th"}:
        name = f"@{where[0]},{where[1] * 8},{where[2] * 8}"
    if name is None:
        return None
    if where in BITS:
        return _bits(name, BITS[where], condition)
    return _compared(name, where, condition)


def _compared(name: str, where: c.Field, condition: Condition) -> str | None:
    """Return a comparison with values or ranges, or with one value under a mask."""
    masks = {mask for mask, _, _ in condition.alts}
    negated = "!=" if condition.negated else ""
    if masks == {c.full(where[2] or 1)}:
        ends = [_range(where, low, high) for _, low, high in sorted(condition.alts)]
        return f"{name} {negated} {{ {', '.join(ends)} }}"
    if len(condition.alts) != 1:
        return None
    ((mask, low, high),) = condition.alts
    return f"{name} & {mask:#x} {negated or '=='} {low:#x}" if low == high else None


def _range(where: c.Field, low: int, high: int) -> str:
    return _value(where, low) if low == high else f"{_value(where, low)}-{_value(where, high)}"


def _value(where: c.Field, value: int) -> str:
    if where[0] == "nh" and where[2] in ADDRESS_WIDTHS:
        return str(ADDRESS_WIDTHS[where[2]](value))
    words = WORDS.get(where[0] if where[0] == "fib" else where, {})
    return words.get(value, str(value))


def _bits(name: str, words: Mapping[int, str], condition: Condition) -> str | None:
    """Return a question for any of some bits."""
    if any(low not in words for _, low, _ in condition.alts):
        return None
    asked = ",".join(words[low] for _, low, _ in condition.alts)
    return f"{name} {'! ' if condition.negated else ''}{asked}"
