"""From a file of plays or tasks to every task in it, at any depth of blocks."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.ansible.facts import Facts
from nftlint.ansible.modules import read_task
from nftlint.ansible.placing import assemblies
from nftlint.ansible.scope import CONTROLLER, Scope, within
from nftlint.ansible.task import Task, short, tasks_of
from nftlint.found import Found, Place, Reference
from nftlint.fragment import Fragment
from nftlint.record import dataclass, replace
from nftlint.yaml.nodes import Mapping, Node, Stream, entries, follow, get, items, text_of
from nftlint.yaml.whole import read_whole

_SECTIONS = ("pre_tasks", "tasks", "post_tasks", "handlers")
_BLOCKS = ("block", "rescue", "always")


@dataclass(frozen=True, slots=True)
class _Todo:
    """A play, a block or a task that is to be read.

    ``certain`` tells that a task runs whenever those after it do; ``handler`` that it runs at
    some time of the play.
    """

    node: Node
    scope: Scope
    label: str = ""
    certain: bool = True
    handler: bool = False


def read(fragment: Fragment) -> Iterator[Found]:
    """Yield what the plays and tasks of a file run, write and include."""
    return read_whole(fragment, _read_nodes)


def _read_nodes(stream: Stream) -> Iterator[Found]:
    """Yield what is in every node, in the order in which they run."""
    seen: set[int] = set()
    facts = Facts()
    scope = Scope(assembled=assemblies(stream))
    ahead = [_Todo(node, scope) for root in stream.roots for node in items(root)]
    ahead.reverse()
    while ahead:
        todo = ahead.pop()
        node = follow(todo.node)
        if not isinstance(node, Mapping) or id(node) in seen:
            continue
        seen.add(id(node))
        now = facts.uncertain() if todo.handler else facts
        todo = replace(todo, node=node, scope=within(stream, todo.scope, node, now.over))
        below = _below(node, todo)
        ahead.extend(reversed(below))
        if get(node, "hosts") is not None:
            facts = facts.uncertain()
            yield from _roles(stream, node)
        elif not below:
            for task in _tasks(stream, node, todo):
                facts = facts.after(task, certain=todo.certain and not todo.handler)
                yield from read_task(task)


def _below(node: Mapping, above: _Todo) -> list[_Todo]:
    """Return the tasks in a play or a block, in the order in which they run."""
    title = text_of(get(node, "name"))
    label = f"{above.label} / {title}" if above.label and title else above.label or title
    inside = dict(entries(node))
    is_play = "hosts" in inside
    certain = above.certain and not inside.keys() & {"when", "rescue"}
    return [
        _Todo(item, above.scope, label, certain, above.handler or name == "handlers")
        for name in (_SECTIONS if is_play else _BLOCKS)
        for item in items(inside.get(name))
    ]


def _tasks(stream: Stream, node: Mapping, todo: _Todo) -> Iterator[Task]:
    """Yield the module calls of a task, with what is known where it stands."""
    title = text_of(get(node, "name"))
    label = " / ".join(part for part in (todo.label, title) if part)
    scope = todo.scope
    if "local_action" in {short(key) for key, _ in entries(node)}:
        scope = replace(scope, elsewhere=CONTROLLER)
    yield from tasks_of(stream, node, scope, label)


def _roles(stream: Stream, play: Mapping) -> Iterator[Reference]:
    """Yield a reference for each role of a play."""
    for item in items(get(play, "roles")):
        value = follow(item)
        name = get(value, "role") or get(value, "name") if isinstance(value, Mapping) else item
        role = follow(name)
        if role is not None and text_of(role):
            place = Place(stream.fragment, role.span, "the play runs this role")
            yield Reference(place, "includes", f"roles/{text_of(role)}", "role", "ansible")
