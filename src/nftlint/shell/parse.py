"""The grammar of the shell (POSIX, and bash's additions): a script to its tree.

Nothing in a script is taken on trust: a stretch that is no shell becomes a ``Mistake``, and
reading goes on with the next line.
"""

from __future__ import annotations

from types import MappingProxyType

from nftlint.patterns import compiled
from nftlint.shell.brackets import arithmetic_end
from nftlint.shell.compound import COMPOUND, group
from nftlint.shell.cursor import Cursor
from nftlint.shell.heredocs import read_bodies
from nftlint.shell.lists import CLOSERS, at_keyword, read_list, recover, token
from nftlint.shell.scan import arithmetic
from nftlint.shell.simple import redirects, simple
from nftlint.shell.tree import AndOr, Body, Command, Script, Test, Word
from nftlint.span import Span

_BATS_TEST = compiled(r"@test[ \t][^\n]*(?=\{[ \t]*\n)")
"""``@test "name" {`` of bats, a shell of tests."""
_NO_CLOSERS: frozenset[str] = frozenset()


def parse(text: str, start: int = 0) -> Script:
    """Return the tree of the script that begins at an offset of a text.

    Never raises for what the script holds.
    """
    cursor = Cursor(text, _substitution, _command, start)
    items: list[AndOr] = []
    while cursor.at < len(text):
        items += read_list(cursor, frozenset()).items
        if cursor.at < len(text):
            recover(cursor, cursor.fail(f"unexpected `{token(cursor)}`"), cursor.at)
    if cursor.pending:
        read_bodies(cursor)
    heredocs = MappingProxyType(cursor.heredocs)
    mistakes = tuple(cursor.mistakes)
    return Script(text, Body(tuple(items)), heredocs, tuple(cursor.comments), mistakes)


def _command(cursor: Cursor) -> Command:
    keyword = at_keyword(cursor)
    if keyword in CLOSERS and keyword != "in":
        raise cursor.fail(f"unexpected `{keyword}`")
    if keyword in COMPOUND:
        return COMPOUND[keyword](cursor)
    if cursor.text.startswith("((", cursor.at) and (end := arithmetic_end(cursor, cursor.at)) > 0:
        piece = arithmetic(cursor, end, Span(cursor.at + 2, end - 2))
        words = (Word(piece.span, (piece,)),) if piece.pieces else ()
        return Test(piece.span, words, redirects(cursor))
    if cursor.text.startswith("(", cursor.at):
        return group(cursor, ")")
    if test := _BATS_TEST.match(cursor.text, cursor.at):
        cursor.at = test.end()
        return group(cursor)
    return simple(cursor)


def _substitution(cursor: Cursor) -> Body:
    return read_list(cursor, _NO_CLOSERS)
