"""Expressions: what a rule looks at, and what it compares with.

Every node ends with ``span``, which says where it stands and takes no part in equality: two
nodes are equal when they say the same. Texts are kept as written and may contain hole characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from nftlint.record import dataclass, field

if TYPE_CHECKING:
    from nftlint.nft.statement import Statement, Verdict
    from nftlint.span import Span


@dataclass(frozen=True, slots=True)
class Name:
    """A name or keyword of a command; one that was left out has an empty span."""

    text: str
    span: Span = field(compare=False)

    @property
    def written(self) -> bool:
        """Tell whether it stands in the text, rather than being implied."""
        return len(self.span) > 0


@dataclass(frozen=True, slots=True)
class Literal:
    r"""A constant: number, word, address, time, string.

    ``text`` is without the quotes of a ``quoted`` one. nft knows no escapes in strings, but for
    ``\*`` at the end of an interface name; it is kept.
    """

    text: str
    quoted: bool
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Variable:
    """``$name``: the value of an nft ``define``."""

    name: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class SetRef:
    """``@name``: a named set or map."""

    name: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Wildcard:
    """``*``: any key, in a set or map."""

    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Selector:
    """A part of the packet or of what the kernel knows about it.

    ``keys`` are normalised, so that one thing has one spelling: ``("meta", "mark")`` for ``mark``
    too, ``("ip", "saddr")``, ``("th", "dport")``, ``("ct", "original", "ip", "saddr")``,
    ``("tcp", "option", "maxseg", "size")``, ``("vxlan", "ip", "saddr")``, ``("rt", "classid")``,
    ``("exthdr", "hbh")``, ``("ipsec", "in", "reqid")``, ``("socket", "mark")``,
    ``("osf", "name")``.
    A key may hold a hole: ``("□", "dport")``, ``("ip", "□")``, ``("□",)``.
    ``args`` are numbers and words that come with it: the level of ``socket cgroupv2 level 2``, the
    ``spnum`` of ipsec, ``loose`` or ``skip`` of ``osf ttl``, the index of ``rt0 addr[1]``, and
    kind, offset and length of ``tcp option @kind,offset,length``.
    """

    keys: tuple[str, ...]
    args: tuple[Expression, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Payload:
    """``@nh,128,32``: raw packet bits; ``base`` is ``ll``, ``nh``, ``th`` or ``ih``."""

    base: str
    offset: Expression
    length: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Fib:
    """``fib saddr . iif oif``: ``inputs`` (``saddr``, ``iif``), and ``result`` (``oif``).

    ``result`` is ``oif``, ``oifname`` or ``type``; ``check`` says that only its presence counts.
    """

    inputs: tuple[str, ...]
    result: str
    check: bool
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class NumGen:
    """``numgen inc mod 2 offset 1``; ``mode`` is ``inc`` or ``random``."""

    mode: str
    modulus: Expression
    offset: Expression | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Hash:
    """``jhash ip saddr mod 2 seed 1 offset 3``; ``kind`` is ``jhash`` or ``symhash`` (no key)."""

    kind: str
    key: Expression | None
    modulus: Expression
    seed: Expression | None
    offset: Expression | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Prefix:
    """``10.0.0.0/8``."""

    address: Expression
    length: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Range:
    """``1000-2000``."""

    low: Expression
    high: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Concat:
    """``ip saddr . tcp dport``."""

    parts: tuple[Expression, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ListExpr:
    """``established,related``: a comma list outside braces."""

    items: tuple[Expression, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class BinaryOp:
    """``left op right`` with ``op`` one of ``& | ^ << >>`` (words are normalised)."""

    op: str
    left: Expression
    right: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class FlagMask:
    """``syn / syn,ack``: of the flags in ``mask``, those in ``value`` are set."""

    value: Expression
    mask: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a set or map, or the key of a dynamic set or meter.

    ``value`` is what a map gives for it. ``statements`` run when it is hit.
    """

    key: Expression
    value: Expression | Verdict | None
    statements: tuple[Statement, ...]
    timeout: Expression | None
    expires: Expression | None
    comment: Literal | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class SetLiteral:
    """``{ 22, 80 }``: an anonymous set or map."""

    elements: tuple[Element, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class MapLookup:
    """``key map { … }`` or ``key map @name``."""

    key: Expression
    data: Expression
    span: Span = field(compare=False)


Expression: TypeAlias = (
    Literal
    | Variable
    | SetRef
    | Wildcard
    | Selector
    | Payload
    | Fib
    | NumGen
    | Hash
    | Prefix
    | Range
    | Concat
    | ListExpr
    | BinaryOp
    | FlagMask
    | SetLiteral
    | MapLookup
)
