"""Which of a host's variables count: of those with one name the nearest, as ansible-core has it.

Source: ansible-core 2.19, ``VariableManager`` (what comes from an inventory, then what lies beside
it, then what lies beside playbooks; ``all``, then groups, then the host) and ``sort_groups`` (the
deepest group, then the highest ``ansible_group_priority``, then the last by its name).
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from nftlint.hosts.marks import FOR_HOST, TAGS, Mark, Rank, marks_in, tagged
from nftlint.hosts.world import ALL, PRIORITY, Variable, World
from nftlint.record import dataclass, replace

_FOR_ALL = (1, 3, 4)
_FOR_GROUP = (2, 5, 6)


@dataclass(frozen=True, slots=True)
class Counted:
    """A variable that counts for a host; ``for_all`` where it is one of the group ``all``."""

    rank: Rank
    variable: Variable
    for_all: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What a variable tells; ``for_all`` is as in ``Counted``."""

    marks: tuple[Mark, ...]
    for_all: bool = False


def counting(world: World, *, evidence: bool) -> dict[str, tuple[Told, ...]]:
    """Return what the variables that count tell of each host; with ``evidence`` more than tags."""
    every = (*world.group_vars.values(), *world.host_vars.values())
    marks = {item: tuple(_marks(item, evidence)) for several in every for item in several}
    names = frozenset(item.name for item, told in marks.items() if told)
    return {
        host: tuple(
            Told(tuple(_ranked(mark, one) for mark in marks[one.variable]), one.for_all)
            for one in several.values()
        )
        for host, several in effective(world, names).items()
    }


def effective(world: World, names: AbstractSet[str]) -> dict[str, dict[str, Counted]]:
    """Return for each host the variables of the given names that count, by name."""
    found: dict[str, dict[str, Counted]] = {}
    for hosts, one in _set(world, names):
        for host in hosts:
            known = found.setdefault(host, {})
            old = known.get(one.variable.name)
            if old is None or old.rank <= one.rank:
                known[one.variable.name] = one
    return found


def _set(world: World, names: AbstractSet[str]) -> Iterator[tuple[tuple[str, ...], Counted]]:
    """Yield the variables that groups and hosts have, and for which hosts."""
    places = _places(world)
    for group, variables in world.group_vars.items():
        levels = _FOR_ALL if group == ALL else _FOR_GROUP
        asked = [item for item in variables if item.name in names and group in places]
        hosts = world.members(group) if asked else ()
        for item in asked:
            yield hosts, Counted((levels[item.stage], places[group]), item, group == ALL)
    for host, variables in world.host_vars.items():
        if host in world.hosts:
            for item in variables:
                if item.name in names:
                    yield (host,), Counted(FOR_HOST, item)


def _places(world: World) -> dict[str, int]:
    """Return the place of each group among all: the later one counts for more."""
    depths = depths_of(world)
    order = sorted(world.groups, key=lambda name: (depths[name], _priority(world, name), name))
    return {name: place for place, name in enumerate(order)}


def depths_of(world: World) -> dict[str, int]:
    """Return how far each group is below ``all``, by the longest way."""
    above = dict.fromkeys(world.groups, 0)
    for group in world.groups.values():
        for child in group.children:
            above[child] += 1
    depths = dict.fromkeys(world.groups, 0)
    ahead = [name for name, count in above.items() if not count]
    while ahead:
        name = ahead.pop()
        for child in world.groups[name].children:
            depths[child] = max(depths[child], depths[name] + 1)
            above[child] -= 1
            if not above[child]:
                ahead.append(child)
    return depths


def _priority(world: World, group: str) -> int:
    """Return a group's priority; files of ``group_vars`` cannot set it."""
    for item in world.group_vars.get(group, ()):
        if item.name == PRIORITY and not item.stage and item.value is not None:
            try:
                return int(item.value)
            except ValueError:
                break
    return 1


def _ranked(mark: Mark, counted: Counted) -> Mark:
    name = mark.variable or counted.variable.name
    return replace(mark, variable=name, rank=counted.rank)


def _marks(item: Variable, evidence: bool) -> Iterator[Mark]:  # noqa: FBT001 (its one switch)
    if item.name == TAGS:
        for tag in (item.value or "").strip("[]").replace('"', "").replace("'", "").split(","):
            if tag.strip():
                why = f"the variable {TAGS} says '{tag.strip()}'"
                yield tagged(tag.strip(), item.location, why)
    elif evidence and (item.value is not None or item.raw):
        text = f"{item.name}: {item.raw if item.value is None else item.value}"
        yield from marks_in(text, item.location, exact=True)
