"""The exec form of RUN, CMD, ENTRYPOINT and HEALTHCHECK: a JSON list of words, run as it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from nftlint.edits import Edit
from nftlint.found import Found, Kept, Part
from nftlint.fragment import Builder, Fragment, Refusal, Style
from nftlint.holes import has_holes
from nftlint.patterns import compiled
from nftlint.span import Span

if TYPE_CHECKING:
    from nftlint.commands.words import Word, Write

_PIECE = compiled(
    r"(?P<plain>[^\\]+)|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\u[0-9a-fA-F]{4}|\\."
)


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


JSON_STRING = Style("JSON string", lambda text: _literal(text)[1:-1])


def read(fragment: Fragment) -> Iterable[Found]:
    """Yield what the words of an exec form run."""
    from nftlint.commands.read import read_command
    from nftlint.commands.words import CommandLine, Word
    from nftlint.docker.words import exec_form

    strings = exec_form(fragment.text) or []
    words = tuple(Word(_decoded(fragment, string.span), string.span) for string in strings)
    if words:
        yield from read_command(CommandLine(fragment, words, _writer(fragment, words)))


def _decoded(fragment: Fragment, literal: Span) -> Fragment:
    """Return a JSON string as a fragment with its escapes undone."""
    builder = Builder(fragment.text, fragment, JSON_STRING)
    for match in _PIECE.finditer(fragment.text, literal.start + 1, literal.end - 1):
        span = Span(*match.span())
        if match["plain"]:
            builder.copy(span)
        else:
            char = json.loads(f'"{match[0]}"')
            builder.put("\ufffd" if "\ud800" <= char <= "\udfff" else char, span)
    return builder.build("word")


def _writer(host: Fragment, words: Sequence[Word]) -> Write:
    def write(
        first: int, last: int, _script: Fragment, parts: Sequence[Part]
    ) -> tuple[Edit, ...] | Refusal:
        if len(parts) != 1:
            return Refusal("an exec form runs one command, and the rules take several")
        if isinstance(parts[0], Kept):
            return ()
        if any(has_holes(arg.text) for arg in parts[0]):
            return Refusal("an exec form expands no variables")
        text = ", ".join(_literal(arg.text) for arg in parts[0])
        return (Edit(host, words[first].span.cover(words[last].span), text),)

    return write


LANGUAGES = {"dockerfile-exec": read}
