"""What commands do to variables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nftlint.patterns import compiled
from nftlint.record import replace
from nftlint.shell.known import elements, known_pieces, known_word
from nftlint.shell.simple import ASSIGNMENT
from nftlint.shell.splice import one_after_other, printed_pieces, with_text
from nftlint.shell.tree import For, Heredoc, Piece, Simple, Word
from nftlint.shell.values import LONGEST, MAX_VALUES, UNKNOWN, Env, Known, either
from nftlint.span import Span

DECLARING = frozenset({"declare", "local", "export", "readonly", "typeset"})
LOCAL = frozenset({"declare", "local", "typeset"})
_READING = frozenset({"read", "mapfile", "readarray", "getopts", "unset"})
SOURCING = frozenset({"source", ".", "load"})
"""``load`` is how bats reads files in."""
_CHANGING = DECLARING | _READING | SOURCING | {"printf", "shift", "alias", ":"}
_NAME = compiled(r"[A-Za-z_]\w*\Z", re.ASCII)


def changes(simple: Simple, text: str) -> bool:
    """Tell whether a simple command can change a variable."""
    if not simple.words:
        return bool(simple.assignments)
    return simple.words[0].span.of(text) in _CHANGING


def assign(simple: Simple, env: Env) -> None:
    """Let a simple command change the environment."""
    if not simple.words:
        for word in simple.assignments:
            _assign(word, env)
        return
    name = simple.words[0].span.of(env.text)
    rest = simple.words[1:]
    if name in DECLARING:
        for word in rest:
            if ASSIGNMENT.match(env.text, word.span.start):
                _assign(word, env)
    elif name == "printf" and len(rest) > 1 and rest[0].span.of(env.text) == "-v":
        _print_to(rest[1].span.of(env.text), rest[2:], env)
    elif name in _READING:
        _read(simple, env)
    elif name in SOURCING:
        doubt(env)
    elif name == "shift" and env.positional is not None:
        count = rest[0].span.of(env.text) if rest else "1"
        env.positional = env.positional[int(count) :] if count.isdigit() else None
    elif name == "alias":
        _alias(rest, env)
    elif name == ":":
        _defaults(rest, env)


def _read(simple: Simple, env: Env) -> None:
    """Forget what a variable held; ``read -d ''`` takes in all of a heredoc."""
    texts = [word.span.of(env.text) for word in simple.words[1:]]
    for text in texts:
        if _NAME.match(text):
            _forget(text, env)
    found = (env.heredocs.get(item.span.start) for item in simple.redirects)
    heredoc = next((item for item in found if item is not None), None)
    whole = any(text.startswith("-") and "d" in text for text in texts[:-1])
    if heredoc is not None and whole and texts[0] != "unset" and _NAME.match(texts[-1]):
        env.texts[texts[-1]] = (_body_of(heredoc),)


def _body_of(heredoc: Heredoc) -> Word:
    if heredoc.quoted:
        return Word(heredoc.body)
    return Word(heredoc.body, (Piece("double", heredoc.body, heredoc.body, pieces=heredoc.pieces),))


def _print_to(name: str, words: tuple[Word, ...], env: Env) -> None:
    """Let a variable hold what ``printf`` makes of a format and words."""
    pieces = printed_pieces(words, env.text)
    word = Word(words[0].span.cover(words[-1].span), pieces) if pieces else None
    known = known_word(word, env) if word is not None else UNKNOWN
    before = env.texts.get(name, ())
    _forget(name, env)
    env.scalars[name] = known
    if word is not None:
        _set_texts(name, [with_text(word, name, one) for one in before or (None,)], env)


def _set_texts(name: str, texts: Sequence[Word | None], env: Env) -> None:
    """Take note of the words that a variable was set to, one for each way that led here."""
    known = tuple(text for text in texts if text is not None)
    if known:
        env.texts[name] = known
    else:
        env.texts.pop(name, None)


def _forget(name: str, env: Env) -> None:
    env.scalars[name] = UNKNOWN
    env.arrays.pop(name, None)
    env.texts.pop(name, None)


def doubt(env: Env) -> None:
    """Another file may set any variable anew."""
    env.scalars = {name: replace(known, exact=False) for name, known in env.scalars.items()}


def _assign(word: Word, env: Env) -> None:
    match = ASSIGNMENT.match(env.text, word.span.start)
    if match is None:
        return
    name, append = match[0].rstrip("=").rstrip("+"), match[0].endswith("+=")
    if name.endswith("]"):
        env.arrays[name.partition("[")[0]] = None
        return
    array = next((piece for piece in word.pieces if piece.kind == "array"), None)
    if array is not None:
        found = elements(array.words, env)
        before = env.arrays.get(name) if append else ()
        env.arrays[name] = None if found is None or before is None else (*before, *found)
        return
    known = _value(word, match.end(), env)
    texts, new = env.texts.get(name, ()), assigned_word(word, match.end())
    if append:
        _set_texts(name, [one_after_other(one, new) for one in texts] or [new], env)
    else:
        _set_texts(name, [with_text(new, name, one) for one in texts or (None,)], env)
    env.scalars[name] = _appended(env.get(name), known) if append else known


def assigned_word(word: Word, start: int) -> Word:
    """Return what stands after ``name=``."""
    rest = Span(start, word.span.end)
    if not word.pieces:
        return Word(rest)
    first = word.pieces[0]
    pieces = word.pieces[1:]
    if first.span.end > start:
        plain = Span(start, first.span.end)
        pieces = (Piece("plain", plain, plain), *pieces)
    return Word(rest, pieces)


def _value(word: Word, start: int, env: Env) -> Known:
    """Return the values of what stands after ``name=``."""
    value = assigned_word(word, start)
    if not value.span:
        return Known(("",), exact=True)
    return known_word(value, env)


def _appended(before: Known | None, after: Known) -> Known:
    if before is None or not before.values or not after.values:
        return UNKNOWN
    values = tuple({one + two: 0 for one in before.values for two in after.values})
    if len(values) > MAX_VALUES or max(map(len, values)) > LONGEST:
        return UNKNOWN
    return Known(values, before.exact and after.exact)


def _alias(words: tuple[Word, ...], env: Env) -> None:
    for word in words:
        known = known_word(word, env)
        if len(known.values) == 1 and "=" in known.values[0]:
            name, _, value = known.values[0].partition("=")
            env.aliases[name] = value


def _defaults(words: tuple[Word, ...], env: Env) -> None:
    """Take note of ``: ${NAME:=value}``."""
    for word in words:
        for piece in _parameters(word.pieces):
            if piece.operator in (":=", "="):
                default = known_pieces(piece.pieces, env)
                before = env.get(piece.name)
                env.scalars[piece.name] = either(before, default)


def _parameters(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    for piece in pieces:
        if piece.kind == "parameter":
            yield piece
        elif piece.kind == "double":
            yield from _parameters(piece.pieces)


def bind_loop(loop: For, env: Env) -> None:
    """Give a loop's variable the values of the loop's words."""
    env.texts.pop(loop.name, None)
    if loop.words is None:
        env.scalars[loop.name] = Known(positional=True)
        return
    found = elements(loop.words, env)
    if found is None or any(mark in text for text in found for mark in "*?[{"):
        env.scalars[loop.name] = UNKNOWN
    elif len(found) <= 64:
        env.scalars[loop.name] = Known(tuple(dict.fromkeys(found)), exact=True)
