"""Environments, and the plays that may run in them; a world of mere names where there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from nftlint.hosts.graph import Graph
from nftlint.hosts.patterns import LOCAL, Unknown, names, select, split
from nftlint.hosts.plays import Play
from nftlint.hosts.sources import Texts, project, worlds
from nftlint.hosts.world import ALL, UNGROUPED, Group, World, host_of, peopled
from nftlint.record import dataclass
from nftlint.results import Location
from nftlint.span import Span


@dataclass(frozen=True, slots=True)
class Run:
    """A play in one world: the hosts that it runs on there, or why that is not known."""

    path: Path
    play: Play
    world: World
    hosts: tuple[str, ...] | Unknown


def runs(graph: Graph, texts: Texts) -> tuple[list[Run], list[World]]:
    """Return every play in every world that it may run in, and all worlds.

    A play may run in the environments of its own project. Names that none of them has make up a
    world of their own, in which each name is a group with one host.
    """
    found = {source: peopled(world) for source, world in worlds(texts).items()}
    every: list[Run] = []
    made: list[World] = []
    plays = [(path, play) for path, several in graph.plays.items() for play in several]
    for top, within in _by_project(found, plays).items():
        inside = [world for source, world in found.items() if project(source) == top]
        nameless = _of_names(within, inside, graph)
        made.append(nameless)
        for path, play in within:
            every += [
                Run(path, play, world, select(play.patterns, world))
                for world in (*inside, nameless)
            ]
    return every, [*found.values(), *made]


def _by_project(
    found: Mapping[Path, World], plays: list[tuple[Path, Play]]
) -> dict[Path, list[tuple[Path, Play]]]:
    """Put plays together by the nearest directory upward that has an inventory."""
    tops = {project(source) for source in found}
    grouped: dict[Path, list[tuple[Path, Play]]] = {}
    for path, play in plays:
        test = next((folder for folder in path.parents if _is_scenario(folder)), None)
        top = test or next((folder for folder in path.parents if folder in tops), None)
        grouped.setdefault(top or path.parent, []).append((path, play))
    return grouped


def _is_scenario(folder: Path) -> bool:
    """Tell whether a directory is a scenario of Molecule, which has hosts of its own."""
    return "molecule" in (folder.name, folder.parent.name)


def _of_names(plays: Iterable[tuple[Path, Play]], inside: Iterable[World], graph: Graph) -> World:
    known = {name for world in inside for name in (*world.groups, *world.hosts)}
    found: dict[str, Location] = {}
    for path, play in plays:
        terms = split(play.patterns)
        for name in names(terms) if not isinstance(terms, Unknown) else ():
            if name not in known and name not in (ALL, UNGROUPED, *LOCAL):
                found.setdefault(name, Location(graph.units[path].artifact.uri, play.at))
    nowhere = Location("", Span(0, 0))
    groups = {name: Group(name, (host_of(name),), (), at) for name, at in found.items()}
    hosts = {host_of(name): at for name, at in found.items()}
    top = Group(ALL, (), (UNGROUPED, *groups), nowhere)
    rest = Group(UNGROUPED, (), (), nowhere)
    return World("", {ALL: top, UNGROUPED: rest, **groups}, hosts, {}, {})
