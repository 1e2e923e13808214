"""Heredoc bodies, by the shell's own rule: after the line, in the order of their operators."""

from __future__ import annotations

import re

from nftlint.patterns import compiled
from nftlint.shell.cursor import Cursor, ShellError
from nftlint.shell.scan import scan_heredoc
from nftlint.shell.tree import Heredoc, Mistake, Piece, Redirect
from nftlint.span import Span

_UNQUOTE = compiled(r"\\(.)|['\"]", re.DOTALL)


def read_bodies(cursor: Cursor) -> None:
    """Read the bodies that wait for this line, whose line end has just been passed."""
    waiting, cursor.pending = cursor.pending, []
    for redirect in waiting:
        heredoc = _read_body(cursor, redirect)
        cursor.heredocs[redirect.span.start] = heredoc
        cursor.at = heredoc.end.end


def _read_body(cursor: Cursor, redirect: Redirect) -> Heredoc:
    written = redirect.target.span.of(cursor.text)
    delimiter = _UNQUOTE.sub(lambda match: match[1] or "", written)
    quoted = any(mark in written for mark in "\\'\"")
    strip = redirect.operator == "<<-"
    end = _end_line(cursor, delimiter, strip=strip, quoted=quoted)
    if end is None:
        message = f"the heredoc is not closed: no line `{delimiter}`"
        cursor.mistakes.append(Mistake(redirect.span, message))
        end = Span(len(cursor.text), len(cursor.text))
    body = Span(cursor.at, end.start)
    pieces = () if quoted else _pieces(cursor, body)
    return Heredoc(redirect, quoted, strip, body, end, pieces)


def _pieces(cursor: Cursor, body: Span) -> tuple[Piece, ...]:
    """Return the pieces of a body; one with a mistake in it is text, which is noted."""
    try:
        return scan_heredoc(cursor, body)
    except ShellError as error:
        cursor.mistakes.append(Mistake(body, str(error)))
        return (Piece("plain", body, body),)


def _end_line(cursor: Cursor, delimiter: str, *, strip: bool, quoted: bool) -> Span | None:
    """Find the line that is the delimiter, and no continuation of the line before it."""
    tabs = r"\t*" if strip else ""
    pattern = re.compile(rf"^{tabs}{re.escape(delimiter)}(?:\n|\Z)", re.MULTILINE)
    for match in pattern.finditer(cursor.text, cursor.at):
        if quoted or match.start() == cursor.at or not _continued(cursor.text, match.start()):
            return Span(*match.span())
    return None


def _continued(text: str, line: int) -> bool:
    """Tell whether the line before ``line`` ends in an odd number of backslashes."""
    at = line - 1
    while at > 0 and text[at - 1] == "\\":
        at -= 1
    return (line - 1 - at) % 2 == 1
