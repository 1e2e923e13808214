"""Faults become values, and the parser goes on at the next statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.nft.command import ParseError
from nftlint.nft.grammar.cursor import SyntaxFault
from nftlint.nft.grammar.definitions import common
from nftlint.record import replace
from nftlint.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from nftlint.nft.grammar.cursor import Cursor

SEPARATORS = frozenset({"\n", ";"})
_NAMES = {"\n": "the end of the line", "": "the end of the text"}


def note(cursor: Cursor, *expected: str, index: int | None = None) -> ParseError:
    """Record that something else was expected at the token, and go on."""
    index = cursor.index if index is None else index
    word = cursor.texts[index]
    found = _NAMES.get(word, f"“{word}”")
    quoted = [_NAMES.get(each, f"“{each}”" if len(each) == 1 else each) for each in expected]
    wanted = " or ".join(quoted) if len(quoted) <= 6 else f"{', '.join(quoted[:5])}, …"
    span = Span(cursor.starts[index], cursor.ends[index])
    error = ParseError(span, f"expected {wanted}, found {found}", expected)
    cursor.errors.append(error)
    return error


def recover(cursor: Cursor, fault: SyntaxFault, depth: int) -> ParseError:
    """Record ``fault`` and go to the end of the statement, which is at ``depth``."""
    error = note(cursor, *fault.expected, index=fault.index)
    cursor.seek(fault.index)
    skip(cursor, fault.depth - depth)
    cursor.depth, cursor.glue, cursor.listed = depth, False, False
    return error


def skip(cursor: Cursor, inside: int = 0) -> None:
    """Go to the next separator or closing brace, past whole blocks.

    ``inside`` is how many brackets are open that are to be left first.
    """
    partners = cursor.partners
    if partners is None:
        partners = cursor.partners = _partners(cursor.texts)
    while cursor.word:
        if cursor.word == "{":
            cursor.seek(partners.get(cursor.index, cursor.index))
        elif inside <= 0 and (cursor.word in SEPARATORS or cursor.word == "}"):
            return
        elif cursor.word in {"}", ")"}:
            inside -= 1
        cursor.advance()


def _partners(texts: list[str]) -> dict[int, int]:
    """Return the closing brace of each opening one that has one."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for index, text in enumerate(texts):
        if text == "{":
            opened.append(index)
        elif text == "}" and opened:
            pairs[opened.pop()] = index
    return pairs


def block(
    cursor: Cursor, member: Callable[[Cursor], None], loose: Callable[[str], bool] | None = None
) -> Span:
    """Parse ``{ member; member; }`` and return its span; faults in a member are recorded.

    ``loose`` tells of a first word whether its member may go without a separator.
    """
    start, first = cursor.index, len(cursor.defines)
    cursor.open("{")
    while cursor.word != "}":
        if cursor.word == "":
            note(cursor, "}")
            cursor.depth -= 1
            break
        guarded(cursor, member, loose)
    else:
        cursor.close("}")
    span = cursor.since(start)
    for index in range(first, len(cursor.defines)):
        if cursor.defines[index].scope is None:
            cursor.defines[index] = replace(cursor.defines[index], scope=span)
    return span


def guarded(
    cursor: Cursor, member: Callable[[Cursor], None], loose: Callable[[str], bool] | None = None
) -> None:
    """Parse one member, if it is not empty, and the separator behind it."""
    if cursor.word in SEPARATORS:
        cursor.advance()
        return
    depth, word = cursor.depth, cursor.word
    try:
        if not common(cursor):
            member(cursor)
    except SyntaxFault as fault:
        recover(cursor, fault, depth)
        if cursor.word != "}" or depth == 0:
            step(cursor)
        return
    if loose is None or not loose(word):
        separator(cursor)


def step(cursor: Cursor) -> None:
    """Take one token, if it is not the end."""
    if cursor.word:
        cursor.advance()


def separator(cursor: Cursor) -> None:
    """Demand a line break or semicolon; what follows a block is read on if it is not there."""
    if cursor.word in SEPARATORS:
        cursor.advance()
        return
    if cursor.word == "":
        return
    note(cursor, "a line break", ";")
    if cursor.texts[cursor.index - 1] == "}" or (cursor.word == "}" and cursor.depth > 0):
        return
    skip(cursor)
    if cursor.depth == 0 or cursor.word != "}":
        step(cursor)
