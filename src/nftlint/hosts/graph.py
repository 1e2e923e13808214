"""Files that name each other: the marks of each, and of all that it leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from heapq import heappop, heappush
from pathlib import Path

from nftlint.artifact import Artifact
from nftlint.hosts.conditions import Condition, conditions
from nftlint.hosts.marks import DEFAULTS, THERE, Mark, marks_in, named, possible
from nftlint.hosts.plays import Play, plays_of
from nftlint.hosts.reach import Seen
from nftlint.hosts.sources import tells_by_itself
from nftlint.hosts.targets import Known, Target, targets
from nftlint.owner_model import Owner
from nftlint.record import dataclass, replace
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

    conditions: Mapping[Path, Sequence[Condition]]

    def under(self, path: Path, span: Span | None = None) -> list[Mark]:
        """Return the marks of a file (or of a span of it) and of all files that it leads to.

        A file that several lead to counts by the way with the fewest conditions.
        """
        found = [
            self._under(mark, path)
            for mark in self.marks[path]
            if _within(mark.location.span, span)
        ]
        for target, only in self.onward(path, span):
            found += (
                self._under(mark, target.path, only)
                for mark in self.marks[target.path]
                if not target.settings or mark.sense != "is"
            )
        return found

    def onward(
        self, path: Path, span: Span | None = None
    ) -> Iterator[tuple[Target, tuple[Condition, ...]]]:
        """Yield each file that a file (or a span of it) leads to, and under which conditions.

        They are those of the way with the fewest of them.
        """
        count = 0
        ahead: list[tuple[int, int, Target, tuple[Condition, ...]]] = []
        start = [item for item in self.leads[path] if _within(item.span, span)]
        several = [(item, self._at(path, item.span)) for item in start]
        seen = {path}
        while several or ahead:
            for target, only in several:  # of those with as few conditions, the last comes first
                heappush(ahead, (len(only), -count, target, only))
                count += 1
            _, _, target, only = heappop(ahead)
            several = []
            # an imported playbook is for hosts of its own
            if target.path not in seen and not self.plays[target.path]:
                seen.add(target.path)
                yield target, only
                several = [
                    (item, (*only, *self._at(target.path, item.span)))
                    for item in self.leads[target.path]
                ]

    def _under(self, mark: Mark, path: Path, only: tuple[Condition, ...] = ()) -> Mark:
        every = (*only, *self._at(path, mark.location.span))
        return replace(mark, only=every) if every else mark

    def _at(self, path: Path, span: Span) -> tuple[Condition, ...]:
        several = self.conditions.get(path, ())
        return tuple(item for item in several if item.span.contains(span))


def _within(span: Span, outer: Span | None) -> bool:
    return outer is None or outer.contains(span)


def graph(
    units: Iterable[Unit],
    marks: Mapping[Path, Sequence[Mark]],
    idle: AbstractSet[Path],
    seen: Mapping[Path, Seen],
) -> Graph:
    """Return how the files of a run lead to each other; ``marks`` are those of their texts.

    ``idle`` are files that lead to nothing of interest; ``seen`` is known of some already.
    """
    by_path = {unit.path: unit for unit in units}
    known = Known.of({path: unit.artifact for path, unit in by_path.items()})
    plays = {
        path: seen[path].plays if path in seen else tuple(plays_of(unit))
        for path, unit in by_path.items()
    }
    leads = {
        path: seen[path].targets if path in seen else tuple(targets(unit, known))
        for path, unit in by_path.items()
        if path not in idle
    }
    return Graph(
        by_path,
        {path: leads.get(path, ()) for path in by_path},
        {
            path: (*marks.get(path, ()), *_of_roles(unit, plays[path]))
            if unit.config.evidence
            else ()
            for path, unit in by_path.items()
        },
        plays,
        {
            path: conditions(unit.artifact.text)
            for path, unit in by_path.items()
            if unit.found is not None and unit.found.kind == "ansible"
        },
    )


def text_marks(path: Path, artifact: Artifact, own: tuple[Owner, ...] = ()) -> tuple[Mark, ...]:
    """Return the marks of a file's own text; an inventory has none, it tells of its hosts.

    ``own`` are owners that its configuration describes.
    """
    if not possible(artifact.text, own) or tells_by_itself(path, artifact.text):
        return ()
    rank = DEFAULTS if "defaults" in path.parts[-4:-1] else THERE
    start = Location(artifact.uri, Span(0, 0))
    return tuple(marks_in(artifact.text, start, rank, own=own))


def _of_roles(unit: Unit, plays: Sequence[Play]) -> Iterator[Mark]:
    for play in plays:
        for name, span in play.roles:
            location = Location(unit.artifact.uri, span)
            yield from named("role", name, location, unit.config.owners)
