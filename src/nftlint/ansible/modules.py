"""What the modules that matter do with their parameters: run commands, write files, include."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from nftlint.ansible import command, files
from nftlint.ansible.freeform import without_options
from nftlint.ansible.loops import calls_of_loop, each_of_loop
from nftlint.ansible.programs import PROGRAM_MODULES
from nftlint.ansible.task import Task
from nftlint.commands.leaf import Leaf
from nftlint.commands.read import leaves, read_command, reads_stdin_script, with_stdin
from nftlint.commands.words import CommandLine
from nftlint.commands.wrappers import SHELLS
from nftlint.context import Context
from nftlint.edits import Edit
from nftlint.found import Found, NftCall, Problem, ProgramRun
from nftlint.fragment import Fragment, Refusal
from nftlint.patterns import compiled
from nftlint.record import replace
from nftlint.span import Span
from nftlint.yaml.command_list import command_line
from nftlint.yaml.mask import jinja
from nftlint.yaml.nodes import Sequence, follow, get, items, text_of
from nftlint.yaml.scalar import with_values

_PRINTED = compiled(r"\.(?:stdout|stderr)(?:_lines)?\b")
_LISTS = compiled(r"\bnft\b[^\n]*\blist\b")
_OPERATORS = compiled(r"[|;&<>`]|\$\(")


def read_task(task: Task) -> Iterator[Found]:
    """Yield what one task runs, writes or names."""
    known = _MODULES.get(task.module)
    for found in known(task) if known else files.read_unknown(task):
        yield _in_place(found, task)


def _in_place(found: Found, task: Task) -> Found:
    """Say of a command where it runs, and who reads its result."""
    unsure = (task.scope.unsure,) if task.scope.unsure else ()
    caveats = (*unsure, *_included(task), *_registered(task), *_guarded(task))
    elsewhere = task.scope.elsewhere
    if isinstance(found, NftCall):
        found = replace(found, caveats=(*caveats, *found.caveats))
        return replace(found, elsewhere=found.elsewhere or elsewhere)
    if isinstance(found, ProgramRun):
        return replace(found, elsewhere=found.elsewhere or elsewhere)
    if isinstance(found, Fragment) and not found.path:
        context = Context(elsewhere=elsewhere, caveats=caveats)
        label = f"{task.label}: {task.module}" if task.label else task.module
        return replace(found, context=context, label=found.label or label)
    return found


def _included(task: Task) -> tuple[str, ...]:
    """Return a caveat where another file may have set a variable anew whose value is used."""
    if not task.scope.included:
        return ()
    text = task.node.span.of(task.stream.fragment.text)
    templates = dict.fromkeys(span.of(text) for span in jinja(text))
    known = (
        template
        for template in templates
        if task.scope.resolve(template) is not None and not task.has_items_of(template)
    )
    first = next(known, "")
    return (f"What is included before may set `{first}` to something else.",) if first else ()


def _registered(task: Task) -> tuple[str, ...]:
    """Return a caveat where the result of the task is read somewhere in the file."""
    name = text_of(get(task.node, "register"))
    if not re.fullmatch(r"[A-Za-z_]\w*", name):
        return ()
    text = task.stream.fragment.text
    named = len(re.findall(rf"\b{name}\b", text))
    registered = len(re.findall(rf"\bregister:[ \t]*['\"]?{name}\b", text))
    if named <= registered:
        return ()
    return (f"The result of the task is registered as `{name}` and read later.",)


def _guarded(task: Task) -> tuple[str, ...]:
    """Return a caveat where the task's condition may look for the rule as nft prints it."""
    condition = get(task.node, "when")
    texts = [text_of(item) for item in (items(condition) or (condition,))]
    if not any(_PRINTED.search(text) for text in texts) or not _LISTS.search(
        task.stream.fragment.text
    ):
        return ()
    return ("The task's condition reads what a command printed, which may be the rule itself.",)


def _shell(task: Task) -> Iterator[Found]:
    if task.text("executable").rpartition("/")[2] not in {"", *SHELLS}:
        return  # another language; a template that is not known is taken to be a shell
    for text in _texts(task):
        script = without_options(text)
        yield from _put_together(task, script) or [replace(script, language="shell")]


def _command(task: Task) -> Iterator[Found]:
    argv = follow(task.node_of("argv"))
    if isinstance(argv, Sequence):
        yield from _argv(task, argv)
    for text in _texts(task):
        script = without_options(text)
        yield from _put_together(task, script) or [replace(script, language="ansible-command")]


def _argv(task: Task, argv: Sequence) -> Iterator[Found]:
    def several(_span: Span, _texts: object) -> tuple[Edit, ...] | Refusal:
        return Refusal(command.ONE_COMMAND)

    line = command_line(task.stream, argv, several)
    if not isinstance(line, Refusal):
        known = [with_values(word.fragment, task.scope.resolve) for word in line.words]
        pairs = zip(line.words, known, strict=True)
        words = tuple(replace(word, fragment=fragment) for word, fragment in pairs)
        yield from read_command(replace(line, words=words))


def _texts(task: Task) -> Iterator[Fragment]:
    """Yield the command of a task: its free form or ``cmd``, once for each item of its loop."""
    text = task.free if task.free is not None else task.fragment("cmd")
    if isinstance(text, Fragment) and text.text.strip():
        yield from each_of_loop(task, text)


def _put_together(task: Task, text: Fragment) -> list[Found]:
    """Return the calls of a command whose script stands elsewhere: in ``stdin``, in a loop.

    Only of commands without operators, which mean the same with a shell and without.
    """
    words = command.split(text)
    if isinstance(words, Problem) or any(_OPERATORS.search(word.text) for word in words):
        return []
    line = command.line_of(text, words)
    return [
        found
        for leaf in leaves(line)
        for found in (*_from_stdin(task, line, leaf), *calls_of_loop(task, line, leaf))
    ]


def _from_stdin(task: Task, line: CommandLine, leaf: Leaf) -> Iterator[Found]:
    stdin = task.fragment("stdin")
    if not isinstance(stdin, Fragment):
        return
    language = reads_stdin_script(leaf)
    if language == "nft":
        nft = replace(stdin, language=language)
        yield with_stdin(line, leaf, nft, _refuse_stdin, line.words[leaf.at].span)
    elif language:
        yield replace(stdin, language=language)


def _refuse_stdin(_parts: object) -> tuple[Edit, ...] | Refusal:
    return Refusal("the module hands the rules to nft on its standard input")


def _expect(task: Task) -> Iterator[Found]:
    text = task.fragment("command")
    if isinstance(text, Fragment):
        yield replace(text, language="ansible-command")


def _cron(task: Task) -> Iterator[Found]:
    text = task.fragment("job")
    if isinstance(text, Fragment) and task.text("state") != "absent":
        yield replace(text, language="shell")


_MODULES: dict[str, Callable[[Task], Iterator[Found]]] = {
    "shell": _shell,
    "raw": _shell,
    "command": _command,
    "expect": _expect,
    "community.general.expect": _expect,
    "cron": _cron,
    "script": files.read_script,
    "copy": files.read_copy,
    "template": files.read_template,
    "assemble": files.read_assembly,
    "ini_file": files.read_setting,
    "community.general.ini_file": files.read_setting,
    "blockinfile": files.read_part,
    "lineinfile": files.read_part,
    "replace": files.read_part,
    "include_tasks": files.read_include,
    "import_tasks": files.read_include,
    "include": files.read_include,
    "import_playbook": files.read_include,
    "include_role": files.read_role,
    "import_role": files.read_role,
    **PROGRAM_MODULES,
}
