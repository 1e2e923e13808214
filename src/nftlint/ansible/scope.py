"""What holds for a task by the plays and blocks around it: known values, the host it runs on."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from collections.abc import Mapping as Dict

from nftlint.fragment import Fragment
from nftlint.patterns import compiled
from nftlint.record import dataclass, field, replace
from nftlint.yaml.mask import HEAD, MASK
from nftlint.yaml.nodes import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    Stream,
    entries,
    follow,
    get,
    is_null,
    text_of,
)
from nftlint.yaml.scalar import read, with_values

CONTROLLER = "the Ansible controller"
_UNSURE = "The host that the task is delegated to is not known here: it may be another."
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_NAME = compiled(r"\{\{-?\s*([A-Za-z_]\w*(?:\.\w+|\[\s*['\"]\w+['\"]\s*\])*)\s*-?\}\}\Z")
_ABOVE = ("vars_files", "vars_prompt", "roles")
"""What a play sets variables by that stand above its ``vars``."""
_TOP = compiled(r"[.\[]")
_LOOPS = ("loop", "with_items", "with_list", "with_flattened")

Values = Dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Scope:
    """``values``: all values of each variable that is known (``item``, ``item.port``).

    Those of a list's items are under ``ports[]``, ``ports[].number``.
    ``hosts`` is the play's pattern, empty in a task file; ``elsewhere`` is the host that the
    tasks run on instead. ``unsure`` says why that may be so, where a template names the host.
    ``included`` tells that another file was read before, which may have set the variables anew.
    ``assembled`` are the directories on the hosts that the file's tasks make one file of each.
    """

    values: Values = field(default_factory=dict)
    hosts: str = ""
    elsewhere: str = ""
    unsure: str = ""
    included: bool = False
    assembled: tuple[tuple[str, str], ...] = ()

    def resolve(self, template: str) -> tuple[str, ...] | None:
        """Return all values that a template ``{{ name }}`` can have, where they are known."""
        return self.values.get(variable_of(template))


def variable_of(template: str) -> str:
    """Return the variable, or its key, that a template ``{{ name }}`` gives; empty for others."""
    found = _NAME.match(template)
    return re.sub(r"\[\s*['\"](\w+)['\"]\s*\]", r".\1", found.group(1)) if found else ""


def within(stream: Stream, scope: Scope, node: Node, facts: Callable[[Scope], Scope]) -> Scope:
    """Return the scope inside a play, a block or a task: its ``vars``, loop and host.

    ``facts`` puts what was set before above its ``vars``.
    """
    own = dict(entries(get(node, "vars")))
    values = without(scope.values, own) if own else dict(scope.values)
    for name, value in own.items():
        values |= known(name, [value])
    hosts = text_of(get(node, "hosts")) or scope.hosts
    included = scope.included or any(get(node, key) is not None for key in _ABOVE)
    inner = facts(replace(scope, values=values, hosts=hosts, included=included))
    name = loop_variable(node)
    turns = _turns(stream, inner.values, node, name)
    if turns is not None:
        inner = replace(inner, values=without(inner.values, {name}) | turns)
    elsewhere, unsure = _host(stream, inner, node)
    return replace(inner, elsewhere=elsewhere, unsure=unsure)


def without(values: Values, names: Container[str]) -> dict[str, tuple[str, ...]]:
    """Return the values without those of some variables, of their keys and items."""
    return {key: kept for key, kept in values.items() if _TOP.split(key, 1)[0] not in names}


def _turns(
    stream: Stream, values: Values, node: Node, name: str
) -> dict[str, tuple[str, ...]] | None:
    """Return the values of the loop's variable; none where a task has no loop."""
    items = loop(node)
    if items is not None:
        return known(name, items)
    for key in _LOOPS:
        value = follow(get(node, key))
        text = read(stream, value, "") if isinstance(value, Scalar) else None
        if isinstance(text, Fragment):
            hole = text.holes.get(text.text)
            listed = f"{variable_of(hole.raw)}[]" if hole is not None else ""
            return {
                name + at.removeprefix(listed): kept
                for at, kept in values.items()
                if at == listed or at.startswith(f"{listed}.")
            }
    return None


def loop(node: Node) -> list[Node] | None:
    """Return the items of a loop that is written out; none where it is a template."""
    for name in _LOOPS:
        value = follow(get(node, name))
        if isinstance(value, Sequence):
            return _flat(value, deep=name != "loop")
    return None


def loop_variable(node: Node) -> str:
    """Return the name that the items of a task's loop have."""
    return text_of(get(get(node, "loop_control"), "loop_var")) or "item"


def _flat(value: Sequence, *, deep: bool) -> list[Node]:
    """``with_items`` flattens one level of lists."""
    found: list[Node] = []
    for item in value.items:
        below = follow(item)
        found += below.items if deep and isinstance(below, Sequence) else [item]
    return found


def known(name: str, nodes: list[Node]) -> dict[str, tuple[str, ...]]:
    """Return the values of a variable, of its keys and its items, where all are plain texts."""
    values = [follow(node) for node in nodes]
    if len(values) == 1 and isinstance(values[0], Sequence):
        return known(f"{name}[]", list(values[0].items))
    if values and all(isinstance(value, Scalar) for value in values):
        texts = tuple(text_of(value) for value in values)
        return {} if any(MASK.search(text) or is_special(text) for text in texts) else {name: texts}
    if not values or not all(isinstance(value, Mapping) for value in values):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for key in dict.fromkeys(key for value in values for key, _ in entries(value)):
        below = [get(value, key) for value in values]
        if all(isinstance(follow(item), Scalar) for item in below):
            found |= known(f"{name}.{key}", [item for item in below if item is not None])
    return found


def is_special(text: str) -> bool:
    """Tell whether a text holds something that is only known when it runs."""
    return HEAD in text or any(char >= "\U00100000" for char in text)


def _host(stream: Stream, scope: Scope, node: Node) -> tuple[str, str]:
    """Return which other host a play, block or task runs on, and why that is not certain."""
    delegate = get(node, "delegate_to")
    names = _delegates(stream, scope, delegate) if delegate is not None else ()
    if not names:
        is_local = text_of(get(node, "connection")) == "local" and scope.hosts not in _LOCAL
        return (CONTROLLER, "") if is_local else (scope.elsewhere, scope.unsure)
    if any(is_special(name) for name in names):
        return "", _UNSURE
    others = [_other(name, scope.hosts) for name in names]
    if all(others):
        return others[0], ""
    return "", _UNSURE if any(others) else ""


def _delegates(stream: Stream, scope: Scope, node: Node) -> tuple[str, ...]:
    """Return the hosts that a task may be delegated to, an unknown one with a hole in its name."""
    delegate = follow(node)
    text = read(stream, delegate, "") if isinstance(delegate, Scalar) else None
    if not isinstance(text, Fragment) or is_null(delegate) or not text.text:
        return ()
    hole = with_values(text, scope.resolve).holes.get(text.text)
    if hole is None:
        return (text.text,)
    if hole.raw.strip("{}- \t") == "inventory_hostname":
        return (scope.hosts,)
    return hole.values or (text.text,)


def _other(name: str, hosts: str) -> str:
    """Return which other host a name is, empty if it is the play's own."""
    if name == hosts:
        return ""
    return CONTROLLER if name in _LOCAL else "the host that the task is delegated to"
