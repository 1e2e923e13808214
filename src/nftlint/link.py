"""Stage two: which file makes which other run, so that hosts and kinds flow along references."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from nftlint.found import Reference
from nftlint.fragment import to_root
from nftlint.holes import has_holes
from nftlint.results import Evidence, Host, Location
from nftlint.scan import scan
from nftlint.unit import Unit

ROLE_DIRECTORIES = ("files", "templates", "tasks", "handlers", "vars")


def link(units: Sequence[Unit]) -> list[Unit]:
    """Hand kinds and hosts along references until nothing changes; returns the units in order.

    A file gets the hosts of every file that runs, loads, copies or includes it, with that
    reference as evidence. Files outside ``units`` are not opened.
    """
    known = {unit.path: unit for unit in units}
    waiting = list(units)
    while waiting:
        unit = waiting.pop()
        for reference, target in _targets(known[unit.path], known):
            old = known[target]
            new = _reached(known[unit.path], reference, old)
            if new is not old:
                known[target] = new
                waiting.append(new)
    return [known[unit.path] for unit in units]


def _targets(unit: Unit, known: Mapping[Path, Unit]) -> Iterator[tuple[Reference, Path]]:
    for reference in unit.found.references if unit.found is not None else ():
        for path in _candidates(unit.path, reference):
            if path in known and path != unit.path:
                yield reference, path
                break


def _candidates(source: Path, reference: Reference) -> Iterator[Path]:
    if has_holes(reference.target) or not reference.target:
        return
    directory = source.parent
    target = reference.target
    if reference.base == "host":
        return
    if reference.base == "role":
        tops = (directory, directory.parent)
        for top in tops:
            yield from (_normal(top / name / target) for name in ROLE_DIRECTORIES)
    yield _normal(directory / target)


def _normal(path: Path) -> Path:
    return Path(os.path.normpath(path))


def _reached(source: Unit, reference: Reference, target: Unit) -> Unit:
    """Return the target as it is with what the reference says of it; itself if nothing new."""
    found = target.found
    if found is None and reference.language:
        found = scan(target.artifact, reference.language)
    hosts = _joined(source, reference, target)
    if found is target.found and hosts == target.hosts:
        return target
    return replace(target, found=found, hosts=hosts)


def _joined(source: Unit, reference: Reference, target: Unit) -> tuple[Host, ...]:
    have = {host.tags for host in target.hosts}
    span = to_root(reference.place.fragment, reference.place.span)
    why = f"{reference.verb} this file"
    here = Evidence(Location(source.artifact.uri, span), why)
    new = [
        Host(host.tags, (here, *host.evidence)) for host in source.hosts if host.tags not in have
    ]
    return (*target.hosts, *new)
