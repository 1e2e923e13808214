"""Modules that stand for a run of iptables, of a service manager or of update-alternatives."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nftlint.ansible.task import Task
from nftlint.edits import Edit
from nftlint.found import NO_FLOW, Found, ProgramRun
from nftlint.fragment import VERBATIM, Builder, Fragment, Refusal
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
    action, parameter = _ACTIONS.get(task.text("state"), ""), "state"
    if not action and _holds(task, "enabled"):
        action, parameter = "enable", "enabled"
    for name in _values(task, "name", "service", "unit") if action else ():
        yield from _run(task, parameter, "systemctl", action, name)


def read_iptables(task: Task) -> Iterator[Found]:
    """Yield the flush of a task: ``flush: true``; single rules are right as they are."""
    if not _holds(task, "flush"):
        return
    for table in _values(task, "table") or ["filter"]:
        for chain in _values(task, "chain") or [""]:
            words = ("-t", table, "-F", *filter(None, (chain,)))
            yield from _run(task, "flush", f"{_program(task)}tables", *words)


def read_state(task: Task) -> Iterator[Found]:
    """Yield the save or restore of ``community.general.iptables_state``."""
    program, path = f"{_program(task)}tables", _values(task, "path")[:1]
    if task.text("state") == "saved":
        yield from _run(task, "state", f"{program}-save", "-f", *path)
    elif task.text("state") == "restored":
        words = ["--noflush"] if _holds(task, "noflush") else []
        words += [word for table in _values(task, "table")[:1] for word in ("-T", table)]
        yield from _run(task, "state", f"{program}-restore", *words, *path)


def read_alternatives(task: Task) -> Iterator[Found]:
    """Yield the choice of a program: ``name: iptables``, ``path: …``, for each it can be."""
    for path in _values(task, "path"):
        name = path.rpartition("/")[2].partition("-")[0]
        if "tables" in name:
            yield from _run(task, "path", "update-alternatives", "--set", name, path)


def _program(task: Task) -> str:
    return "ip6" if task.text("ip_version") == "ipv6" else "ip"


def _holds(task: Task, name: str) -> bool:
    return task.text(name).lower() in _TRUE


def _values(task: Task, *names: str) -> list[str]:
    """Return what the first of the parameters that is given can be; a template as written."""
    given = next((text for text in map(task.fragment, names) if isinstance(text, Fragment)), None)
    if given is None:
        return []
    texts = [given.text]
    for char, hole in given.holes.items():
        texts = [text.replace(char, one) for text in texts for one in hole.values or (hole.raw,)]
    return texts


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
