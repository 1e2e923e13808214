"""What ``nftlint hosts`` shows: files and plays with their hosts, conflicts, what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nftlint.artifact import Artifact
from nftlint.configs import Configs, Options
from nftlint.discover import collect
from nftlint.found import NftCall, ProgramRun
from nftlint.hosts.evidence import Judged, judge, notes
from nftlint.hosts.survey import survey
from nftlint.hosts.told import texts_of
from nftlint.link import link
from nftlint.lint import read_collected
from nftlint.results import Host, Location
from nftlint.span import Span
from nftlint.unit import Unit


@dataclass(frozen=True, slots=True)
class Row:
    """A file, or a play of it, with its hosts.

    ``writes`` tells whether it has calls of nft, or of other programs that rewrite tables.
    """

    place: Location
    hosts: tuple[Host, ...]
    writes: bool
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows by URI and place; notes are locations with a message."""

    rows: tuple[Row, ...]
    conflicts: tuple[Location, ...]
    unknown: tuple[Location, ...]
    problems: tuple[Location, ...]
    artifacts: Mapping[str, Artifact]


def listing(paths: Sequence[Path], options: Options, *, every: bool = False) -> Listing:
    """Return which files with nft calls run on which hosts; all files with hosts if ``every``.

    Raises ``ConfigError``.
    """
    configs = Configs(options)
    read = read_collected(collect(list(paths), configs.excluded), configs, options)
    units = [item for item in read if isinstance(item, Unit)]
    seen = survey(paths, units, configs, lambda path: configs.excluded(str(path)), every=True)
    judged = Judged((*units, *seen.units)) if options.assume_tags else judge(units, seen)
    told = link(judged.units, judged.leads)
    texts = {artifact.uri: artifact for artifact in seen.texts.values()}
    rows = [row for unit in told for row in _rows(unit) if row.writes or (every and row.hosts)]
    return Listing(
        tuple(sorted(rows, key=lambda row: (row.place.uri, row.place.span))),
        tuple(_message(mark.location, f"'{mark.tag}': {mark.why}") for mark in judged.conflicts),
        tuple(_message(note.location, note.message) for note in notes(judged)),
        tuple(
            _message(note.location, note.message)
            for world in judged.worlds
            for note in world.problems
        ),
        {**texts_of(told), **texts},
    )


def _rows(unit: Unit) -> Iterator[Row]:
    calls = _calls(unit)
    uri = unit.artifact.uri
    if unit.hosts or not unit.scoped:
        yield Row(Location(uri, Span(0, 0)), unit.hosts, bool(calls), unit.settled)
    for part in unit.scoped:
        yield Row(Location(uri, part.span), part.hosts, _within(unit, part.span))


def _within(unit: Unit, span: Span) -> bool:
    from nftlint.fragment import to_root

    return any(span.contains(to_root(call.host, call.span)) for call in _calls(unit))


def _calls(unit: Unit) -> tuple[NftCall | ProgramRun, ...]:
    return (*unit.found.calls, *unit.found.runs) if unit.found is not None else ()


def _message(location: Location, message: str) -> Location:
    return Location(location.uri, location.span, message)
