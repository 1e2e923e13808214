"""How wide text is on a terminal, and how a line is cut so that a span of it is seen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from unicodedata import category, east_asian_width

from nftlint.output.escapes import visible_char
from nftlint.record import dataclass
from nftlint.span import Span

_TAB = 4
_ELLIPSIS = "…"
_CONTEXT = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """One code point of a source line as it is shown, and how many columns that takes."""

    shown: str
    width: int


def cells(line: str) -> list[Cell]:
    """Return each code point of ``line`` as shown: tabs as blanks, what is hidden as escapes."""
    return [_cell(char) for char in line]


@lru_cache(1024)  # a source has few characters, each many times
def _cell(char: str) -> Cell:
    if char == "\t":
        return Cell(" " * _TAB, _TAB)
    if category(char) in ("Mn", "Me"):
        return Cell(char, 0)
    shown = visible_char(char)
    wide = len(shown) == 1 and east_asian_width(char) in "WF"
    return Cell(shown, 2 if wide else len(shown))


def width_of(row: Sequence[Cell]) -> int:
    """Return how many columns a row of cells takes."""
    return sum(cell.width for cell in row)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line, perhaps cut: what is shown, and the columns of the marked part in it."""

    shown: str
    start: int
    length: int


def excerpt(line: str, mark: Span, room: int) -> Excerpt:
    """Return ``line`` in at most ``room`` columns, around ``mark``, a span of the line.

    What is left out is shown as ``…``. A mark wider than the room is cut at its end.
    """
    reach = 4 * room  # a line of a megabyte is not measured as a whole to show a part of it
    base, limit = max(0, mark.start - reach), mark.start + reach
    row = cells(line[base:limit])
    mark = Span(mark.start - base, min(mark.end - base, len(row)))
    view = _view(row, mark, room)
    head = _ELLIPSIS if base + view.start > 0 else ""
    tail = _ELLIPSIS if base + view.end < len(line) else ""
    shown = "".join(cell.shown for cell in row[view.start : view.end])
    start = len(head) + width_of(row[view.start : mark.start])
    length = width_of(row[mark.start : min(mark.end, view.end)])
    return Excerpt(head + shown + tail, start, max(length, 1))


def _view(row: Sequence[Cell], mark: Span, room: int) -> Span:
    """Return which cells are shown: the mark, or its beginning, and what fits around it."""
    if width_of(row) <= room:
        return Span(0, len(row))
    room -= 2 * len(_ELLIPSIS)
    spare = room - width_of(row[mark.start : mark.end]) - _CONTEXT
    start = _leftward(row, mark.start, max(spare, _CONTEXT))
    end = _rightward(row, start, room)
    return Span(_leftward(row, end, room), end)


def _leftward(row: Sequence[Cell], at: int, room: int) -> int:
    """Return how far to the left of ``at`` cells of ``room`` columns reach."""
    while at > 0 and row[at - 1].width <= room:
        at -= 1
        room -= row[at].width
    return at


def _rightward(row: Sequence[Cell], at: int, room: int) -> int:
    while at < len(row) and row[at].width <= room:
        room -= row[at].width
        at += 1
    return at
