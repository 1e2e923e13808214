"""What is known of each host of a world: its groups, its variables, the plays that it runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from nftlint.config import HostRule
from nftlint.hosts.decide import Verdict, decide
from nftlint.hosts.graph import Graph
from nftlint.hosts.marks import DEFAULTS, Mark, named, tagged
from nftlint.hosts.patterns import LOCAL, Unknown
from nftlint.hosts.places import Run
from nftlint.hosts.variables import Told, counting
from nftlint.hosts.world import World
from nftlint.record import dataclass, field, replace
from nftlint.results import Location


@dataclass(frozen=True, slots=True)
class Rule:
    """``[[hosts]]`` with ``groups``, and where it stands."""

    rule: HostRule
    location: Location


@dataclass(slots=True)
class _Told:
    """Marks by host."""

    of: dict[str, list[Mark]] = field(default_factory=dict)


def verdicts(
    world: World, runs: Iterable[Run], graph: Graph, rules: Sequence[Rule], *, evidence: bool
) -> dict[str, Verdict]:
    """Return what each host of a world is, by everything that tells it."""
    told = _Told({host: [] for host in world.hosts})
    for group in world.groups:
        if marks := list(_of_group(world, group, rules, evidence=evidence)):
            for host in world.members(group):
                told.of[host] += marks
    variables = counting(world, evidence=evidence)
    for host, several in variables.items():
        told.of[host] += (mark for item in several for mark in item.marks if not _waits(item, mark))
    if evidence:
        _of_plays(told, runs, graph, world)
        _of_all(told, variables)
        _lower_everywhere(told)
    return {host: decide(marks) for host, marks in told.of.items()}


def _of_group(world: World, group: str, rules: Sequence[Rule], *, evidence: bool) -> Iterator[Mark]:
    for item in rules:
        if group in item.rule.groups:
            why = f"[[hosts]] tags the inventory group '{group}' as '{item.rule.tag}'"
            yield replace(
                tagged(item.rule.tag, item.location, why),
                kube_router=",".join(item.rule.kube_router),
                iptables=",".join(item.rule.iptables),
            )
    if evidence:
        yield from named("group", group, world.groups[group].location)


def _waits(item: Told, mark: Mark) -> bool:
    """Tell whether a mark counts only if nothing else tells of nodes: it is for all hosts."""
    return item.for_all and mark.sense == "is" and not mark.explicit


def _of_plays(told: _Told, runs: Iterable[Run], graph: Graph, world: World) -> None:
    """Let what a play leads to tell of all hosts that it runs on.

    The variables of a play hold in it alone: of a host they tell less than its groups' do.
    """
    for run in runs:
        if isinstance(run.hosts, Unknown) or set(run.hosts) <= set(LOCAL):
            continue
        found = graph.under(run.path, run.play.span)
        marks = [replace(mark, rank=DEFAULTS) if mark.variable else mark for mark in found]
        for host in run.hosts:
            if host in told.of:
                told.of[host] += (mark for mark in marks if _holds(mark, host, world))


def _holds(mark: Mark, host: str, world: World) -> bool:
    return all(condition.holds(host, world) for condition in mark.only)


def _of_all(told: _Told, variables: Mapping[str, Sequence[Told]]) -> None:
    """Let a variable for ``all`` hosts tell of those of the owner's groups, else of all.

    It says that there are nodes, not which: it counts only where nothing else tells of any.
    """
    waiting = {
        host: [mark for item in several for mark in item.marks if _waits(item, mark)]
        for host, several in variables.items()
    }
    for tag in dict.fromkeys(mark.tag for marks in waiting.values() for mark in marks):
        senses = {
            host: {mark.sense for mark in own if mark.tag == tag} for host, own in told.of.items()
        }
        if any("is" in found for found in senses.values()):
            continue
        weak = [host for host, found in senses.items() if "weak" in found]
        for host in weak or told.of:
            told.of[host] += (mark for mark in waiting.get(host, ()) if mark.tag == tag)


def _lower_everywhere(told: _Told) -> None:
    """Let a switch that servers have hold for agents, too: they copy it."""
    lowering = _by_tag(
        mark for own in told.of.values() for mark in own if mark.sense == "lower" and mark.leaves
    )
    for own in told.of.values():
        for tag, marks in lowering.items():
            if any(mark.tag == tag and mark.sense == "is" for mark in own):
                own += marks[:1]


def _by_tag(marks: Iterable[Mark]) -> Mapping[str, list[Mark]]:
    found: dict[str, list[Mark]] = {}
    for mark in marks:
        found.setdefault(mark.tag, []).append(mark)
    return found
