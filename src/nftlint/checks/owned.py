"""Whose table a command names, and how a place in it is said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nftlint.checks.context import Write
from nftlint.owners import OwnedTable
from nftlint.writes import Managed, meanings

if TYPE_CHECKING:
    from nftlint.nft.model import Command, Name


def owned(write: Write) -> Iterator[Managed]:
    """Yield the owners of the table that the command names, for each value of its variables."""
    for meant in meanings(write.command, write.call):
        for owner in write.owners:
            if owner.tables_of(meant.family.text, text(meant.table)):
                yield Managed(owner, meant)


def tables(managed: Managed) -> tuple[OwnedTable, ...]:
    """Return what the owner has in the table that the command names."""
    command = managed.command
    return managed.owner.tables_of(command.family.text, text(command.table))


def place(command: Command) -> str:
    """Return family, table and chain as far as they are given."""
    names = (command.family.text, text(command.table), text(command.chain))
    return " ".join(name for name in names if name)


def text(name: Name | None) -> str:
    """Return a name's text, empty where there is none."""
    return "" if name is None else name.text


def rewriter(table: OwnedTable) -> str:
    """Return who itself writes the table back at every sync, if anybody does."""
    return "" if " " in table.written_back else table.written_back
