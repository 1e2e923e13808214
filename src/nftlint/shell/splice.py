"""Words put together from others: what a variable holds after ``A="$A …"``, or ``printf -v``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nftlint.patterns import compiled
from nftlint.shell.tree import Piece, Word
from nftlint.span import Span

MOST_PIECES = 400
"""A variable that is put together from more is taken as unknown."""
_DIRECTIVE = compiled(r"%(?:%|[-0-9.]*[sdiub])")


def pieces_of(word: Word) -> tuple[Piece, ...]:
    """Return the pieces of a word, also of one that means itself."""
    if not word.pieces:
        return (Piece("plain", word.span, word.span),) if word.span else ()
    if len(word.pieces) == 1 and word.pieces[0].kind == "double":
        return word.pieces[0].pieces
    return word.pieces


def _double(word: Word, pieces: tuple[Piece, ...]) -> Word:
    return Word(word.span, (Piece("double", word.span, word.span, pieces=pieces),))


def one_after_other(first: Word, second: Word) -> Word | None:
    """Return both words as one, with the place of the second; ``None`` for too many pieces."""
    return _few(_double(second, (*pieces_of(first), *pieces_of(second))))


def _few(word: Word) -> Word | None:
    return word if sum(1 for _ in _leaves(word.pieces)) <= MOST_PIECES else None


def with_text(word: Word, name: str, before: Word | None) -> Word | None:
    """Let what a variable held stand for its name in a word; ``None`` for too many pieces."""
    if before is not None and any(_names(word.pieces, name)):
        word = _double(word, tuple(_spliced(pieces_of(word), name, pieces_of(before))))
    return _few(word)


def _names(pieces: tuple[Piece, ...], name: str) -> Iterator[bool]:
    for piece in pieces:
        yield piece.kind == "parameter" and piece.name == name and not piece.operator
        if piece.kind == "double":
            yield from _names(piece.pieces, name)


def _spliced(pieces: tuple[Piece, ...], name: str, before: tuple[Piece, ...]) -> Iterator[Piece]:
    for piece in pieces:
        if piece.kind == "double":
            yield from _spliced(piece.pieces, name, before)
        elif piece.kind == "parameter" and piece.name == name and not piece.operator:
            yield from before
        else:
            yield piece


def _leaves(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    for piece in pieces:
        if piece.kind == "double":
            yield from _leaves(piece.pieces)
        else:
            yield piece


def printed_pieces(words: Sequence[Word], text: str) -> tuple[Piece, ...]:
    """Return what ``printf`` makes of a format and arguments; empty for a format with variables."""
    if not words:
        return ()
    form = pieces_of(words[0])
    if not form or any(piece.kind not in ("plain", "single", "escape", "ansi") for piece in form):
        return ()
    arguments = list(words[1:])
    found: list[Piece] = []
    while True:
        count = len(arguments)
        for piece in form:
            found += _filled(piece, arguments, text)
        if not arguments or len(arguments) == count or len(found) > MOST_PIECES:
            return tuple(found)


def _filled(piece: Piece, arguments: list[Word], text: str) -> Iterator[Piece]:
    if piece.kind == "escape":
        yield piece
        return
    at = piece.inner.start
    for match in _DIRECTIVE.finditer(text, piece.inner.start, piece.inner.end):
        yield from _decoded(Span(at, match.start()))
        if match[0] == "%%":
            percent = Span(match.start(), match.start() + 1)
            yield Piece("plain", percent, percent)
        elif arguments:
            yield from pieces_of(arguments.pop(0))
        at = match.end()
    yield from _decoded(Span(at, piece.inner.end))


def _decoded(span: Span) -> Iterator[Piece]:
    """Yield a stretch of a format, in which printf undoes escapes."""
    if span:
        yield Piece("ansi", span, span)
