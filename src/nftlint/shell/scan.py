"""Words of a script: how far each goes, and the pieces that it is made of."""

from __future__ import annotations

import re

from nftlint.patterns import compiled
from nftlint.shell.brackets import arithmetic_end, balanced
from nftlint.shell.cursor import Cursor
from nftlint.shell.tree import Piece, Word
from nftlint.span import Span

_PLAIN = compiled(r"[^ \t\r\n\\'\"`$<>|&;()]+")
_IN_DOUBLE = compiled(r'[^"\\$`]+')
_SINGLE = compiled(r"'[^']*'")
_ANSI = compiled(r"\$'(?:[^'\\]|\\.)*'", re.DOTALL)
_NAME = compiled(r"[A-Za-z_]\w*|[0-9@*#?$!-]", re.ASCII)
_BRACED = compiled(r"([#!]?)([A-Za-z_]\w*|\d+|[@*#?$!-])((?:\[[^\]]*\])?)", re.ASCII)
_OPERATOR = compiled(r":?[-=?+]|##?|%%?|//?|:|\^\^?|,,?|@")
_ARRAY = compiled(r"[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=\Z", re.ASCII)
_EXTGLOB = frozenset("?*+@!")
_QUOTES = frozenset("\\'\"`$")


def scan_word(cursor: Cursor) -> Word:
    """Read the word that begins here; raises ``ShellError`` for none."""
    start = cursor.at
    match = _PLAIN.match(cursor.text, start)
    if match:
        after = cursor.text[match.end() : match.end() + 1]
        if after not in _QUOTES and after not in {"(", "<", ">"}:
            cursor.at = match.end()
            return Word(Span(start, cursor.at))
    pieces = _pieces(cursor)
    while len(pieces) > 1 and pieces[-1].span.of(cursor.text) == "\\\n":
        cursor.at = pieces[-1].span.start  # a continued line after the word is no part of it
        pieces = pieces[:-1]
    if cursor.at == start:
        raise cursor.fail(f"unexpected `{cursor.text[start : start + 1] or 'end of the script'}`")
    return Word(Span(start, cursor.at), () if _is_plain(pieces) else pieces)


def _is_plain(pieces: tuple[Piece, ...]) -> bool:
    return len(pieces) == 1 and pieces[0].kind == "plain"


def _pieces(cursor: Cursor) -> tuple[Piece, ...]:
    """Read pieces outside double quotes up to the end of the word."""
    text = cursor.text
    pieces: list[Piece] = []
    while cursor.at < len(text):
        char = text[cursor.at]
        if char in _QUOTES:
            pieces.append(_quoted(cursor, char))
        elif char in "<>" and text.startswith("(", cursor.at + 1):
            pieces.append(_commands(cursor, "process"))
        elif char == "(" and pieces and pieces[-1].kind == "plain":
            piece = _after_plain(cursor, pieces[-1])
            if piece is None:
                break
            pieces.append(piece)
        elif match := _PLAIN.match(text, cursor.at):
            pieces.append(_simple_piece(cursor, "plain", match.end()))
        else:
            break
    return tuple(pieces)


def _after_plain(cursor: Cursor, before: Piece) -> Piece | None:
    """Read ``(…)`` after ``name=`` or after the character of an extended pattern."""
    plain = before.span.of(cursor.text)
    if _ARRAY.match(plain):
        return _array(cursor)
    if plain[-1] in _EXTGLOB:
        return _simple_piece(cursor, "plain", balanced(cursor, cursor.at))
    return None


def scan_quoted(cursor: Cursor) -> Word:
    """Read what begins here with a quote, a backtick or a dollar, as a word of its own."""
    piece = _quoted(cursor, cursor.text[cursor.at])
    return Word(piece.span, (piece,))


def _simple_piece(cursor: Cursor, kind: str, end: int, marks: int = 0) -> Piece:
    span = Span(cursor.at, end)
    cursor.at = end
    return Piece(kind, span, Span(span.start + marks, end - (1 if marks else 0)))


def _quoted(cursor: Cursor, char: str) -> Piece:
    text = cursor.text
    if char == "\\":
        return _simple_piece(cursor, "escape", min(cursor.at + 2, len(text)))
    if char == "'":
        match = _SINGLE.match(text, cursor.at)
        if not match:
            raise cursor.fail("a single quote is not closed")
        return _simple_piece(cursor, "single", match.end(), 1)
    if char == '"':
        return _double(cursor, 1)
    if char == "`":
        return _backtick(cursor)
    return _dollar(cursor, in_double=False)


def _double(cursor: Cursor, marks: int) -> Piece:
    start = cursor.at
    cursor.at += marks
    pieces: list[Piece] = []
    while not cursor.text.startswith('"', cursor.at):
        if cursor.at >= len(cursor.text):
            cursor.at = start
            raise cursor.fail("a double quote is not closed")
        pieces.append(_in_double(cursor))
    cursor.at += 1
    inner = Span(start + marks, cursor.at - 1)
    return Piece("double", Span(start, cursor.at), inner, pieces=tuple(pieces))


def _in_double(cursor: Cursor) -> Piece:
    """Read one piece of text in double quotes, or in an unquoted heredoc."""
    text = cursor.text
    char = text[cursor.at]
    if char == "\\":
        special = text[cursor.at + 1 : cursor.at + 2] in '$`"\\\n'
        return _simple_piece(cursor, "escape" if special else "plain", cursor.at + 2)
    if char == "`":
        return _backtick(cursor)
    if char == "$":
        return _dollar(cursor, in_double=True)
    match = _IN_DOUBLE.match(text, cursor.at)
    return _simple_piece(cursor, "plain", match.end() if match else cursor.at + 1)


def scan_heredoc(cursor: Cursor, body: Span) -> tuple[Piece, ...]:
    """Return the pieces of an unquoted heredoc's body, or of what is read like one.

    The cursor stays where it is.
    """
    if not any(mark in body.of(cursor.text) for mark in "\\$`"):
        return (Piece("plain", body, body),) if body.start < body.end else ()
    inside = Cursor(cursor.text[: body.end], cursor.parse_body, cursor.parse_command, body.start)
    inside.heredocs, inside.mistakes = cursor.heredocs, cursor.mistakes
    inside.unclosed = cursor.unclosed
    pieces: list[Piece] = []
    while inside.at < body.end:
        if inside.text[inside.at] == '"':
            pieces.append(_simple_piece(inside, "plain", inside.at + 1))
        elif inside.text.startswith('\\"', inside.at):
            pieces.append(_simple_piece(inside, "plain", inside.at + 2))
        else:
            pieces.append(_in_double(inside))
    return tuple(pieces)


def _backtick(cursor: Cursor) -> Piece:
    at = cursor.at + 1
    text = cursor.text
    while at < len(text) and text[at] != "`":
        at += 2 if text[at] == "\\" else 1
    if at >= len(text):
        raise cursor.fail("a backtick is not closed")
    return _simple_piece(cursor, "backtick", at + 1, 1)


def _dollar(cursor: Cursor, *, in_double: bool) -> Piece:
    text, at = cursor.text, cursor.at
    if text.startswith("${", at):
        return _braced(cursor, in_double=in_double)
    if text.startswith("$((", at) and (end := arithmetic_end(cursor, at + 1)) > 0:
        return arithmetic(cursor, end, Span(at + 3, end - 2))
    if text.startswith("$(", at):
        return _commands(cursor, "command")
    if not in_double and (match := _ANSI.match(text, at)):
        return _simple_piece(cursor, "ansi", match.end(), 2)
    if not in_double and text.startswith('$"', at):
        return _double(cursor, 2)
    if text.startswith("$[", at) and (end := text.find("]", at)) > 0:
        return arithmetic(cursor, end + 1, Span(at + 2, end))
    if match := _NAME.match(text, at + 1):
        cursor.at = match.end()
        return Piece("parameter", Span(at, cursor.at), Span(at + 1, cursor.at), match[0])
    return _simple_piece(cursor, "plain", at + 1)


def arithmetic(cursor: Cursor, end: int, inner: Span) -> Piece:
    """Read arithmetic up to ``end``: of what stands in it, only commands are looked at."""
    piece = _simple_piece(cursor, "arithmetic", end)
    if not any(mark in inner.of(cursor.text) for mark in ("$(", "`")):
        return piece
    return Piece(piece.kind, piece.span, piece.inner, pieces=scan_heredoc(cursor, inner))


def _commands(cursor: Cursor, kind: str) -> Piece:
    start = cursor.at
    message = f"`{cursor.text[start : start + 2]}` is not closed"
    known = start, len(cursor.text)
    if known in cursor.unclosed:
        raise cursor.fail(message)
    cursor.at += 2
    body = cursor.parse_body(cursor)
    if not cursor.text.startswith(")", cursor.at):
        cursor.at = start
        cursor.unclosed.add(known)
        raise cursor.fail(message)
    cursor.at += 1
    inner = Span(start + 2, cursor.at - 1)
    return Piece(kind, Span(start, cursor.at), inner, body=body)


def _braced(cursor: Cursor, *, in_double: bool) -> Piece:
    text, start = cursor.text, cursor.at
    match = _BRACED.match(text, start + 2)
    if not match:
        end = _balanced_brace(cursor, start)
        return _simple_piece(cursor, "parameter", end, 2)
    cursor.at = match.end()
    operator = ""
    if found := _OPERATOR.match(text, cursor.at):
        operator, cursor.at = found[0], found.end()
    first = cursor.at
    literal_quotes = in_double and operator[-1:] in ("-", "=", "?", "+")
    pieces = _operand(cursor, start, literal_quotes=literal_quotes)
    span = Span(start, cursor.at)
    name = match[1] + match[2] + match[3]
    return Piece("parameter", span, Span(first, cursor.at - 1), name, operator, pieces)


def _operand(cursor: Cursor, start: int, *, literal_quotes: bool) -> tuple[Piece, ...]:
    """Read the pieces up to the ``}`` that closes ``${name:-…``, and go past it."""
    pieces: list[Piece] = []
    text = cursor.text
    while not text.startswith("}", cursor.at):
        if cursor.at >= len(text):
            cursor.at = start
            raise cursor.fail("`${` is not closed")
        char = text[cursor.at]
        if char in _QUOTES and not (char == "'" and literal_quotes):
            pieces.append(_quoted(cursor, char))
        else:
            end = cursor.at + 1
            while end < len(text) and text[end] not in "}\\'\"`$":
                end += 1
            pieces.append(_simple_piece(cursor, "plain", end))
    cursor.at += 1
    return tuple(pieces)


def _balanced_brace(cursor: Cursor, start: int) -> int:
    end = cursor.text.find("}", start)
    if end < 0:
        raise cursor.fail("`${` is not closed")
    return end + 1


def _array(cursor: Cursor) -> Piece:
    start = cursor.at
    cursor.at += 1
    words: list[Word] = []
    while True:
        cursor.skip_blanks()
        if cursor.text.startswith("\n", cursor.at):
            cursor.at += 1
        elif cursor.text.startswith(")", cursor.at):
            cursor.at += 1
            break
        elif cursor.at >= len(cursor.text):
            cursor.at = start
            raise cursor.fail("an array is not closed")
        else:
            words.append(scan_word(cursor))
    span = Span(start, cursor.at)
    return Piece("array", span, Span(start + 1, span.end - 1), words=tuple(words))
