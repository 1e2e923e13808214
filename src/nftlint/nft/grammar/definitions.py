"""``define``, ``redefine``, ``undefine`` and ``include``, which may stand in any block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.nft.command import Define, Include
from nftlint.nft.expression import Expression, Literal, SetLiteral
from nftlint.nft.grammar.expressions import right

if TYPE_CHECKING:
    from nftlint.nft.grammar.cursor import Cursor

WORDS = frozenset({"define", "redefine", "undefine", "include"})


def common(cursor: Cursor) -> bool:
    """Parse a definition or include, if there is one; its scope is set at the end of the block."""
    if cursor.word not in WORDS:
        return False
    start = cursor.index
    operation = cursor.take(*WORDS)
    if operation == "include":
        path = cursor.quoted()
        cursor.includes.append(Include(path, cursor.since(start)))
        return True
    name = cursor.name("the name of a variable")
    value = None
    if operation != "undefine":
        cursor.take("=")
        value = _initializer(cursor)
    cursor.defines.append(Define(operation, name, value, None, cursor.since(start)))
    return True


def _initializer(cursor: Cursor) -> Expression:
    """Parse constants, a list, a set that may be empty, or a negative number."""
    start = cursor.index
    if cursor.word == "{" and _is_empty(cursor):
        return SetLiteral((), cursor.since(start))
    if cursor.accept("-"):
        cursor.number()
        span = cursor.since(start)
        return Literal(span.of(cursor.text).replace(" ", ""), quoted=False, span=span)
    return right(cursor)


def _is_empty(cursor: Cursor) -> bool:
    """Take ``{ }`` if it is there."""
    start = cursor.index
    cursor.advance()
    cursor.skip_lines()
    if cursor.accept("}"):
        return True
    cursor.seek(start)
    return False
