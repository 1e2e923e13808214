"""From a file of plays or tasks to every task in it, at any depth of blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from nftlint.ansible.modules import read_task
from nftlint.ansible.scope import CONTROLLER, Scope, within
from nftlint.ansible.task import short, tasks_of
from nftlint.found import Found, Place, Problem, Reference
from nftlint.fragment import Fragment
from nftlint.yaml.comments import directives
from nftlint.yaml.doubles import doubles
from nftlint.yaml.nodes import Mapping, Node, Stream, entries, follow, get, items, text_of
from nftlint.yaml.parse import parse

_SECTIONS = ("pre_tasks", "tasks", "post_tasks", "handlers")
_BLOCKS = ("block", "rescue", "always")


@dataclass(frozen=True, slots=True)
class _Todo:
    node: Node
    scope: Scope
    label: str


def read(fragment: Fragment) -> Iterator[Found]:
    """Yield what the plays and tasks of a file run, write and include."""
    stream = parse(fragment)
    if isinstance(stream, Problem):
        yield stream
        return
    yield from directives(stream)
    yield from doubles(stream)
    seen: set[int] = set()
    ahead = [_Todo(node, Scope(), "") for root in stream.roots for node in items(root)]
    ahead.reverse()
    while ahead:
        todo = ahead.pop()
        node = follow(todo.node)
        if not isinstance(node, Mapping) or id(node) in seen:
            continue
        seen.add(id(node))
        inner = within(stream, todo.scope, node)
        below = _below(node, inner, todo.label)
        ahead.extend(reversed(below))
        if get(node, "hosts") is not None:
            yield from _roles(stream, node)
        elif not below:
            yield from _task(stream, node, inner, todo.label)


def _below(node: Mapping, scope: Scope, label: str) -> list[_Todo]:
    """Return the tasks in a play or a block."""
    names = _SECTIONS if get(node, "hosts") is not None else _BLOCKS
    title = text_of(get(node, "name"))
    label = f"{label} / {title}" if label and title else label or title
    return [
        _Todo(item, scope, label)
        for key, value in entries(node)
        if key in names
        for item in items(value)
    ]


def _task(stream: Stream, node: Mapping, scope: Scope, label: str) -> Iterator[Found]:
    title = text_of(get(node, "name"))
    label = " / ".join(part for part in (label, title) if part)
    for task in tasks_of(stream, node, scope, label):
        local = "local_action" in {short(key) for key, _ in entries(node)}
        there = replace(scope, elsewhere=CONTROLLER) if local else scope
        yield from read_task(replace(task, scope=there))


def _roles(stream: Stream, play: Mapping) -> Iterator[Reference]:
    """Yield a reference for each role of a play."""
    for item in items(get(play, "roles")):
        value = follow(item)
        name = get(value, "role") or get(value, "name") if isinstance(value, Mapping) else item
        role = follow(name)
        if role is not None and text_of(role):
            place = Place(stream.fragment, role.span, "the play runs this role")
            yield Reference(place, "includes", f"roles/{text_of(role)}", "role", "ansible")
