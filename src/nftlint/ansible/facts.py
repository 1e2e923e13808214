"""Variables that tasks set for the tasks after them: ``set_fact``, ``register``, ``include_vars``.

Source: ansible-core's documentation of variable precedence: facts that are set, and files of
variables that are included, stand above the variables of plays, blocks and tasks, and below a
loop's own variable.
"""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.ansible.freeform import pairs, value_of
from nftlint.ansible.scope import Scope, Values, is_special, known, without
from nftlint.ansible.task import Task
from nftlint.fragment import Fragment
from nftlint.patterns import compiled
from nftlint.record import dataclass, field, replace
from nftlint.yaml.nodes import entries, get, text_of

_NAME = compiled(r"[A-Za-z_]\w*\Z")
_INCLUDING = ("include_vars", "include_tasks", "import_tasks", "include_role", "import_role")
"""Modules that run or read other files, which may set any variable anew."""


@dataclass(frozen=True, slots=True)
class Facts:
    """``names`` are all that were set; ``values`` those of them whose value is certain.

    ``included`` tells that another file was, which may have set any.
    """

    names: frozenset[str] = frozenset()
    values: Values = field(default_factory=dict)
    included: bool = False

    def over(self, scope: Scope) -> Scope:
        """Return a task's scope with the facts above its variables."""
        if not self.names and not self.included:
            return scope
        values = {**without(scope.values, self.names), **self.values}
        return replace(scope, values=values, included=scope.included or self.included)

    def after(self, task: Task, *, certain: bool) -> Facts:
        """Return the facts behind a task; what it may or may not have set is not certain."""
        values = dict(self.values)
        names = set(self.names)
        certain = certain and not _may_differ(task)
        for name, new in _set_by(task):
            names.add(name)
            values = without(values, {name})
            values |= new if certain else {}
        return Facts(frozenset(names), values, self.included or task.module in _INCLUDING)

    def uncertain(self) -> Facts:
        """Return the facts where another host, or another time, may have seen other values."""
        return Facts(self.names, included=self.included)


def _may_differ(task: Task) -> bool:
    """Tell whether a task may be passed over, run several times, or be for another host."""
    keys = [name for name, _ in entries(task.node)]
    return any(name in ("when", "loop", "delegate_facts") or name[:5] == "with_" for name in keys)


def _set_by(task: Task) -> Iterator[tuple[str, Values]]:
    registered = text_of(get(task.node, "register"))
    if _NAME.match(registered):
        yield registered, {}
    if task.module != "set_fact":
        return
    for name, value in (*entries(task.given), *entries(task.more)):
        yield name, known(name, [value])
    if task.free is not None:
        for name, span in pairs(task.free.text).items():
            yield name, _known_text(name, value_of(task.free, span))


def _known_text(name: str, value: Fragment) -> Values:
    return {} if value.holes or is_special(value.text) else {name: (value.text,)}
