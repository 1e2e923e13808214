"""Source lines with a span of them underlined, as compilers show them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from nftlint.output.cells import excerpt
from nftlint.output.changes import Hunk, common_head
from nftlint.output.paint import Paint
from nftlint.output.regions import Lines
from nftlint.record import dataclass
from nftlint.span import Span

_SHOWN_LINES = 6
"""A span of more lines than this is shown by its first and last lines."""
_SHOWN_CHANGES = 12
_STYLES = {"-": "removed", "+": "added"}


@dataclass(frozen=True, slots=True)
class Frame:
    """How snippets are drawn: ``gutter`` is the width of the line numbers, ``width`` of all."""

    paint: Paint
    gutter: int
    width: int

    @property
    def room(self) -> int:
        """How many columns are left for source text."""
        return max(self.width - self.gutter - 3, 30)

    def row(self, number: int | str = "", text: str = "", bar: str = "|") -> str:
        """Return one line: a number, a bar, and a text."""
        edge = self.paint("frame", f"{number:>{self.gutter}} {bar}")
        return f"{edge} {text}" if text else edge


def source(frame: Frame, lines: Lines, span: Span, style: str) -> Iterator[str]:
    """Yield the lines of a span, each with its part of the span underlined."""
    region = lines.region(span)
    last = region.end_line - (region.end_column == 1 and region.end_line > region.start_line)
    for number in _shown(region.start_line, last):
        if number == 0:
            yield frame.row("", "…", bar=" ")
            continue
        line = lines.span(number)
        text = line.of(lines.text)
        mark = _part(line, text, span)
        shown = excerpt(text, mark, frame.room)
        yield frame.row(number, shown.shown)
        yield frame.row("", " " * shown.start + frame.paint(style, "^" * shown.length))


def changed(frame: Frame, hunk: Hunk) -> Iterator[str]:
    """Yield the lines of a change, those that go and those that come."""
    yield from _side(frame, "-", hunk)
    yield from _side(frame, "+", Hunk(hunk.line, hunk.after, hunk.before))


def _side(frame: Frame, sign: str, hunk: Hunk) -> Iterator[str]:
    texts = hunk.before
    pairs = zip_longest(texts[:_SHOWN_CHANGES], hunk.after[: len(texts)], fillvalue="")
    for number, (text, other) in enumerate(pairs, hunk.line):
        shown = excerpt(text, _difference(text, other), frame.room).shown
        yield frame.row(number, frame.paint(_STYLES[sign], shown), bar=sign)
    if len(texts) > _SHOWN_CHANGES:
        yield frame.row("", f"… {len(texts) - _SHOWN_CHANGES} more", bar=sign)


def _difference(text: str, other: str) -> Span:
    """Return where ``text`` begins to differ; alike for both sides, so that they are cut alike."""
    start = common_head(text, other)
    return Span(start, start)


def _shown(first: int, last: int) -> Iterator[int]:
    """Yield line numbers, and 0 where some are left out."""
    if last - first < _SHOWN_LINES:
        yield from range(first, last + 1)
        return
    yield from (*range(first, first + _SHOWN_LINES - 2), 0, last)


def _part(line: Span, text: str, span: Span) -> Span:
    """Return the part of ``span`` on ``line``, without the line's indentation."""
    indent = len(text) - len(text.lstrip())
    start = span.start - line.start if span.start >= line.start else indent
    return Span(min(start, len(text)), min(span.end - line.start, len(text)))
