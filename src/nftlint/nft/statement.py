"""Statements: what a rule asks, and what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from nftlint.record import dataclass, field

if TYPE_CHECKING:
    from nftlint.nft.command import Rule
    from nftlint.nft.expression import Element, Expression, Literal, Name, Selector, Variable
    from nftlint.span import Span


@dataclass(frozen=True, slots=True)
class Match:
    """``left op right``; a packet that does not fit leaves the rule.

    ``op`` is one of ``== != < > <= >=``, and ``!`` for the test that no flag of ``right`` is set
    (``tcp flags ! syn``). ``explicit`` is false where no operator is written: then a flag
    field (ct state, tcp flags) is tested for *any* of ``right``, all else for equality.
    """

    left: Expression
    op: str
    right: Expression
    explicit: bool
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``accept drop continue return jump goto``; ``chain`` belongs to the last two.

    ``chain`` is a tuple of rules for a chain without a name: ``jump { … }``.
    """

    kind: str
    chain: Name | Variable | tuple[Rule, ...] | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Vmap:
    """``key vmap { 22 : accept }`` or ``key vmap @name``."""

    key: Expression
    data: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Counter:
    """``counter packets 1 bytes 2``; ``None`` where no number is given."""

    packets: Expression | None
    bytes_: Expression | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Limit:
    """``limit rate over 10 mbytes/second burst 5 packets``.

    ``unit`` is ``packets``, ``bytes``, ``kbytes`` or ``mbytes``; ``per`` is ``second``, ``minute``,
    ``hour``, ``day`` or ``week``; ``burst_unit`` is a ``unit``.
    """

    over: bool
    rate: Expression
    unit: str
    per: str
    burst: Expression | None
    burst_unit: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Quota:
    """``quota over 10 mbytes used 3 bytes``; ``over`` is false for ``until`` or neither."""

    over: bool
    amount: Expression
    unit: str
    used: Expression | None
    used_unit: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Log:
    """``log prefix "x" level warn flags all group 1 snaplen 64 queue-threshold 8``.

    ``flags`` are normalised to ``tcp sequence``, ``tcp options``, ``ip options``, ``skuid``,
    ``ether``, ``all``.
    """

    prefix: Expression | None
    level: str | None
    flags: tuple[str, ...]
    group: Expression | None
    snaplen: Expression | None
    queue_threshold: Expression | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Reject:
    """``reject with icmp port-unreachable``.

    ``kind`` is ``icmp``, ``icmpv6``, ``icmpx``, ``tcp reset``, or ``None`` for a plain ``reject``.
    """

    kind: str | None
    code: Expression | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Nat:
    """``dnat ip to 10.0.0.1:80 random``.

    ``kind`` is ``snat``, ``dnat``, ``masquerade`` or ``redirect``; ``family`` is ``ip`` or ``ip6``
    as written. ``form`` is ``addr . port``, ``interval``, ``prefix`` or ``""``. ``flags`` are
    ``random``, ``fully-random``, ``persistent``. An IPv6 address has no brackets here.
    """

    kind: str
    family: str | None
    form: str
    address: Expression | None
    port: Expression | None
    flags: tuple[str, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Assign:
    """``meta mark set 1``, ``ip ttl set 4``, ``tcp option maxseg size set rt mtu``."""

    target: Expression
    value: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ResetOption:
    """``reset tcp option sack-perm``: the option is replaced by NOPs."""

    option: Selector
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class CtCount:
    """``ct count over 10``; ``over`` is false for ``until`` or neither."""

    over: bool
    count: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Queue:
    """``queue flags bypass,fanout to 1-3``."""

    numbers: Expression | None
    flags: tuple[str, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Tproxy:
    """``tproxy ip to 127.0.0.1:80``."""

    family: str | None
    address: Expression | None
    port: Expression | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Synproxy:
    """``synproxy mss 1460 wscale 7 timestamp sack-perm``."""

    mss: Expression | None
    wscale: Expression | None
    timestamp: bool
    sack_perm: bool
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Dup:
    """``dup to ADDRESS device DEVICE``."""

    address: Expression
    device: Expression | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Fwd:
    """``fwd to DEVICE``, ``fwd ip to ADDRESS device DEVICE``."""

    family: str | None
    address: Expression | None
    device: Expression | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Notrack:
    """``notrack``."""

    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class FlowAdd:
    """``flow add @flowtable``."""

    flowtable: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class DynSet:
    """``add @set { ip saddr timeout 1m limit rate 10/second }``; ``op``: add, update, delete."""

    op: str
    set_name: str
    element: Element
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Meter:
    """``meter name size 100 { ip saddr limit rate 10/second }``."""

    name: Name | None
    size: Expression | None
    element: Element
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """``counter name "c"``, ``ct helper set "ftp"``: use of an object of the table.

    ``kind`` is ``counter``, ``quota``, ``limit``, ``synproxy``, ``tunnel``, ``ct helper``,
    ``ct timeout``, ``ct expectation``.
    """

    kind: str
    name: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Last:
    """``last used 10s``; ``None`` for ``never`` or where it is left out."""

    used: Literal | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Xt:
    """``xt match "comment"``: how nft prints what only iptables-nft can make."""

    kind: str
    name: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word with a hole that may be any part of a rule: a match, a verdict, all of it."""

    text: str
    span: Span = field(compare=False)


Statement: TypeAlias = (
    Match
    | Verdict
    | Vmap
    | Counter
    | Limit
    | Quota
    | Log
    | Reject
    | Nat
    | Assign
    | ResetOption
    | CtCount
    | Queue
    | Tproxy
    | Synproxy
    | Dup
    | Fwd
    | Notrack
    | FlowAdd
    | DynSet
    | Meter
    | ObjectRef
    | Last
    | Xt
    | Unknown
)
