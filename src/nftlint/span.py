"""Spans: the one way in which nftlint says where something stands."""

from __future__ import annotations

from nftlint.record import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one text: code points, 0-based, half-open."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def cover(self, other: Span) -> Span:
        """Return the smallest span that holds both."""
        return Span(min(self.start, other.start), max(self.end, other.end))

    def contains(self, other: Span) -> bool:
        """Tell whether ``other`` lies within this span."""
        return self.start <= other.start and other.end <= self.end

    def shift(self, by: int) -> Span:
        """Return this span moved by ``by`` code points."""
        return Span(self.start + by, self.end + by)

    def of(self, text: str) -> str:
        """Return the text that this span covers."""
        return text[self.start : self.end]
