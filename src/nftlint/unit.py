"""A readable file on its way through the stages."""

from __future__ import annotations

from pathlib import Path

from nftlint.artifact import Artifact
from nftlint.config import Config
from nftlint.directives import Parsed
from nftlint.record import dataclass
from nftlint.results import Host, Location
from nftlint.scan import Scan
from nftlint.span import Span


@dataclass(frozen=True, slots=True)
class Scoped:
    """Hosts of one part of a file, such as a play; ``span`` is in the artifact's text."""

    span: Span
    hosts: tuple[Host, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """What stands at ``span`` of the artifact's text does not run on hosts of the ``denied`` tags.

    A condition leaves them out. Spans of limits are nested in each other, and in parts, or apart.
    """

    span: Span
    denied: frozenset[tuple[str, ...]]


Origin = tuple[tuple[str, ...], str, int]
"""A host as several files name it: its tags, and the place that gives them (URI, offset)."""


@dataclass(frozen=True, slots=True)
class Flush:
    """A ``flush ruleset`` in a file that nft's service loads, and on which hosts."""

    location: Location
    hosts: frozenset[Origin]


@dataclass(frozen=True, slots=True)
class Unit:
    """One readable file: its text, what was found in it, and the hosts that it is for.

    ``path`` is absolute. ``found`` is ``None`` for a file whose kind nothing tells, until something
    refers to it. ``hosts`` are those of all of the file, ``scoped`` those of its parts,
    ``limits`` say where only some of them run.
    ``settled`` says that someone tagged the file, so that nothing else has to tell its hosts.
    ``flushes`` are those of all files, where this one asks nft's service to load one of them.
    """

    path: Path
    artifact: Artifact
    config: Config
    found: Scan | None
    directives: tuple[Parsed, ...] = ()
    hosts: tuple[Host, ...] = ()
    scoped: tuple[Scoped, ...] = ()
    limits: tuple[Limit, ...] = ()
    settled: bool = False
    flushes: tuple[Flush, ...] = ()


def hosts_at(unit: Unit, span: Span) -> tuple[Host, ...]:
    """Return the hosts that run what stands at a span of the artifact's text, each tag once."""
    found = {host.tags: host for host in unit.hosts}
    for part in unit.scoped:
        if part.span.contains(span):
            found = {host.tags: host for host in part.hosts} | found
    for limit in unit.limits:
        if limit.span.contains(span):
            found = {tags: host for tags, host in found.items() if tags not in limit.denied}
    return tuple(found.values())


def host_sets(unit: Unit) -> tuple[tuple[Host, ...], ...]:
    """Return all that ``hosts_at`` may tell of places in a file, each once."""
    spans = [*(part.span for part in unit.scoped), *(limit.span for limit in unit.limits)]
    return tuple(dict.fromkeys((unit.hosts, *(hosts_at(unit, span) for span in spans))))
