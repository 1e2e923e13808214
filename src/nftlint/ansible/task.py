"""A task: which module it calls, and with which parameters, in any of the ways to write it."""

from __future__ import annotations

from nftlint.ansible.freeform import after_first_word, pairs, value_of
from nftlint.ansible.scope import Scope, loop, loop_variable, variable_of
from nftlint.fragment import Fragment, Refusal
from nftlint.record import dataclass, replace
from nftlint.yaml.nodes import Mapping, Node, Scalar, Stream, entries, follow, get, is_null, text_of
from nftlint.yaml.scalar import read, with_values

_PREFIXES = ("ansible.builtin.", "ansible.legacy.")
_KEYWORDS = """
any_errors_fatal args async become become_exe become_flags become_method become_user
changed_when check_mode collections connection debugger delay delegate_facts delegate_to diff
environment failed_when ignore_errors ignore_unreachable listen loop loop_control
module_defaults name no_log notify poll port register remote_user retries run_once tags
throttle timeout until vars when
"""
KEYWORDS = frozenset(_KEYWORDS.split())
"""Keys of a task that are no module (ansible-core's playbook keywords)."""

FREE_FORM = "_raw_params"


@dataclass(frozen=True, slots=True)
class Task:
    """``node`` is the whole task; ``module`` has no collection prefix of ansible-core's.

    ``given`` is the node that the module's arguments stand in, ``more`` the node under ``args``.
    ``free`` is the text of the free form, templates as holes; it has no language.
    """

    stream: Stream
    node: Mapping
    scope: Scope
    label: str
    module: str
    given: Node | None = None
    more: Node | None = None
    free: Fragment | None = None

    def has_items_of(self, template: str) -> bool:
        """Tell whether a template gives an item of the task's loop, as it is written out there."""
        name = variable_of(template).split(".")[0]
        return loop(self.node) is not None and name == loop_variable(self.node)

    def node_of(self, name: str) -> Node | None:
        """Return the node of a parameter that is written as a key."""
        found = get(self.given, name)
        return get(self.more, name) if found is None else found

    def fragment(self, name: str) -> Fragment | Refusal | None:
        """Return the text of a parameter, without language; ``None`` where it is not given."""
        value = follow(self.node_of(name))
        if isinstance(value, Scalar):
            return None if is_null(value) else fragment_of(self.stream, value, self.scope)
        if self.free is not None and (span := pairs(self.free.text).get(name)):
            return value_of(self.free, span)
        return None

    def text(self, *names: str) -> str:
        """Return the text of the first of the parameters that is given, or nothing."""
        for name in names:
            found = self.fragment(name)
            if isinstance(found, Fragment):
                return found.text
        return ""


def fragment_of(stream: Stream, node: Scalar, scope: Scope) -> Fragment | Refusal:
    """Return a scalar's text without language, with the values of its templates."""
    fragment = read(stream, node, "")
    return fragment if isinstance(fragment, Refusal) else with_values(fragment, scope.resolve)


def tasks_of(stream: Stream, node: Mapping, scope: Scope, label: str) -> list[Task]:
    """Return the module calls of a task: one, as a rule."""
    found = []
    for key, value in entries(node):
        if key in KEYWORDS or key.startswith("with_"):
            continue
        task = Task(stream, node, scope, label, short(key), value, get(node, "args"))
        found.append(_named_below(task) if task.module in ("action", "local_action") else task)
    return [_with_free_form(task) for task in found]


def short(name: str) -> str:
    """Return a module's name without ansible-core's own prefixes."""
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return name


def _with_free_form(task: Task) -> Task:
    if task.free is not None:
        return task
    value = follow(task.given)
    free: Node | None = value if isinstance(value, Scalar) else task.node_of(FREE_FORM)
    node = follow(free)
    if not isinstance(node, Scalar) or is_null(node):
        return task
    fragment = fragment_of(task.stream, node, task.scope)
    return task if isinstance(fragment, Refusal) else replace(task, free=fragment)


def _named_below(task: Task) -> Task:
    """Read ``action: shell nft …`` and ``action: {module: shell, …}``."""
    value = follow(task.given)
    if isinstance(value, Mapping):
        task = replace(task, module=short(text_of(get(value, "module"))))
        return _with_free_form(task)
    text = _with_free_form(task).free
    if text is None:
        return task
    name, rest = after_first_word(text)
    return replace(task, module=short(name), free=rest if rest.text else None)
