"""What the kernel holds of a rule: the list of expressions that nft sends, in its order."""

from __future__ import annotations

from typing import TypeAlias

from nftlint.record import dataclass


@dataclass(frozen=True, slots=True)
class Load:
    """``payload load``: ``offset`` and ``length`` in bytes; ``base`` is ll, nh, th or ih."""

    base: str
    offset: int
    length: int
    register: int = 1


@dataclass(frozen=True, slots=True)
class Meta:
    """``meta load``: ``key`` as the kernel names it."""

    key: str
    register: int = 1


@dataclass(frozen=True, slots=True)
class Bitwise:
    """``register = (register & mask) ^ xor``."""

    mask: bytes
    xor: bytes
    register: int = 1


@dataclass(frozen=True, slots=True)
class Shift:
    """``bitwise`` that shifts: not a boolean one."""

    op: str
    bits: int
    register: int = 1


@dataclass(frozen=True, slots=True)
class Cmp:
    """``cmp``: ``op`` is one of ``== != < <= > >=``."""

    op: str
    data: bytes
    register: int = 1


@dataclass(frozen=True, slots=True)
class InRange:
    """``range``: whether the register lies between both, inclusive; ``op`` is ``==`` or ``!=``."""

    op: str
    low: bytes
    high: bytes
    register: int = 1


@dataclass(frozen=True, slots=True)
class Lookup:
    """``lookup``: ``result`` is the register of a map's value, 0 for a verdict map, or ``None``."""

    name: str
    negated: bool = False
    result: int | None = None
    register: int = 1


@dataclass(frozen=True, slots=True)
class Immediate:
    """``immediate`` that puts data into a register."""

    data: bytes
    register: int = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """``immediate reg 0``: ``kind`` is accept, drop, continue, return, jump or goto."""

    kind: str
    chain: str = ""


@dataclass(frozen=True, slots=True)
class MetaSet:
    """``meta set``: the register's value becomes that of ``key``."""

    key: str
    register: int = 1


@dataclass(frozen=True, slots=True)
class Store:
    """``payload write``: the register goes into the packet; lengths in bytes."""

    base: str
    offset: int
    length: int
    register: int = 1


@dataclass(frozen=True, slots=True)
class Counter:
    """``counter``, without a name."""


@dataclass(frozen=True, slots=True)
class Limit:
    """``limit``: ``rate`` per ``seconds``; ``plain`` if it counts packets and is no ``over``."""

    rate: int
    seconds: int
    burst: int
    plain: bool


@dataclass(frozen=True, slots=True)
class Log:
    """``log``: ``group`` is ``None`` for the kernel's log."""

    group: int | None
    prefix: str
    snaplen: int
    threshold: int


@dataclass(frozen=True, slots=True)
class Other:
    """Any expression that no version of iptables-nft takes from nft, by its name.

    ``detail`` is what the kernel minds of it: ``dnat``, ``oif``; ``""`` if nothing.
    """

    name: str
    detail: str = ""


Expr: TypeAlias = (
    Load
    | Meta
    | Bitwise
    | Shift
    | Cmp
    | InRange
    | Lookup
    | Immediate
    | Verdict
    | MetaSet
    | Store
    | Counter
    | Limit
    | Log
    | Other
)

NAMES = {
    Load: "payload",
    Store: "payload",
    Meta: "meta",
    MetaSet: "meta",
    Bitwise: "bitwise",
    Shift: "bitwise",
    Cmp: "cmp",
    InRange: "range",
    Lookup: "lookup",
    Immediate: "immediate",
    Verdict: "immediate",
    Counter: "counter",
    Limit: "limit",
    Log: "log",
}


def name_of(expr: Expr) -> str:
    """Return the name by which the kernel knows an expression."""
    return expr.name if isinstance(expr, Other) else NAMES[type(expr)]


@dataclass(frozen=True, slots=True)
class Lowered:
    """A rule as the kernel holds it; ``comment`` is in its user data."""

    exprs: tuple[Expr, ...]
    comment: str | None


@dataclass(frozen=True, slots=True)
class Refused:
    """nft, or the kernel, does not take the rule; ``message`` is what nft says."""

    message: str
