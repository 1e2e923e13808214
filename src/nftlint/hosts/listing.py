"""What ``nftlint hosts`` shows: files and plays with their hosts, conflicts, what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from nftlint.analysis import analyse
from nftlint.artifact import Artifact
from nftlint.configs import Configs, Options
from nftlint.discover import collect
from nftlint.fragment import to_root
from nftlint.hosts.beside import LeftOut
from nftlint.hosts.evidence import Judged, judge, notes
from nftlint.hosts.survey import survey_all
from nftlint.hosts.told import texts_of
from nftlint.link import link
from nftlint.lint import read_collected
from nftlint.record import dataclass, replace
from nftlint.results import Host, Location
from nftlint.span import Span
from nftlint.unit import Unit, hosts_at


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
    seen = survey_all(paths, units, configs, LeftOut(configs.excluded))
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
    uri = unit.artifact.uri
    writes = []
    bound = {limit.span: False for limit in unit.limits}  # where conditions leave hosts out
    for span in _writes(unit):
        under = [limit for limit in bound if limit.contains(span)]
        if under:
            bound[min(under, key=len)] = True
        else:
            writes.append(span)
    if unit.hosts or not unit.scoped:
        yield Row(Location(uri, Span(0, 0)), unit.hosts, bool(writes), unit.settled)
    for part in unit.scoped:
        within = any(part.span.contains(span) for span in writes)
        yield Row(Location(uri, part.span), part.hosts, within)
    for span in filter(bound.get, bound):
        yield Row(Location(uri, span), hosts_at(unit, span), writes=True)


def _writes(unit: Unit) -> Iterator[Span]:
    """Yield the calls of nft, and what else check would count as a write that is not judged."""
    if unit.found is None:
        return
    yield from (to_root(call.host, call.span) for call in unit.found.calls)
    if unit.found.runs:
        alone = replace(unit, hosts=(), scoped=(), settled=False)
        yield from (item.location.span for item in analyse(alone).untagged)


def _message(location: Location, message: str) -> Location:
    return Location(location.uri, location.span, message)
