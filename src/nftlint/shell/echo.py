"""What ``echo`` and ``printf`` make of their words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nftlint.commands.words import Word
from nftlint.fragment import Builder, Fragment
from nftlint.patterns import compiled
from nftlint.shell.lens import BARE, SINGLE
from nftlint.shell.stretches import Stretch, put, unescaped
from nftlint.span import Span

_POSIX = compiled(r"#![ \t]*(?:\S*/)?(?:env[ \t]+)?(?:\S*/)?(?:da|a)?sh\b")
_DIRECTIVE = compiled(r"%(?:%|[-0-9.]*[sdiub])")


def is_posix(text: str) -> bool:
    """Tell whether a script's first line names a plain ``sh``, and not bash."""
    return _POSIX.match(text) is not None


def echoed(host: Fragment, words: Sequence[Word], language: str, *, posix: bool) -> Fragment:
    """Return what ``echo`` prints of its words; ``posix`` as dash and busybox do."""
    expands = posix  # dash and busybox undo escapes without -e
    newline = True
    while words and re.fullmatch(r"-[neE]+", words[0].text):
        expands = expands or "e" in words[0].text
        newline = newline and "n" not in words[0].text
        words = words[1:]
    builder = Builder(host.text, host, BARE)
    end: int | None = None
    for word in words:
        if end is not None:
            builder.put(" ", Span(end, max(end, word.span.start)))
        for stretch in unescaped(word.fragment) if expands else ():
            put(builder, stretch)
        if not expands:
            builder.take(word.fragment)
        end = word.span.end
    if newline and end is not None:
        builder.put("\n", Span(end, end))
    return builder.build(language)


def formatted(host: Fragment, words: Sequence[Word], language: str) -> Fragment:
    """Return the format, used again until every argument has been printed."""
    builder = Builder(host.text, host, SINGLE)
    arguments = list(words[1:])
    if words[0].text == "--":
        return formatted(host, words[1:], language)
    while True:
        before = len(arguments)
        for stretch in unescaped(words[0].fragment):
            _format(builder, stretch, arguments)
        if not arguments or len(arguments) == before:
            return builder.build(language)


def _format(builder: Builder, stretch: Stretch, arguments: list[Word]) -> None:
    if stretch.text in stretch.fragment.holes:
        put(builder, stretch)
        return
    at = 0
    for match in _DIRECTIVE.finditer(stretch.text):
        put(builder, stretch.part(at, match.start()))
        if match[0] == "%%":
            place = stretch.part(*match.span()).segment
            builder.put("%", place.outer, place.style)
        elif arguments:
            builder.take(arguments.pop(0).fragment)
        at = match.end()
    put(builder, stretch.part(at, len(stretch.text)))
