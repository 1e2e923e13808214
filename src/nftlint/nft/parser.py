"""Text to a ``Script``: the one door to the parser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.nft.command import Script
from nftlint.nft.grammar.commands import command
from nftlint.nft.grammar.cursor import Cursor
from nftlint.nft.grammar.recovery import guarded

if TYPE_CHECKING:
    from nftlint.nft.command import Command


def parse(text: str) -> Script:
    """Parse a script, or one command as nft takes it from its arguments joined by blanks.

    Never raises: what is not nft is among the errors, and the parser goes on at the next statement.
    A command whose head could be read is kept, with a ``Broken`` body. Spans are offsets in
    ``text``.
    """
    cursor = Cursor(text)
    if cursor.word == "-" and cursor.peek() == "-":
        cursor.seek(2)  # ``nft -- add …``
    commands: list[Command] = []

    def member(inner: Cursor) -> None:
        commands.append(command(inner))

    while cursor.kind != "end":
        guarded(cursor, member)
    return Script(
        tuple(commands), tuple(cursor.defines), tuple(cursor.includes), tuple(cursor.errors)
    )
