"""Simple commands: assignments, words and redirects; and functions, which begin like them."""

from __future__ import annotations

import re

from nftlint.patterns import compiled
from nftlint.shell.cursor import Cursor
from nftlint.shell.lists import at_operator, end_of, newlines, token
from nftlint.shell.scan import scan_word
from nftlint.shell.tree import Command, Function, Redirect, Simple, Word
from nftlint.span import Span

_REDIRECT = compiled(r"(\d+|\{[A-Za-z_]\w*\})?(<<<|<<-|<<|<&|<>|<(?!\()|>>|>&|>\||>(?!\())|(&>>?)")
ASSIGNMENT = compiled(r"[A-Za-z_]\w*(?:\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*\])?\+?=", re.ASCII)
_FUNCTION = compiled(r"[ \t]*\([ \t]*\)")


def _redirect(cursor: Cursor) -> Redirect | None:
    match = _REDIRECT.match(cursor.text, cursor.at)
    if not match:
        return None
    start, operator = cursor.at, match[2] or match[3]
    cursor.at = match.end()
    cursor.skip_blanks()
    target = scan_word(cursor)
    redirect = Redirect(Span(start, cursor.at), match[1] or "", operator, target)
    if operator in ("<<", "<<-"):
        cursor.pending.append(redirect)
    return redirect


def redirects(cursor: Cursor) -> tuple[Redirect, ...]:
    """Read the redirects after a compound command."""
    found: list[Redirect] = []
    while True:
        cursor.skip_blanks()
        redirect = _redirect(cursor)
        if redirect is None:
            return tuple(found)
        found.append(redirect)


def simple(cursor: Cursor) -> Command:
    """Read a simple command, or the function that turns out to begin here."""
    start = cursor.at
    assignments: list[Word] = []
    words: list[Word] = []
    found: list[Redirect] = []
    while not ends_simple(cursor):
        redirect = _redirect(cursor)
        if redirect is not None:
            found.append(redirect)
        else:
            assigns = not words and ASSIGNMENT.match(cursor.text, cursor.at)
            word = scan_word(cursor)
            (assignments if assigns else words).append(word)
            if len(words) == 1 and cursor.text.startswith(("(", " (", "\t("), cursor.at):
                return _function(cursor, start, word)
        cursor.skip_blanks()
    parts: list[Word | Redirect] = [*assignments, *words, *found]
    if not parts:
        raise cursor.fail(f"unexpected `{token(cursor)}`")
    span = Span(start, max(part.span.end for part in parts))
    return Simple(span, tuple(assignments), tuple(words), tuple(found))


def ends_simple(cursor: Cursor) -> bool:
    """Tell whether a simple command can have no further word here."""
    return cursor.at >= len(cursor.text) or bool(at_operator(cursor))


def _function(cursor: Cursor, start: int, name: Word) -> Function:
    match = _FUNCTION.match(cursor.text, cursor.at)
    if not match:
        cursor.skip_blanks()
        raise cursor.fail("unexpected `(`")
    cursor.at = match.end()
    return _function_body(cursor, start, name)


def _function_body(cursor: Cursor, start: int, name: Word) -> Function:
    newlines(cursor)
    body = cursor.parse_command(cursor)
    return Function(Span(start, end_of(body)), name.span.of(cursor.text), body)


def function_keyword(cursor: Cursor) -> Function:
    """Read ``function name { … }``."""
    start = cursor.at
    cursor.at += len("function")
    cursor.skip_blanks()
    name = scan_word(cursor)
    if match := _FUNCTION.match(cursor.text, cursor.at):
        cursor.at = match.end()
    return _function_body(cursor, start, name)
