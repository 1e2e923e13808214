"""From all that is known of a tree to the hosts of each file, and of each play in it.

Evidence is scoped: what a play leads to tells of the hosts that it names, what a script, an
image's Dockerfile, a cloud-config or a Terraform module leads to tells of the machine that runs it;
it never reaches a file only because that lies beside another. ``link`` then hands hosts on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from nftlint.config import Config
from nftlint.discover import uri_of
from nftlint.hosts.conditions import conditions
from nftlint.hosts.decide import Verdict, decide, joined
from nftlint.hosts.graph import Graph, graph
from nftlint.hosts.limits import Verdicts, limits, runs_by_file
from nftlint.hosts.machines import describes_machines, machines
from nftlint.hosts.marks import Mark, nodes
from nftlint.hosts.nodes import Rule, verdicts
from nftlint.hosts.patterns import LOCAL, Unknown
from nftlint.hosts.places import Run, runs
from nftlint.hosts.survey import Survey
from nftlint.hosts.tags import line_start
from nftlint.hosts.targets import Target
from nftlint.hosts.world import Note, World
from nftlint.patterns import compiled
from nftlint.record import dataclass, field, replace
from nftlint.results import Evidence, Host, Location
from nftlint.span import Span
from nftlint.unit import Scoped, Unit

_SHOWN = 3
_GROUPING = compiled(r"(?m)^[ ]*(?:- +)?(?:ansible\.builtin\.)?(add_host|group_by):")


@dataclass(frozen=True, slots=True)
class Judged:
    """The files with their hosts, and what a person should hear of how they were found."""

    units: tuple[Unit, ...]
    leads: Mapping[Path, Sequence[Target]] = field(default_factory=dict)
    runs: tuple[Run, ...] = ()
    worlds: tuple[World, ...] = ()
    conflicts: tuple[Mark, ...] = ()


def judge(linted: Sequence[Unit], seen: Survey) -> Judged:
    """Give every file, and every play in it, the hosts that evidence and inventories tell of.

    The files of the run come first, then those beside them.
    """
    units = (*linted, *seen.units)
    links = graph(units, seen.marks, seen.idle, seen.seen)
    every, worlds = runs(links, seen.texts)
    evidence = all(unit.config.evidence for unit in units)
    rules = _rules(unit.config for unit in units)
    known: dict[int, Mapping[str, Verdict]] = {}
    by_world: dict[int, list[Run]] = {}
    for run in every:
        by_world.setdefault(id(run.world), []).append(run)
    for world in worlds:
        here = by_world.get(id(world), ())
        known[id(world)] = verdicts(world, here, links, rules, evidence=evidence)
    conflicts: list[Mark] = [
        mark for told in known.values() for one in told.values() for mark in one.conflicts
    ]
    by_path: dict[Path, list[Run]] = {}
    for run in every:
        by_path.setdefault(run.path, []).append(run)
    narrow = limits(links, every, known)
    switched = _switched(links, every, known)
    done = []
    for unit in units:
        found = _judged(unit, by_path.get(unit.path, ()), links, known, conflicts)
        if not unit.settled:
            off = switched.get(unit.path, frozenset())
            hosts = tuple(host for host in found.hosts if not off.intersection(host.tags))
            found = replace(found, hosts=hosts, limits=narrow.get(unit.path, ()))
        done.append(found)
    return Judged(
        tuple(done), links.leads, tuple(every), tuple(worlds), tuple(dict.fromkeys(conflicts))
    )


def _switched(links: Graph, runs: Sequence[Run], known: Verdicts) -> dict[Path, frozenset[str]]:
    """Return the tags of which a switch of the hosts leaves less, by the files that plays lead to.

    Alone such a file would not show the switch, which its hosts have in their variables.
    """
    if not any(verdict.lowered for told in known.values() for verdict in told.values()):
        return {}
    found: dict[Path, frozenset[str]] = {}
    for path, several in runs_by_file(links, runs, links.units.keys()).items():
        here = [run for span, run in several if span is None]
        verdicts_here = (
            known[id(run.world)].get(host)
            for run in here
            if not isinstance(run.hosts, Unknown)
            for host in run.hosts
        )
        found[path] = frozenset(tag for one in verdicts_here if one for tag in one.lowered)
    return found


def _rules(configs: Iterable[Config]) -> list[Rule]:
    found = {}
    for config in configs:
        for rule in config.hosts:
            if rule.groups and config.source is not None:
                start = line_start(config.source, rule.line)
                found[config.source, rule] = Rule(
                    rule, Location(uri_of(config.source), Span(start, start))
                )
    return list(found.values())


def _judged(
    unit: Unit,
    here: Sequence[Run],
    links: Graph,
    known: Verdicts,
    conflicts: list[Mark],
) -> Unit:
    makes = describes_machines(unit.path, unit.artifact.text)
    if unit.settled or (unit.found is None and not makes):
        return unit  # of a file of no known kind only those that use it can tell
    if makes and (several := machines(unit.path, unit.artifact.text)):
        return _of_machines(unit, several, links, conflicts)
    if not links.plays[unit.path]:
        verdict = decide(links.under(unit.path))
        conflicts += verdict.conflicts
        return replace(unit, hosts=joined((*unit.hosts, *verdict.hosts)))
    parts: list[Scoped] = []
    for play in links.plays[unit.path]:
        ran = [run for run in here if run.play is play]
        verdict = _own(ran, links.under(unit.path, play.span))
        hosts = joined((*verdict.hosts, *_of_runs(unit, ran, known)))
        conflicts += verdict.conflicts
        if hosts:
            parts.append(Scoped(play.span, hosts))
    return replace(unit, scoped=(*unit.scoped, *parts))


def _of_machines(
    unit: Unit, several: Sequence[Sequence[Span]], links: Graph, conflicts: list[Mark]
) -> Unit:
    """Give each part of a file the hosts of the machines that it is for."""
    found: dict[Span, tuple[Host, ...]] = {}
    for spans in several:
        verdict = decide(mark for span in spans for mark in links.under(unit.path, span))
        conflicts += verdict.conflicts
        for span in spans:
            found[span] = joined((*found.get(span, ()), *verdict.hosts))
    parts = (Scoped(span, hosts) for span, hosts in found.items() if hosts)
    return replace(unit, scoped=(*unit.scoped, *parts))


def _own(ran: Sequence[Run], marks: list[Mark]) -> Verdict:
    """Judge a play by itself where its hosts are not in any inventory's words."""
    alone = all(isinstance(run.hosts, Unknown) or set(run.hosts) <= set(LOCAL) for run in ran)
    return decide(mark for mark in marks if not mark.only) if alone else Verdict()


def _of_runs(unit: Unit, ran: Sequence[Run], known: Verdicts) -> Iterable[Host]:
    for run in ran:
        if isinstance(run.hosts, Unknown):
            continue
        by_tag: dict[tuple[str, ...], list[tuple[str, Host]]] = {}
        for name in run.hosts:
            verdict = known[id(run.world)].get(name)
            for host in verdict.hosts if verdict is not None else ():
                by_tag.setdefault(host.tags, []).append((name, host))
        for several in by_tag.values():
            yield _through(unit, run, several)


def _through(unit: Unit, run: Run, several: list[tuple[str, Host]]) -> Host:
    """Return the host that a play reaches, with the play's pattern ahead of its evidence."""
    names = [name for name, _ in several]
    shown = ", ".join(names[:_SHOWN]) + (
        f" and {len(names) - _SHOWN} more" if names[_SHOWN:] else ""
    )
    where = f" of {run.world.name}" if run.world.name else ""
    pattern = ":".join(run.play.patterns)
    here = Location(unit.artifact.uri, run.play.at)
    first = next((host for _, host in several if not host.lowered), several[0][1])
    ahead = Evidence(here, f"the play is for '{pattern}': {shown}{where}")
    return replace(first, evidence=(ahead, *first.evidence))


def notes(judged: Judged) -> Iterable[Note]:
    """Yield what is not known, and why: plays for templates, scripts, vaulted files, conditions."""
    seen: set[int] = set()
    for run in judged.runs:
        if isinstance(run.hosts, Unknown) and id(run.play) not in seen:
            seen.add(id(run.play))
            uri = next(unit.artifact.uri for unit in judged.units if unit.path == run.path)
            yield Note(Location(uri, run.play.at), run.hosts.reason)
    for world in judged.worlds:
        yield from world.unknown
    for unit in judged.units:
        yield from _at_run_time(unit)


def _at_run_time(unit: Unit) -> Iterable[Note]:
    """Yield the tasks that put hosts into groups, and conditions on groups that are not known."""
    if unit.found is None or unit.found.kind != "ansible":
        return
    text = unit.artifact.text
    for found in _GROUPING.finditer(text):
        message = f"`{found[1]}` puts hosts into groups when it runs; which is not known"
        yield Note(Location(unit.artifact.uri, Span(*found.span(1))), message)
    for condition in conditions(text):
        evident = nodes(unit.config.owners).stand_in(condition.span.of(text))
        if evident and not condition.known:
            message = "which hosts this condition on groups holds for is not known"
            yield Note(Location(unit.artifact.uri, condition.span), message)
