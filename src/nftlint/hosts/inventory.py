"""Declarations of all files of one environment, put together to a world."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nftlint.hosts.declared import (
    Assigned,
    Below,
    Broken,
    Declaration,
    Declared,
    Listed,
    Opaque,
)
from nftlint.hosts.world import ALL, PRIORITY, UNGROUPED, Group, Note, Variable, World
from nftlint.record import dataclass, field
from nftlint.results import Location
from nftlint.span import Span


@dataclass(slots=True)
class _Draft:
    """A world in the making; dictionaries keep the order of the inventory."""

    groups: dict[str, Location] = field(default_factory=dict)
    hosts: dict[str, Location] = field(default_factory=dict)
    children: dict[str, dict[str, Location]] = field(default_factory=dict)
    below: set[str] = field(default_factory=set)
    listed: dict[str, dict[str, Location]] = field(default_factory=dict)
    variables: list[Assigned] = field(default_factory=list)
    assumed: dict[str, Location] = field(default_factory=dict)
    pending: list[Below] = field(default_factory=list)
    unknown: list[Note] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)


def assemble(name: str, files: Iterable[Sequence[Declaration]]) -> World:
    """Return the world that the files of an environment describe, each file's lines in order."""
    nowhere = Location(name, Span(0, 0))
    draft = _Draft({ALL: nowhere, UNGROUPED: nowhere})
    draft.children[ALL] = {UNGROUPED: nowhere}
    for declarations in files:
        for item in declarations:
            _take(draft, item)
        _settle(draft)
    _reconcile(draft, nowhere)
    groups = {
        group: Group(
            group,
            tuple(draft.listed.get(group, ())),
            tuple(draft.children.get(group, ())),
            location,
        )
        for group, location in draft.groups.items()
    }
    return World(
        name,
        groups,
        draft.hosts,
        _variables(draft, of_group=True),
        _variables(draft, of_group=False),
        tuple(draft.unknown),
        tuple(draft.problems),
    )


def _take(draft: _Draft, item: Declaration) -> None:
    match item:
        case Declared(group, location, assumed):
            if assumed and group not in draft.groups:
                draft.assumed.setdefault(group, location)
            if not assumed:
                draft.assumed.pop(group, None)
            draft.groups.setdefault(group, location)
        case Listed(group, host, location):
            draft.hosts.setdefault(host, location)
            draft.groups.setdefault(group, location)
            draft.listed.setdefault(group, {}).setdefault(host, location)
        case Below() if item.pending:
            draft.pending.append(item)
        case Below():
            _adopt(draft, item)
        case Assigned():
            draft.variables.append(item)
        case Broken(location, message):
            draft.problems.append(Note(location, message))
        case Opaque(location, message):
            draft.unknown.append(Note(location, message))


def _settle(draft: _Draft) -> None:
    """At the end of a file, hold what it referred to against what is there."""
    for item in draft.pending:
        if item.child in draft.groups:
            _adopt(draft, item)
        else:
            message = f"[{item.parent}:children] names group '{item.child}', which is not there"
            draft.problems.append(Note(item.location, message))
    for group, location in draft.assumed.items():
        message = f"[{group}:vars] is for a group that is not there"
        draft.problems.append(Note(location, message))
    draft.pending.clear()
    draft.assumed.clear()


def _adopt(draft: _Draft, item: Below) -> None:
    """Make a group a child of another, unless that closes a circle."""
    circle = item.parent in draft.below and _reaches(draft, item.child, item.parent)
    if item.parent == item.child or circle:
        message = f"group '{item.child}' cannot be below '{item.parent}': it contains that group"
        draft.problems.append(Note(item.location, message))
        return
    draft.children.setdefault(item.parent, {}).setdefault(item.child, item.location)
    draft.below.add(item.child)


def _reaches(draft: _Draft, above: str, below: str) -> bool:
    ahead, seen = [above], {above}
    while ahead:
        for child in draft.children.get(ahead.pop(), ()):
            if child == below:
                return True
            if child not in seen:
                seen.add(child)
                ahead.append(child)
    return False


def _reconcile(draft: _Draft, nowhere: Location) -> None:
    """Let every group be below ``all``, and every host of no group in ``ungrouped``."""
    with_parent = {child for children in draft.children.values() for child in children}
    for group in draft.groups:
        if group not in with_parent and group != ALL:
            draft.children[ALL][group] = nowhere
    grouped = {
        host
        for group, hosts in draft.listed.items()
        if group not in (ALL, UNGROUPED)
        for host in hosts
    }
    loose = draft.listed.setdefault(UNGROUPED, {})
    for host, location in draft.hosts.items():
        if host in grouped:
            loose.pop(host, None)
        else:
            loose.setdefault(host, location)


def _variables(draft: _Draft, *, of_group: bool) -> dict[str, tuple[Variable, ...]]:
    """Return each variable once by its owner: one that is set again counts as it is set last.

    A priority counts only where the inventory itself sets it, so that one is kept.
    """
    found: dict[str, dict[str, Variable]] = {}
    for item in draft.variables:
        if item.of_group is of_group:
            variable = Variable(item.variable, item.value, item.location, item.raw, item.stage)
            name = item.variable if item.variable != PRIORITY else f"{PRIORITY} {item.stage}"
            found.setdefault(item.name, {})[name] = variable
    return {name: tuple(several.values()) for name, several in found.items()}
