"""Modules that stand for a run of iptables, of a service manager or of update-alternatives."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nftlint.ansible.task import Task
from nftlint.found import NO_FLOW, Found, ProgramRun
from nftlint.fragment import VERBATIM, Builder, Edit, Fragment, Refusal
from nftlint.span import Span

_ACTIONS = {
    "started": "start",
    "stopped": "stop",
    "restarted": "restart",
    "reloaded": "reload",
}
_TRUE = frozenset({"yes", "true", "on", "y", "1"})


def read_service(task: Task) -> Iterator[Found]:
    """Yield what a task asks of the service manager: ``state: restarted``."""
    action = _ACTIONS.get(task.text("state"))
    if action:
        yield from _run(task, "state", "systemctl", action, task.text("name", "service", "unit"))


def read_iptables(task: Task) -> Iterator[Found]:
    """Yield the flush of a task: ``flush: true``; single rules are right as they are."""
    if _holds(task, "flush"):
        program = "ip6tables" if task.text("ip_version") == "ipv6" else "iptables"
        chain = task.text("chain")
        table = task.text("table") or "filter"
        yield from _run(task, "flush", program, "-t", table, "-F", *filter(None, (chain,)))


def read_state(task: Task) -> Iterator[Found]:
    """Yield the save or restore of ``community.general.iptables_state``."""
    program = "ip6tables" if task.text("ip_version") == "ipv6" else "iptables"
    path = task.text("path")
    if task.text("state") == "saved":
        yield from _run(task, "state", f"{program}-save", "-f", path)
    elif task.text("state") == "restored":
        table = task.text("table")
        words = ["--noflush"] if _holds(task, "noflush") else []
        words += ["-T", table] if table else []
        yield from _run(task, "state", f"{program}-restore", *words, path)


def read_alternatives(task: Task) -> Iterator[Found]:
    """Yield the choice of a program: ``name: iptables``, ``path: …``."""
    name, path = task.text("name"), task.text("path")
    if "tables" in name and path:
        yield from _run(task, "path", "update-alternatives", "--set", name, path)


def _holds(task: Task, name: str) -> bool:
    return task.text(name).lower() in _TRUE


def _run(task: Task, parameter: str, *words: str) -> Iterator[ProgramRun]:
    """Yield the run of these words, which the value of a parameter stands for."""
    given = task.fragment(parameter)
    if isinstance(given, Fragment):
        place = Span(0, len(given.text))
        builder = Builder(given.text, given, VERBATIM)
        builder.put(" ".join(words), place)
        yield ProgramRun(given, place, words, builder.build(""), NO_FLOW, _refuse)


def _refuse(_parts: object) -> tuple[Edit, ...] | Refusal:
    return Refusal("the task has no command to write anew")


PROGRAM_MODULES: dict[str, Callable[[Task], Iterator[Found]]] = {
    "systemd": read_service,
    "systemd_service": read_service,
    "service": read_service,
    "sysvinit": read_service,
    "iptables": read_iptables,
    "alternatives": read_alternatives,
    "community.general.alternatives": read_alternatives,
    "iptables_state": read_state,
    "community.general.iptables_state": read_state,
}
