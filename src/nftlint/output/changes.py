"""What a fix changes, as lines before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nftlint.edits import Replacement, apply
from nftlint.output.regions import Lines
from nftlint.record import dataclass


@dataclass(frozen=True, slots=True)
class Hunk:
    """Neighbouring lines that change: the first one's number (1-based), and both texts' lines."""

    line: int
    before: tuple[str, ...]
    after: tuple[str, ...]


def hunks(lines: Lines, replacements: Sequence[Replacement]) -> list[Hunk]:
    """Return what ``replacements``, which must not overlap, make of the lines they touch."""
    return [_hunk(lines, group) for group in _groups(lines, replacements)]


def _hunk(lines: Lines, group: Sequence[Replacement]) -> Hunk:
    first = lines.region(group[0].span).start_line
    last = max(lines.region(item.span).end_line for item in group)
    whole = lines.span(first).cover(lines.span(last)).cover(group[-1].span)
    local = [Replacement(item.span.shift(-whole.start), item.text) for item in group]
    text = whole.of(lines.text)
    before, after = _split(text), _split(apply(text, local))
    same = common_head(before, after)
    before, after = before[same:], after[same:]
    tail = common_head(before[::-1], after[::-1])
    return Hunk(first + same, before[: len(before) - tail], after[: len(after) - tail])


def common_head(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many items, lines or characters, are the same from the start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _groups(lines: Lines, replacements: Sequence[Replacement]) -> Iterator[list[Replacement]]:
    """Yield replacements together that touch the same or adjoining lines."""
    group: list[Replacement] = []
    reached = 0
    for item in sorted(replacements, key=lambda item: item.span):
        region = lines.region(item.span)
        if group and region.start_line > reached + 1:
            yield group
            group = []
        group.append(item)
        reached = max(reached, region.end_line)
    if group:
        yield group


def _split(text: str) -> tuple[str, ...]:
    return tuple(line.removesuffix("\r") for line in text.split("\n"))
