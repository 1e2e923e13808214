"""An inventory as it is read: groups, hosts and variables, each with the line that says so."""

from __future__ import annotations

from collections.abc import Mapping

from nftlint.record import dataclass, replace
from nftlint.results import Location

ALL, UNGROUPED = "all", "ungrouped"

PRIORITY = "ansible_group_priority"
"""The variable that ranks a group among those of its depth."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a group or host; ``value`` is ``None`` where no plain text stands there.

    ``raw`` is what stands there instead, templates and all; empty where it is encrypted.
    ``stage`` is 0 for what an inventory itself says, 1 for files beside it, 2 beside playbooks.
    """

    name: str
    value: str | None
    location: Location
    raw: str = ""
    stage: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """A group with the hosts and groups that it names itself, in the order of the inventory."""

    name: str
    hosts: tuple[str, ...]
    children: tuple[str, ...]
    location: Location


@dataclass(frozen=True, slots=True)
class Note:
    """Something of an inventory that is not known, or is broken; ``message`` says what."""

    location: Location
    message: str


@dataclass(frozen=True, slots=True)
class World:
    """One environment: an inventory source with the variables that lie beside it.

    ``group_vars`` and ``host_vars`` hold a name's variables, weakest first. ``unknown`` names what
    could not be known without running or decrypting it; ``problems`` are broken lines.
    """

    name: str
    groups: Mapping[str, Group]
    hosts: Mapping[str, Location]
    group_vars: Mapping[str, tuple[Variable, ...]]
    host_vars: Mapping[str, tuple[Variable, ...]]
    unknown: tuple[Note, ...] = ()
    problems: tuple[Note, ...] = ()

    def members(self, group: str) -> tuple[str, ...]:
        """Return the hosts of a group and of all groups below it, nearest level first."""
        found: dict[str, None] = {}
        for name in self.below(group):
            found.update(dict.fromkeys(self.groups[name].hosts))
        return tuple(found)

    def below(self, group: str) -> tuple[str, ...]:
        """Return a group and all groups below it, level by level, each once."""
        found: dict[str, None] = {}
        level = [group]
        while level:
            found.update(dict.fromkeys(level))
            children = (child for name in level for child in self.groups[name].children)
            level = [child for child in dict.fromkeys(children) if child not in found]
        return tuple(found)


def peopled(world: World) -> World:
    """Give a host to groups that have theirs elsewhere, so that something is known of them.

    These are the lowest groups of an inventory without hosts (a sample to fill in), and groups
    that have variables only (they come to be at run time, by ``group_by``).
    """
    groups = dict(world.groups)
    for name, variables in world.group_vars.items():
        groups.setdefault(name, Group(name, (), (), variables[0].location))
    found: dict[str, Location] = {}
    for name, group in groups.items():
        lowest = not group.children and name not in (ALL, UNGROUPED)
        if lowest and (not world.hosts or name not in world.groups):
            groups[name] = replace(group, hosts=(host_of(name),))
            found[host_of(name)] = group.location
    new = (name for name in groups if name not in world.groups)
    groups[ALL] = replace(groups[ALL], children=(*groups[ALL].children, *new))
    return replace(world, groups=groups, hosts={**world.hosts, **found})


def host_of(group: str) -> str:
    """Return a name for some host of a group, where none is known by its name."""
    return f"a host of {group}"
