"""Conditions in nft's words: the rule that a match is tried beside."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping

from nftlint.prove import fields as f
from nftlint.prove.conditions import Condition
from nftlint.prove.fields import ADDRESSES

NAMES: dict[f.Field, str] = {
    f.PROTO: "meta l4proto",
    f.MARK: "meta mark",
    f.LENGTH: "meta length",
    f.MSS: "tcp option maxseg size",
    f.SKUID: "meta skuid",
    f.SKGID: "meta skgid",
    f.PKTTYPE: "meta pkttype",
    f.CT_STATE: "ct state",
    f.CT_DIRECTION: "ct direction",
    f.CT_STATUS: "ct status",
    f.CT_MARK: "ct mark",
}
FIB_NAMES = {1: "saddr", 2: "daddr"}
ADDRESS_WIDTHS: dict[int, Callable[[int], object]] = {
    4: ipaddress.IPv4Address,
    16: ipaddress.IPv6Address,
}
BITS: dict[f.Field, Mapping[int, str]] = {
    f.CT_STATE: {1: "invalid", 2: "established", 4: "related", 8: "new", 64: "untracked"},
    f.CT_STATUS: {
        1: "expected",
        2: "seen-reply",
        4: "assured",
        8: "confirmed",
        16: "snat",
        32: "dnat",
    },
}
_KINDS = ("unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable")
WORDS: dict[f.Field | str, dict[int, str]] = {
    "fib": dict(enumerate((*_KINDS, "prohibit"), start=1)),
    f.PKTTYPE: {0: "host", 1: "broadcast", 2: "multicast", 3: "other"},
    f.CT_DIRECTION: {0: "original", 1: "reply"},
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


def _compared(name: str, where: f.Field, condition: Condition) -> str | None:
    """Return a comparison with values or ranges, or with one value under a mask."""
    masks = {mask for mask, _, _ in condition.alts}
    negated = "!=" if condition.negated else ""
    if masks == {f.full(where[2] or 1)}:
        ends = [_range(where, low, high) for _, low, high in sorted(condition.alts)]
        return f"{name} {negated} {{ {', '.join(ends)} }}"
    if len(condition.alts) != 1:
        return None
    ((mask, low, high),) = condition.alts
    return f"{name} & {mask:#x} {negated or '=='} {low:#x}" if low == high else None


def _range(where: f.Field, low: int, high: int) -> str:
    return _value(where, low) if low == high else f"{_value(where, low)}-{_value(where, high)}"


def _value(where: f.Field, value: int) -> str:
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
