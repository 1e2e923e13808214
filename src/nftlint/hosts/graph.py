"""Files that name each other: the marks of each, and of all that it leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nftlint.hosts.marks import DEFAULTS, THERE, Mark, marks_in, named
from nftlint.hosts.plays import Play, plays_of
from nftlint.hosts.sources import tells_by_itself
from nftlint.hosts.targets import Known, Target, targets
from nftlint.results import Location
from nftlint.span import Span
from nftlint.unit import Unit


@dataclass(frozen=True, slots=True)
class Graph:
    """``leads`` are the files that a file names, ``marks`` what its own text tells."""

    units: Mapping[Path, Unit]
    leads: Mapping[Path, Sequence[Target]]
    marks: Mapping[Path, Sequence[Mark]]
    plays: Mapping[Path, Sequence[Play]]

    def under(self, path: Path, span: Span | None = None) -> list[Mark]:
        """Return the marks of a file (or of a span of it) and of all files that it leads to."""
        found = [mark for mark in self.marks[path] if _within(mark.location.span, span)]
        ahead = [item for item in self.leads[path] if _within(item.span, span)]
        seen = {path}
        while ahead:
            target = ahead.pop()
            # an imported playbook is for hosts of its own
            if target.path not in seen and not self.plays[target.path]:
                seen.add(target.path)
                found += (
                    mark
                    for mark in self.marks[target.path]
                    if not target.settings or mark.sense != "is"
                )
                ahead += self.leads[target.path]
        return found


def _within(span: Span, outer: Span | None) -> bool:
    return outer is None or outer.contains(span)


def graph(units: Iterable[Unit], evidence: Mapping[Path, bool]) -> Graph:
    """Return how the files of a run lead to each other.

    Files for which ``evidence`` is false have no marks.
    """
    known = Known.of(units)
    plays = {path: tuple(plays_of(unit)) for path, unit in known.units.items()}
    return Graph(
        known.units,
        {path: tuple(targets(unit, known)) for path, unit in known.units.items()},
        {
            path: tuple(_marks(unit, plays[path])) if evidence.get(path, True) else ()
            for path, unit in known.units.items()
        },
        plays,
    )


def _marks(unit: Unit, plays: Sequence[Play]) -> Iterator[Mark]:
    if tells_by_itself(unit.path, unit.artifact.text):
        return
    parts = unit.path.parts[-4:-1]
    rank = DEFAULTS if "defaults" in parts else THERE
    start = Location(unit.artifact.uri, Span(0, 0))
    yield from marks_in(unit.artifact.text, start, rank)
    for play in plays:
        for name, span in play.roles:
            yield from named("role", name, Location(unit.artifact.uri, span))
