"""The block of a table, whose members become commands with the table's family and name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.nft.command import Command, Table
from nftlint.nft.expression import Name
from nftlint.nft.grammar import actions
from nftlint.nft.grammar.bodies import guarded_body, named_body
from nftlint.nft.grammar.chains import chain_block
from nftlint.nft.grammar.objects import OBJECTS
from nftlint.nft.grammar.recovery import block
from nftlint.nft.grammar.statements import rule
from nftlint.record import dataclass, field, replace

if TYPE_CHECKING:
    from nftlint.nft.command import Body, Chain
    from nftlint.nft.expression import Literal
    from nftlint.nft.grammar.cursor import Cursor
    from nftlint.span import Span

_MEMBERS = OBJECTS | {"set", "map", "flowtable"}


@dataclass(frozen=True, slots=True)
class Owner:
    """The names of what a member of a block belongs to, or is."""

    family: Name
    table: Name | None
    chain: Name | None = None
    name: Name | None = None


@dataclass(slots=True)
class _Parts:
    """What a table's block has been found to hold."""

    flags: list[str] = field(default_factory=list)
    comment: Literal | None = None
    members: list[Command] = field(default_factory=list)


def table_block(cursor: Cursor, owner: Owner) -> Table:
    """Parse the block of a table."""
    parts = _Parts()

    def member(inner: Cursor) -> None:
        if inner.word == "flags":
            inner.advance()
            parts.flags += _flags(inner)
        elif inner.word == "comment":
            parts.comment = actions.comment(inner)
        else:
            parts.members.append(_member(inner, owner))

    span = block(cursor, member)
    return Table(tuple(parts.flags), parts.comment, tuple(parts.members), span)


def _flags(cursor: Cursor) -> list[str]:
    """``dormant``, ``owner``, ``persist``."""
    return actions.comma_words(cursor, "dormant", "owner", "persist")


def _member(cursor: Cursor, owner: Owner) -> Command:
    """Parse a chain, set or object of the table."""
    start, verb = cursor.index, cursor.implied("add")
    kind = _kind(cursor)
    name = cursor.name("a name")
    if cursor.word != "{":
        cursor.fail("{")
    if kind.text == "chain":
        owner = replace(owner, chain=name)
        body: Body | None = chain_of(cursor, owner)
    else:
        owner = replace(owner, name=name)
        body = guarded_body(cursor, lambda inner: named_body(inner, kind.text))
    return _command(owner, (verb, kind), body, cursor.since(start))


def _kind(cursor: Cursor) -> Name:
    """Take the kind of a member: one word, or two for ``ct``."""
    start = cursor.index
    if cursor.accept("ct"):
        kind = "ct " + cursor.take("helper", "timeout", "expectation")
        return Name(kind, cursor.since(start))
    if cursor.word != "chain" and cursor.word not in _MEMBERS:
        cursor.fail("chain", *sorted(_MEMBERS))
    return cursor.keyword()


def chain_of(cursor: Cursor, owner: Owner) -> Chain:
    """Parse the block of a chain that belongs to ``owner``."""

    def member(inner: Cursor) -> Command:
        start, implied = inner.index, (inner.implied("add"), inner.implied("rule"))
        body = guarded_body(inner, rule)
        return _command(owner, implied, body, inner.since(start))

    return chain_block(cursor, member)


def _command(owner: Owner, head: tuple[Name, Name], body: Body | None, span: Span) -> Command:
    """Put the command together that a member stands for."""
    verb, kind = head
    return Command(verb, kind, owner.family, owner.table, owner.chain, owner.name, None, body, span)
