"""The kernel's own listing of a ruleset: chains, rules as expressions, elements of sets.

Read straight from nf_tables by netlink, because the listings of nft and iptables are
interpretations and each of them is known to misread what the other has written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nftlint.prove.netlink import (
    FAMILY_NUMBERS,
    NFTABLES,
    Attrs,
    attr,
    attrs,
    items,
    nfgen,
    number,
    text,
)
from nftlint.record import dataclass, field

GETCHAIN, GETRULE, GETSET, GETSETELEM = 4, 7, 10, 13
INTERVAL, INTERVAL_END, KEY_END = 4, 1, 10
Lister = Callable[[Sequence[tuple[int, bytes]]], list[list[bytes]]]
"""Asks the kernel for all objects of some kinds; takes message types and their payloads."""


@dataclass(frozen=True, slots=True)
class Expr:
    """One expression: its name and its attributes as the kernel lists them."""

    name: str
    data: bytes

    @property
    def attrs(self) -> Attrs:
        """The attributes by kind."""
        return attrs(self.data)


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a set: its lowest and highest key, and its data where it is a map's.

    The element ``*``, for what has no other, has keys of no length.
    """

    low: bytes
    high: bytes
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; ``handle`` is unique in its table."""

    family: str
    table: str
    chain: str
    handle: int
    exprs: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain; ``hook`` is the raw hook attribute (number, priority), empty for a user chain."""

    family: str
    table: str
    name: str
    hook: bytes
    kind: str
    policy: int


Sets = dict[tuple[str, str, str], tuple[Element, ...]]


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Everything in the tables asked for."""

    chains: tuple[Chain, ...] = ()
    rules: tuple[Rule, ...] = ()
    sets: Sets = field(default_factory=dict)


def dump(lister: Lister, families: tuple[str, ...], hidden: str) -> Ruleset:
    """Return the ruleset of these families, without the table named ``hidden``."""
    chains: list[Chain] = []
    rules: list[Rule] = []
    heads = [nfgen(FAMILY_NUMBERS[family]) for family in families]
    listed = iter(lister([(NFTABLES | kind, h) for h in heads for kind in (GETCHAIN, GETRULE)]))
    for family in families:
        chains += (_chain(family, data) for data in next(listed))
        rules += (_rule(family, data) for data in next(listed))
    kept = tuple(rule for rule in rules if rule.table != hidden)
    return Ruleset(
        tuple(chain for chain in chains if chain.table != hidden), kept, _sets(lister, kept)
    )


def _chain(family: str, data: bytes) -> Chain:
    found = attrs(data[4:])
    policy = number(found[5]) if 5 in found else 1
    hook = attrs(found[4]) if 4 in found else {}
    place = hook.get(1, b"") + hook.get(2, b"")
    return Chain(family, text(found[1]), text(found[3]), place, text(found.get(7, b"")), policy)


def _rule(family: str, data: bytes) -> Rule:
    found = attrs(data[4:])
    exprs = tuple(_expr(value) for _, value in items(found.get(4, b"")))
    return Rule(family, text(found[1]), text(found[2]), number(found[3]), exprs)


def _expr(data: bytes) -> Expr:
    found = attrs(data)
    return Expr(text(found[1]), found.get(2, b""))


def _sets(lister: Lister, rules: tuple[Rule, ...]) -> Sets:
    wanted = {
        (rule.family, rule.table, text(expr.attrs[1]))
        for rule in rules
        for expr in rule.exprs
        if expr.name == "lookup"
    }
    keys = sorted(wanted)
    asked = [(NFTABLES | kind, _named(*key)) for key in keys for kind in (GETSET, GETSETELEM)]
    listed = iter(lister(asked) if asked else [])
    return {key: _elements(key[2], next(listed), next(listed)) for key in keys}


def _named(family: str, table: str, name: str) -> bytes:
    head = nfgen(FAMILY_NUMBERS[family])
    return head + attr(1, table.encode() + b"\0") + attr(2, name.encode() + b"\0")


def _elements(name: str, sets: list[bytes], listed: list[bytes]) -> tuple[Element, ...]:
    described = [attrs(data[4:]) for data in sets]
    flags = next((number(a[3]) for a in described if text(a[2]) == name and 3 in a), 0)
    found: list[Attrs] = []
    for data in listed:
        values = attrs(data[4:]).get(3, b"")
        found += (attrs(value) for _, value in items(values))
    rest = tuple(Element(b"", b"", a.get(2, b"")) for a in found if 1 not in a)
    keyed = [a for a in found if 1 in a]
    return rest + (_intervals(keyed) if flags & INTERVAL else _keys(keyed))


def _keys(found: list[Attrs]) -> tuple[Element, ...]:
    keys = (attrs(a[1]).get(1, b"") for a in found)
    return tuple(Element(key, key, a.get(2, b"")) for key, a in zip(keys, found, strict=True))


def _intervals(found: list[Attrs]) -> tuple[Element, ...]:
    """Return the intervals; the kernel lists one either as two ends or, concatenated, as a pair.

    Of the two ends the upper one is a flagged element of its own and does not belong to the
    interval; an interval up to the highest value has none.
    """
    if any(KEY_END in a for a in found):
        return tuple(Element(attrs(a[1])[1], attrs(a[KEY_END])[1], a.get(2, b"")) for a in found)
    ends = sorted(
        (attrs(a[1])[1], not number(a.get(3, b"")) & INTERVAL_END, a.get(2, b"")) for a in found
    )
    intervals = []
    for at, (key, opens, data) in enumerate(ends):
        if opens:
            rest = ends[at + 1 :]
            high = _before(rest[0][0]) if rest else b"\xff" * len(key)
            intervals.append(Element(key, high, data))
    return tuple(intervals)


def _before(key: bytes) -> bytes:
    return (int.from_bytes(key, "big") - 1).to_bytes(len(key), "big")
