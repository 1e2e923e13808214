"""Parts of a fragment, to put other fragments of the same parent together from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nftlint.commands.words import Word
from nftlint.fragment import VERBATIM, Builder, Fragment, Segment, Style, to_parent
from nftlint.record import dataclass
from nftlint.shell.ansi import escapes
from nftlint.span import Span


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text of ``fragment`` that one segment holds; ``segment`` says where it stands."""

    text: str
    segment: Segment
    fragment: Fragment

    def part(self, start: int, end: int) -> Stretch:
        """Return a part of a stretch; offsets are within its text. An escape keeps its place."""
        inner = Span(self.segment.inner.start + start, self.segment.inner.start + end)
        outer = self.segment.outer
        if self.segment.verbatim:
            outer = Span(outer.start + start, outer.start + end)
        new = Segment(inner, outer, self.segment.style, self.segment.verbatim)
        return Stretch(self.text[start:end], new, self.fragment)


def stretches(fragment: Fragment, span: Span) -> Iterator[Stretch]:
    """Yield what ``span`` of a fragment is made of, in order."""
    for segment in fragment.segments:
        inner = Span(max(segment.inner.start, span.start), min(segment.inner.end, span.end))
        if inner.start < inner.end:
            outer = to_parent(fragment, inner)
            part = Segment(inner, outer, segment.style, segment.verbatim)
            yield Stretch(inner.of(fragment.text), part, fragment)


def unescaped(fragment: Fragment) -> Iterator[Stretch]:
    r"""Yield what a word is made of with ``\n`` and the like undone."""
    end = len(fragment.text)
    at = 0
    for span, meaning in [*escapes(fragment.text), (Span(end, end), "")]:
        yield from stretches(fragment, Span(at, span.start))
        if meaning:
            outer = to_parent(fragment, span)
            style = fragment.segments[0].style
            yield Stretch(meaning, Segment(span, outer, style, verbatim=False), fragment)
        at = span.end


def put(builder: Builder, stretch: Stretch, style: Style | None = None) -> None:
    """Add a stretch: a copy of the parent's text, an escape, or a hole."""
    text, segment, fragment = stretch.text, stretch.segment, stretch.fragment
    style = style or segment.style
    if text in fragment.holes:
        hole = fragment.holes[text]
        builder.hole(segment.outer, hole.name, values=hole.values, style=style, raw=hole.raw)
    elif segment.verbatim:
        builder.copy(segment.outer, style)
    else:
        builder.put(text, segment.outer, style)


def put_all(builder: Builder, fragment: Fragment, style: Style) -> None:
    """Add all of a fragment of the same parent, but for the line ends that it ends in."""
    for stretch in stretches(fragment, Span(0, len(fragment.text.rstrip("\n")))):
        put(builder, stretch, style)


def split(host: Fragment, word: Word) -> list[Word]:
    """Return the words that a word falls into where a variable that holds it is not quoted."""
    found: list[Word] = []
    for match in re.finditer(r"\S+", word.text):
        builder = Builder(host.text, host, VERBATIM)
        for stretch in stretches(word.fragment, Span(*match.span())):
            put(builder, stretch)
        found.append(Word(builder.build("word"), word.span))
    return found
