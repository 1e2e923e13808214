"""Regions: where something stands, in the numbers that people and SARIF use. Built only here."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

from nftlint.artifact import BOM, Artifact
from nftlint.output.uris import Checkout, checkout
from nftlint.record import dataclass, field
from nftlint.results import Location
from nftlint.span import Span


@dataclass(frozen=True, slots=True)
class Region:
    """Lines and columns, 1-based; columns in code points; the end column is exclusive."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.start_line}:{self.start_column}"


NOWHERE = Region(1, 1, 1, 1)
"""The region of what has no place in a text: the file as a whole."""


@dataclass(frozen=True, slots=True)
class Lines:
    r"""The lines of one text: ``starts`` are their offsets in code points.

    A line ends at ``\n``, also as part of ``\r\n``; a lone ``\r`` is a character of the line,
    as in SARIF's default ``newlineSequences``. A byte order mark is no column.
    """

    text: str
    starts: tuple[int, ...]

    def region(self, span: Span) -> Region:
        """Return the region of a span of the text."""
        start_line, start_column = self._position(span.start)
        end_line, end_column = self._position(span.end)
        return Region(start_line, start_column, end_line, end_column)

    def span(self, line: int) -> Span:
        """Return the span of a line, 1-based, without its line end and byte order mark."""
        start = self.starts[line - 1]
        end = self.starts[line] - 1 if line < len(self.starts) else len(self.text)
        if line < len(self.starts) and self.text[start:end].endswith("\r"):
            end -= 1
        return Span(start, end)

    def _position(self, offset: int) -> tuple[int, int]:
        line = max(bisect_right(self.starts, offset), 1)
        return line, max(offset - self.starts[line - 1], 0) + 1


def lines_of(text: str) -> Lines:
    """Return the lines of a text; there is always at least one."""
    starts = [1 if text.startswith(BOM) else 0]
    at = text.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    return Lines(text, tuple(starts))


@dataclass(frozen=True, slots=True)
class Places:
    """Finds regions in the artifacts of a report; each text is split into lines once.

    ``checkout`` says what platforms call the artifacts.
    """

    artifacts: Mapping[str, Artifact]
    checkout: Checkout = field(default_factory=checkout)
    _lines: dict[str, Lines] = field(default_factory=dict)

    def lines(self, uri: str) -> Lines | None:
        """Return the lines of an artifact, or ``None`` where its text is not at hand."""
        if uri not in self._lines:
            if uri not in self.artifacts:
                return None
            self._lines[uri] = lines_of(self.artifacts[uri].text)
        return self._lines[uri]

    def region(self, location: Location) -> Region:
        """Return the region of a location; ``NOWHERE`` where the text is not at hand."""
        return self.of(location.uri, location.span)

    def of(self, uri: str, span: Span | None) -> Region:
        """Return the region of a span of an artifact; ``NOWHERE`` where it cannot be known."""
        lines = self.lines(uri)
        return NOWHERE if lines is None or span is None else lines.region(span)

    def at(self, uri: str, offset: int) -> Region:
        """Return the empty region at an offset of an artifact, in code points."""
        return self.of(uri, Span(offset, offset))
