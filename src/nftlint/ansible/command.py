"""The ``command`` module: words as Python's ``shlex`` splits them, run without a shell.

Environment variables are expanded in every word, whatever its quotes, and nothing else is.
Source: documentation of ``ansible.builtin.command`` (``expand_argument_vars``).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence

from nftlint.commands.quote import encode_bare, hole_styles, shell_quote
from nftlint.commands.read import read_command
from nftlint.commands.words import CommandLine, Word, Write
from nftlint.edits import Edit
from nftlint.found import Found, Kept, Part, Problem
from nftlint.fragment import Builder, Fragment, Refusal, Style, UnwritableError
from nftlint.patterns import compiled
from nftlint.span import Span

ONE_COMMAND = "a task of this module runs one command, and the rules take several"

_VARIABLE = compiled(r"\$(?:(\w+)|\{([^}]*)\})")
_PIECE = compiled(
    r"""(?P<blank>[ \t\r\n]+)|(?P<quote>["'])|\\(?P<escaped>.)"""
    r"""|(?P<variable>\$(?:\w+|\{[^}]*\}))|(?P<text>[^ \t\r\n"'\\$]+|\$)""",
    re.DOTALL,
)
_DOUBLE = compiled(
    r"""(?P<end>")|\\(?P<escaped>["\\])|(?P<variable>\$(?:\w+|\{[^}]*\}))|(?P<text>[^"\\$]+|[\\$])"""
)
_SINGLE = compiled(r"(?P<end>')|(?P<variable>\$(?:\w+|\{[^}]*\}))|(?P<text>[^'$]+|\$)")


def _encode_double(text: str) -> str:
    return re.sub(r'["\\]', r"\\\g<0>", _plain(text))


def _encode_single(text: str) -> str:
    if "'" in text:
        raise UnwritableError("single quotes cannot hold a single quote")
    return _plain(text)


def _plain(text: str) -> str:
    if _VARIABLE.search(text):
        raise UnwritableError("a `$` would be expanded there")
    return text


_BARE = Style("bare", encode_bare)
_IN_DOUBLE = Style("double", _encode_double, keeps_words=True)
_IN_SINGLE = Style("single", _encode_single, keeps_words=True)


def read(fragment: Fragment) -> Iterator[Found]:
    """Yield what a command runs, or where its quotes are not closed."""
    words = split(fragment)
    if isinstance(words, Problem):
        yield words
    elif words:
        yield from read_command(line_of(fragment, words))


def line_of(host: Fragment, words: Sequence[Word]) -> CommandLine:
    """Return the words of a command as a command line that can be written anew."""
    return CommandLine(host, tuple(words), _write(host, words))


def split(host: Fragment) -> tuple[Word, ...] | Problem:
    """Return the words of a command as ``shlex.split`` makes them, each with its place."""
    words: list[Word] = []
    at = 0
    while at < len(host.text):
        blank = _PIECE.match(host.text, at)
        if blank and blank.lastgroup == "blank":
            at = blank.end()
            continue
        builder = Builder(host.text, host, _BARE)
        end = _word(builder, host.text, at)
        if end < 0:
            return Problem(host, Span(at, len(host.text)), "a quote is not closed in this command")
        words.append(Word(builder.build("word"), Span(at, end)))
        at = end
    return tuple(words)


def _word(builder: Builder, text: str, at: int) -> int:
    """Read one word; returns its end, or -1 where a quote is not closed."""
    while at < len(text):
        piece = _PIECE.match(text, at)
        if piece is None:
            return -1  # a backslash at the very end
        if piece.lastgroup == "blank":
            return at
        if piece.lastgroup == "quote":
            at = _quoted(builder, text, piece)
            if at < 0:
                return -1
        else:
            _take(builder, piece, _BARE)
            at = piece.end()
    return at


def _quoted(builder: Builder, text: str, quote: re.Match[str]) -> int:
    pattern, style = (_DOUBLE, _IN_DOUBLE) if quote.group() == '"' else (_SINGLE, _IN_SINGLE)
    at = quote.end()
    while piece := pattern.match(text, at):
        at = piece.end()
        if piece.lastgroup == "end":
            return at
        _take(builder, piece, style)
    return -1


def _take(builder: Builder, piece: re.Match[str], style: Style) -> None:
    span = Span(piece.start(), piece.end())
    match piece.lastgroup:
        case "escaped":
            builder.put(piece["escaped"], span, style)
        case "variable":
            quoted = Style(style.name, style.encode, keeps_words=True)  # a word is never split
            builder.hole(span, piece["variable"].strip("${}"), style=quoted)
        case _:
            builder.copy(span, style)


def _write(host: Fragment, words: Sequence[Word]) -> Write:
    def write(
        first: int, last: int, script: Fragment, parts: Sequence[Part]
    ) -> tuple[Edit, ...] | Refusal:
        if len(parts) != 1:
            return Refusal(ONE_COMMAND)
        if isinstance(parts[0], Kept):
            return ()
        texts = [arg.text for arg in parts[0]]
        styles = hole_styles(script)
        written = " ".join(shell_quote(text, styles) for text in texts)
        refused = _differs(written, texts, {char: hole.raw for char, (hole, _) in styles.items()})
        place = words[first].span.cover(words[last].span)
        return refused or (Edit(host, place, written),)

    return write


def _differs(written: str, texts: Sequence[str], raws: Mapping[str, str]) -> Refusal | None:
    """Say why the text does not split into the words that it is to hold."""
    if any(_VARIABLE.search(_filled(text, dict.fromkeys(raws, " "))) for text in texts):
        return Refusal("the command would hold a `$` that is expanded")
    try:
        same = shlex.split(written) == [_filled(text, raws) for text in texts]
    except ValueError:
        same = False
    return None if same else Refusal("the new words cannot be written in this command")


def _filled(text: str, raws: Mapping[str, str]) -> str:
    return "".join(raws.get(char, char) for char in text)
