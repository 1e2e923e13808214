"""Commands: what a script does to tables, chains, rules, sets and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from nftlint.nft.expression import Expression, Literal, Name, SetLiteral, Variable
from nftlint.record import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nftlint.nft.statement import Statement
    from nftlint.span import Span


@dataclass(frozen=True, slots=True)
class Rule:
    """What stands behind the place in ``add rule``."""

    statements: tuple[Statement, ...]
    comment: Literal | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Hook:
    """``type filter hook input devices = { eth0 } priority filter + 1``.

    ``priority`` is ``None`` where it is left out (an error in nft, but for holes); ``offset`` is
    the signed number of ``filter + 1`` as text without blanks, ``""`` if none.
    """

    type: str
    hook: str
    devices: Expression | None
    priority: Literal | Variable | None
    offset: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Chain:
    """The block of a chain: ``members`` are its rules, as commands.

    ``devices`` are those of a line ``devices = { … }``; the hook may name some too.
    """

    hook: Hook | None
    policy: Literal | Variable | None
    devices: Expression | None
    flags: tuple[str, ...]
    comment: Literal | None
    members: tuple[Command, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Table:
    """The block of a table: ``members`` are chains, sets and objects, as commands."""

    flags: tuple[str, ...]
    comment: Literal | None
    members: tuple[Command, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class SetType:
    """``type ipv4_addr . inet_service`` as ``names``, or ``typeof ip saddr`` as an expression.

    What a map gives may also be a single name: ``verdict``, ``counter``, ``queue``; ``interval``
    says that it gives ranges.
    """

    interval: bool
    names: tuple[str, ...]
    typeof: Expression | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class SetBody:
    """The block of a set or map; ``value`` is what a map gives.

    ``options`` are the others as written: timeout, gc-interval, size, policy, auto-merge.
    """

    key: SetType | None
    value: SetType | None
    flags: tuple[str, ...]
    options: tuple[Option, ...]
    elements: SetLiteral | Variable | None
    statements: tuple[Statement, ...]
    comment: Literal | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Option:
    """``name value`` in a block; ``value`` is the text as written, ``""`` if none."""

    name: str
    value: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Object:
    """The block of an object: ``statement`` for counter, quota, limit and synproxy."""

    statement: Statement | None
    options: tuple[Option, ...]
    comment: Literal | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Flowtable:
    """The block of a flowtable; ``type`` of its hook is empty."""

    hook: Hook | None
    devices: Expression | None
    options: tuple[Option, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Tail:
    """What follows ``describe``, ``monitor``, ``export``, ``import``: kept as text."""

    text: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Broken:
    """A body that is not nft, from its beginning to where the parser went on."""

    error: ParseError
    span: Span = field(compare=False)


Body: TypeAlias = (
    Broken | Rule | Chain | Table | SetBody | SetLiteral | Variable | Object | Flowtable | Tail
)


@dataclass(frozen=True, slots=True)
class Place:
    """``handle 4``, ``position 4`` or ``index 0``."""

    kind: str
    value: Literal | Variable
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Command:
    """One command; the parts that were left out are ``None``, or implied (empty span).

    ``object`` is ``table``, ``chain``, ``rule``, ``set``, ``map``, ``element``, ``counter``,
    ``ct helper``, ``ruleset`` …, as written (``chains`` in ``list chains``). ``chain`` is set for
    rules and chains, ``name`` for all other objects within a table, and for the new name in
    ``rename``. A family that is not written is ``ip``, or ``""`` for all of them. A verb, family or
    name may hold a hole. ``body`` is a ``SetLiteral`` or ``Variable`` for ``element``.
    Within a block the verb is implied and the span is that of the member alone, while family,
    table and chain have the spans that they have at the head of the block.
    """

    verb: Name
    object: Name
    family: Name
    table: Name | None
    chain: Name | None
    name: Name | None
    place: Place | None
    body: Body | None
    span: Span = field(compare=False)

    @property
    def where(self) -> tuple[str, str, str]:
        """Family, table and chain as texts; what the command does not name is empty."""
        table, chain = (name.text if name is not None else "" for name in (self.table, self.chain))
        return self.family.text, table, chain

    @property
    def rule(self) -> Rule | None:
        """The body, if it is a rule."""
        return self.body if isinstance(self.body, Rule) else None


@dataclass(frozen=True, slots=True)
class Define:
    """``define name = value``; ``op`` is ``define``, ``redefine`` or ``undefine`` (no value).

    ``scope`` is the span of the block it is in, ``None`` at the top.
    """

    op: str
    name: Name
    value: Expression | None
    scope: Span | None = field(compare=False)
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Include:
    """``include "path"``."""

    path: Literal
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ParseError:
    """A place where the text is not nft; ``expected`` are words or kinds that would have fitted."""

    span: Span
    message: str
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """All of a text, each part in the order in which it stands."""

    commands: tuple[Command, ...]
    defines: tuple[Define, ...]
    includes: tuple[Include, ...]
    errors: tuple[ParseError, ...]


def flatten(commands: Iterable[Command]) -> Iterator[Command]:
    """Yield each command without its members, then the members, so that no block is left.

    ``table ip t { chain c { accept; } }`` gives ``add table``, ``add chain`` and ``add rule``, with
    the spans of the parts that stand for them.
    """
    for command in commands:
        if isinstance(command.body, Table | Chain):
            yield replace(command, body=replace(command.body, members=()))
            yield from flatten(command.body.members)
        else:
            yield command
