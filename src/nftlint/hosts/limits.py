"""Conditions on groups, held against the hosts of plays: which tags do not reach a place.

A write under ``when: "'lb' in group_names"`` in a play for ``all`` runs on the hosts of ``lb``
alone. Where a condition is not known, or holds for no known host, nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from nftlint.hosts.conditions import Condition
from nftlint.hosts.decide import Verdict
from nftlint.hosts.graph import Graph
from nftlint.hosts.patterns import Unknown
from nftlint.hosts.places import Run
from nftlint.hosts.world import World
from nftlint.span import Span
from nftlint.unit import Limit

Verdicts = Mapping[int, Mapping[str, Verdict]]
"""By the identity of a world and by a host's name."""

_Tags = frozenset[tuple[str, ...]]


def limits(links: Graph, runs: Sequence[Run], known: Verdicts) -> dict[Path, tuple[Limit, ...]]:
    """Return for each file with conditions where hosts of which tags are left out."""
    asked = {path for path, several in links.conditions.items() if any(map(_tells, several))}
    found: dict[Path, list[Limit]] = {}
    if not asked:
        return {}
    by_file = runs_by_file(links, runs, asked)
    for path in asked:
        for condition in filter(_tells, links.conditions[path]):
            here = [run for span, run in by_file.get(path, ()) if _reaches(span, condition.span)]
            every = [item for item in links.conditions[path] if item.span.contains(condition.span)]
            denied = _denied([item for item in every if item.known], here, known)
            if denied:
                found.setdefault(path, []).append(Limit(condition.span, denied))
    return {path: tuple(_nested(several)) for path, several in found.items()}


def _tells(condition: Condition) -> bool:
    return condition.known and bool(condition.within or condition.without)


def runs_by_file(
    links: Graph, runs: Sequence[Run], asked: AbstractSet[Path]
) -> dict[Path, list[tuple[Span | None, Run]]]:
    """Return the runs that lead to each of the files; those of its own plays with their spans."""
    found: dict[Path, list[tuple[Span | None, Run]]] = {}
    ahead: dict[tuple[Path, Span], list[Path]] = {}
    for run in runs:
        key = (run.path, run.play.span)
        if key not in ahead:
            every = (target.path for target, _ in links.onward(*key))
            ahead[key] = [path for path in every if path in asked]
        if run.path in asked:
            found.setdefault(run.path, []).append((run.play.span, run))
        for path in ahead[key]:
            found.setdefault(path, []).append((None, run))
    return found


def _reaches(play: Span | None, place: Span) -> bool:
    return play is None or play.contains(place)


def _denied(every: Sequence[Condition], runs: Sequence[Run], known: Verdicts) -> _Tags:
    """Return the tags of hosts that run a file, but none of which runs what the conditions bind."""
    names = {name for condition in every for name in condition.within}
    if any(all(name not in run.world.groups for run in runs) for name in names):
        return frozenset()  # the group comes to be when it runs
    inside: set[tuple[str, ...]] = set()
    outside: set[tuple[str, ...]] = set()
    someone = False
    for run in runs:
        if isinstance(run.hosts, Unknown) or not set(run.hosts) <= run.world.hosts.keys():
            return frozenset()
        for host in run.hosts:
            holds = _hold(every, host, run.world)
            someone = someone or holds
            verdict = known[id(run.world)].get(host, Verdict())
            (inside if holds else outside).update(item.tags for item in verdict.hosts)
    return frozenset(outside - inside) if someone else frozenset()


def _hold(every: Sequence[Condition], host: str, world: World) -> bool:
    return all(condition.holds(host, world) for condition in every)


def _nested(several: Sequence[Limit]) -> Iterator[Limit]:
    """Leave out those that overlap another without being in it, or it in them."""
    for one in several:
        if all(
            one.span.contains(other.span) or other.span.contains(one.span) or _apart(one, other)
            for other in several
        ):
            yield one


def _apart(one: Limit, other: Limit) -> bool:
    return one.span.end <= other.span.start or other.span.end <= one.span.start
