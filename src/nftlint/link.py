"""Stage two: which file makes which other run, so that hosts and kinds flow along references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from nftlint.hosts.plays import is_playbook
from nftlint.hosts.targets import Known, Target, targets
from nftlint.record import replace
from nftlint.results import Evidence, Host, Location
from nftlint.scan import scan
from nftlint.unit import Unit, hosts_at


def link(units: Sequence[Unit], leads: Mapping[Path, Sequence[Target]] | None = None) -> list[Unit]:
    """Hand kinds and hosts along references until nothing changes; returns the units in order.

    A file gets the hosts of every file that runs, loads, copies or includes it, with that
    reference as evidence; of a play, the hosts of that play. Files outside ``units`` are not
    opened. ``leads`` are the references of the files, where they are known already.
    """
    now = {unit.path: unit for unit in units}
    known = Known.of({unit.path: unit.artifact for unit in units})
    waiting = list(units)
    ahead = dict(leads or {})
    while waiting:
        unit = now[waiting.pop().path]
        if unit.path not in ahead:
            ahead[unit.path] = tuple(targets(unit, known))
        for target in ahead[unit.path]:
            old = now[target.path]
            new = _reached(unit, target, old)
            if new is not old:
                now[target.path] = new
                if new.found is not old.found:
                    ahead.pop(target.path, None)
                waiting.append(new)
    return [now[unit.path] for unit in units]


def _reached(source: Unit, reference: Target, target: Unit) -> Unit:
    """Return the target as it is with what the reference says of it; itself if nothing new."""
    found = target.found
    if found is None and reference.language:
        found = scan(target.artifact, reference.language)
    hosts = _joined(source, reference, target)
    if found is target.found and hosts == target.hosts:
        return target
    return replace(target, found=found, hosts=hosts)


def _joined(source: Unit, reference: Target, target: Unit) -> tuple[Host, ...]:
    if target.settled or is_playbook(target):
        return target.hosts
    have = {host.tags for host in target.hosts}
    here = Evidence(Location(source.artifact.uri, reference.span), f"another file {reference.why}")
    new = [
        replace(host, evidence=(here, *host.evidence))
        for host in hosts_at(source, reference.span)
        if host.tags not in have
    ]
    return (*target.hosts, *new)
