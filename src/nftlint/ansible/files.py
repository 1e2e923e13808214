"""Modules that put files on the host, or take tasks and scripts from other files."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.ansible.placing import becomes, is_loaded, pairs_of
from nftlint.ansible.scope import is_special
from nftlint.ansible.task import Task, fragment_of
from nftlint.cloud_init.files import executable, language_of, retold
from nftlint.cloud_init.kinds import kind_of_part
from nftlint.cloud_init.user_data import part_language
from nftlint.found import Found, Place, Reference
from nftlint.fragment import VERBATIM, Builder, Fragment, to_parent
from nftlint.patterns import compiled
from nftlint.span import Span
from nftlint.yaml.nodes import Mapping, Node, Scalar, Sequence, follow

_STATEMENT = compiled(
    r"(?:\s|#[^\n]*\n)*(?:add|insert|create|delete|destroy|replace|reset|flush|table|include|define)\b"
)
"""How what nft reads as a file of its own begins."""

_USER_DATA = frozenset({"user_data", "userdata", "custom_data", "cloud_init", "user_data_script"})


def read_copy(task: Task) -> Iterator[Found]:
    """Yield the text of ``content``, or the file of ``src``."""
    yield from _text(task, ("content",), ("dest", "path"))
    if task.text("remote_src").lower() not in ("yes", "true", "on", "1"):
        yield from _copied(task)


def read_template(task: Task) -> Iterator[Found]:
    """Yield the file that a template is made from."""
    yield from _copied(task, template=True)


def read_assembly(task: Task) -> Iterator[Found]:
    """Yield the directory whose files become one; by default it lies on the host.

    Source: documentation of ``ansible.builtin.assemble`` (``remote_src``).
    """
    if task.text("remote_src").lower() in ("no", "false", "off", "0"):
        yield from _copied(task)


def read_setting(task: Task) -> Iterator[Found]:
    """Yield the command line that ``ini_file`` puts into a unit of systemd."""
    name, value = task.text("option"), task.fragment("value")
    runs = task.text("section") == "Service" and name.startswith("Exec")
    if runs and task.text("state") != "absent" and isinstance(value, Fragment):
        builder = Builder(value.text, value, VERBATIM)
        builder.put(f"{name}=", Span(0, 0))
        builder.copy(Span(0, len(value.text)))
        path = task.text("path", "dest") or "unit.service"
        line = builder.build("")
        yield retold(line, "systemd-unit", label=f"{task.label}: {name}", path=path)


def read_part(task: Task) -> Iterator[Found]:
    """Yield a line or a block that goes into a file."""
    if task.text("state") == "absent":
        return
    names = ("block", "content", "line", "value", "replace")
    for text in _text(task, names, ("path", "dest", "destfile", "name")):
        if text.language != "nft" or _STATEMENT.match(text.text):
            yield text  # other lines of an nft file are within a table that is not known here


def read_script(task: Task) -> Iterator[Found]:
    """Yield the local script that the host runs."""
    executable_name = task.text("executable")
    if not executable_name or executable_name.rpartition("/")[2].endswith("sh"):
        yield from _file(task, ("cmd", ""), "runs")


def read_include(task: Task) -> Iterator[Found]:
    """Yield the file of tasks or plays that is included."""
    yield from _file(task, ("file", "playbook", ""), "includes", language="ansible")


def read_role(task: Task) -> Iterator[Found]:
    """Yield the tasks of a role."""
    name = task.fragment("name")
    if isinstance(name, Fragment) and name.text:
        tasks = task.text("tasks_from") or "main"
        place = Place(task.stream.fragment, to_parent_of_task(task, name), "runs this role")
        target = f"roles/{name.text}/tasks/{tasks}"
        yield Reference(place, "includes", target, "role", "ansible")


def read_unknown(task: Task) -> Iterator[Found]:
    """Yield user-data that some cloud's module gives to a new machine."""
    ahead: list[tuple[str, Node]] = [("", node) for node in (task.given, task.more) if node]
    while ahead:
        key, node = ahead.pop()
        value = follow(node)
        if isinstance(value, Scalar):
            yield from _user_data(task, key, value)
        elif value is node and isinstance(value, Sequence):
            ahead += [(key, item) for item in value.items]
        elif value is node and isinstance(value, Mapping):
            ahead += [(_name(name), item) for name, item in value.pairs]


def _name(key: Node) -> str:
    value = follow(key)
    return value.value if isinstance(value, Scalar) else ""


def _user_data(task: Task, key: str, value: Scalar) -> Iterator[Found]:
    kind = kind_of_part(value.value)
    if not kind or (key not in _USER_DATA and not kind.startswith("cloud-config")):
        return
    fragment = fragment_of(task.stream, value, task.scope)
    if isinstance(fragment, Fragment):
        yield retold(fragment, part_language(fragment.text), label=key, path="user-data")


def _text(task: Task, names: tuple[str, ...], places: tuple[str, ...]) -> Iterator[Fragment]:
    for name in names:
        content = task.fragment(name)
        if isinstance(content, Fragment) and content.text:
            path = becomes(task, task.text(*places), places[0])
            runs = executable(task.text("mode"))
            language = language_of(path, content.text, executable=runs)
            label = f"{task.label}: {name}" if task.label else name
            yield retold(content, language, label=label, path=path or "file")
            return


def _copied(task: Task, *, template: bool = False) -> Iterator[Reference]:
    """Yield a reference for each file that ``src`` can name, as what it is on the host."""
    source = task.fragment("src")
    if not isinstance(source, Fragment) or not source.text.strip():
        return
    place = Place(task.stream.fragment, to_parent_of_task(task, source), "copies this file")
    given = task.fragment("dest")
    for target, dest in pairs_of(source, given if isinstance(given, Fragment) else None):
        path = becomes(task, dest)
        language = "nft" if is_loaded(path, target) else ""
        engine = "jinja " if template and language else ""
        shown = "" if is_special(dest) and len(dest) == 1 else dest
        yield Reference(place, "copies", target.strip(), "role", engine + language, shown)


def _file(
    task: Task, names: tuple[str, ...], verb: str, *, language: str = ""
) -> Iterator[Reference]:
    """Yield a reference to the first word of a parameter; the empty name is the free form."""
    for name in names:
        text = task.fragment(name) if name else task.free
        if isinstance(text, Fragment) and (words := text.text.split()):
            target = words[0].strip("\"'") if verb == "runs" else text.text.strip()
            place = Place(task.stream.fragment, to_parent_of_task(task, text), f"{verb} this file")
            yield Reference(place, verb, target, "role", language)
            return


def to_parent_of_task(task: Task, fragment: Fragment) -> Span:
    """Return where a parameter's text stands in the file of the task."""
    span = Span(0, len(fragment.text))
    while fragment.parent is not None and fragment is not task.stream.fragment:
        span = to_parent(fragment, span)
        fragment = fragment.parent
    return span
