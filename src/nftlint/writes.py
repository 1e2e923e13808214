"""What an nft call does, command by command, and to whose tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from nftlint.found import NftCall
from nftlint.holes import Hole, has_holes, spellings
from nftlint.owners import Owner
from nftlint.record import dataclass, replace

if TYPE_CHECKING:
    from nftlint.nft.model import Command, Name, Script


@lru_cache(maxsize=4096)
def parsed(text: str) -> Script:
    """Return the parsed script of a call; each text is parsed once."""
    from nftlint.nft.parser import parse

    return parse(text)


def refusal(call: NftCall) -> str:
    """Return why nft takes nothing of the call, as one that cannot be parsed; empty if it can."""
    errors = parsed(call.script.text).errors
    return f"nft does not take this: {errors[0].message}" if errors else ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One command of a call's script, out of the block that it stands in.

    ``statement`` is the top-level command that holds it (itself where it is in no block).
    """

    command: Command
    statement: Command


def leaves(call: NftCall) -> Iterator[Leaf]:
    """Yield all commands of a call in the order in which they take effect, definitions resolved."""
    return leaves_of(call.script.text, call.script.holes)


def leaves_of(text: str, holes: Mapping[str, Hole]) -> Iterator[Leaf]:
    """Yield all commands of a script's text, like ``leaves``."""
    for statement, command in _resolved(text):
        yield Leaf(_certain(command, holes), statement)


@lru_cache(maxsize=256)
def _resolved(text: str) -> tuple[tuple[Command, Command], ...]:
    """Return the commands of a script, each beside its statement; each text is resolved once."""
    from nftlint.nft.resolve import resolved

    return tuple(resolved(parsed(text)))


def _certain(command: Command, holes: Mapping[str, Hole]) -> Command:
    """Return the command with the family and table that its variables are sure to name."""
    families = could_be(command.family, holes)
    tables = could_be(command.table, holes)
    if len(families) > 1 or len(tables) > 1:
        return command
    family = replace(command.family, text=families[0])
    return replace(command, family=family, table=_named(command.table, tables[0]))


MOST_NAMES = 512
"""Of one table or chain that is put together of several variables, each with many values."""

RULE_WRITES = frozenset({"add", "insert", "create", "replace"})


def writes_rule(command: Command) -> bool:
    """Tell whether the command puts a rule into a chain."""
    return command.object.text == "rule" and command.verb.text in RULE_WRITES


def flushes_all(command: Command) -> bool:
    """Tell whether the command flushes all tables of all families (or of one)."""
    return (command.verb.text, command.object.text) == ("flush", "ruleset")


def could_be(name: Name | None, holes: Mapping[str, Hole]) -> tuple[str, ...]:
    """Return every text that a name can have, as far as its holes are known.

    A hole without known values stays in the text as its hole character, and so do all where they
    have more than ``MOST_NAMES`` together.
    """
    if name is None or not has_holes(name.text):
        return ("",) if name is None else (name.text,)
    known = {char: hole.values for char, hole in holes.items()}
    return tuple(spellings(name.text, known, MOST_NAMES))


@dataclass(frozen=True, slots=True)
class Managed:
    """An owner, and the command as it writes to the owner's table.

    Family, table and chain of ``command`` are ones that its variables can have; a chain that
    cannot be known stays a hole.
    """

    owner: Owner
    command: Command


def managed_by(command: Command, call: NftCall, owners: tuple[Owner, ...]) -> Managed | None:
    """Return the owner whose table the command writes to, for some value of its variables.

    An unknown family or table is nobody's: the finding stands only where the known parts
    suffice. An unknown chain of a table that is read as a whole is the owner's.
    """
    for meant in meanings(command, call):
        family, table, chain = meant.where
        known = None if has_holes(chain) else chain
        for owner in owners:
            if owner.manages(family, table, known):
                return Managed(owner, meant)
    return None


def meanings(command: Command, call: NftCall) -> Iterator[Command]:
    """Yield the command with each family, table and chain that its variables can name."""
    holes = call.script.holes
    for family in could_be(command.family, holes):
        for table in could_be(command.table, holes):
            for chain in could_be(command.chain, holes):
                yield replace(
                    command,
                    family=replace(command.family, text=family),
                    table=_named(command.table, table),
                    chain=_named(command.chain, chain),
                )


def _named(name: Name | None, text: str) -> Name | None:
    return None if name is None else replace(name, text=text)
