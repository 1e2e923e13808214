"""What the statements of a rule become, before they are put together to iptables rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from nftlint.nft.expression import Literal
from nftlint.record import dataclass
from nftlint.span import Span

PORT_PROTOCOLS = ("tcp", "udp", "sctp", "dccp")
"""Protocols of which iptables has a match with ``--sport`` and ``--dport``."""


@dataclass(frozen=True, slots=True)
class Atom:
    """Words that ask one thing.

    ``slot`` is the option that may stand once in a rule (``-s``, ``--dport``), or ``""`` for a
    match of its own (``-m …``), of which there may be many.
    ``again`` says the same as a match of its own, for where the slot is taken.
    ``protocols``: the rule must ask for one of these by ``-p``, where there are any.
    ``known``: what a variable in it can be.
    """

    slot: str
    words: tuple[str, ...]
    span: Span
    again: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


Case: TypeAlias = tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class Test:
    """Cases of which one must hold: the rule is written once for each.

    ``reads``: what it looks at that a rule can change (``mark``). ``stateful``: asking changes the
    answer, so it is asked once for each packet (``limit``). ``overlap``: more than one case may
    hold. ``early``: nft asks it at the head of the rule, wherever it stands.
    ``doubts``: why it is not safe.
    """

    cases: tuple[Case, ...]
    span: Span
    reads: frozenset[str] = frozenset()
    stateful: bool = False
    overlap: bool = False
    early: bool = False
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """``-j …``, or nothing where ``words`` is empty.

    ``last``: the statement ends the rule. ``returns``: the packet goes on with the next rule of
    the chain, now or later. ``writes``: what it changes. ``may_leave``: for some packets nft leaves
    the rule here. ``protocols``: the rule must ask for one of these by ``-p``, where there are any.
    ``asks``: an option that the rule must have.
    """

    words: tuple[str, ...]
    span: Span
    last: bool
    returns: bool
    writes: frozenset[str] = frozenset()
    may_leave: bool = False
    protocols: tuple[str, ...] = ()
    asks: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """A counter; the numbers are ``None`` where it begins with zero."""

    packets: str | None
    bytes_: str | None
    span: Span
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """What happens to packets that pass one more test, or to all if there is none."""

    test: Test | None
    target: Target


@dataclass(frozen=True, slots=True)
class Branches:
    """The end of a rule that divides; the tests exclude each other."""

    branches: tuple[Branch, ...]
    span: Span


Path: TypeAlias = tuple[Test | Target | Count, ...]
"""Parts in a line, with one of the branches at the end if there are any."""
Part: TypeAlias = Test | Target | Count | Branches


def single(atom: Atom, *more: Atom, doubts: tuple[str, ...] = ()) -> Test:
    """Return a test with one case."""
    return Test(cases=((atom, *more),), span=atom.span, doubts=doubts)


def going_on(
    words: tuple[str, ...],
    span: Span,
    *,
    writes: str = "",
    protocols: tuple[str, ...] = (),
    doubts: tuple[str, ...] = (),
) -> Target:
    """Return a target after which the packet goes on with the rule; ``writes`` is one thing."""
    written = frozenset({writes} if writes else ())
    return Target(
        words, span, last=False, returns=True, writes=written, protocols=protocols, doubts=doubts
    )


def one_of(atoms: Iterable[Atom], *, negated: bool) -> tuple[Case, ...]:
    """Return the cases in which one of the atoms holds; negated ones have to hold all at once."""
    return (tuple(atoms),) if negated else tuple((atom,) for atom in atoms)


def protocol(name: str, span: Span, known: tuple[str, ...] = ()) -> Atom:
    """Return ``-p name``; ``known`` is what a variable in the name can be."""
    return Atom("-p", ("-p", name), span, known=known)


def negation(negated: bool, /) -> tuple[str, ...]:  # noqa: FBT001 - its only argument
    """Return the ``!`` that stands before a negated option."""
    return ("!",) if negated else ()


@dataclass(frozen=True, slots=True)
class Body:
    """All parts of a rule, in order, and its comment."""

    parts: tuple[Part, ...]
    comment: Literal | None
