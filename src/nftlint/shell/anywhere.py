"""What a script assigns, defines and calls anywhere, before its commands are gone through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from nftlint.record import dataclass
from nftlint.shell.braces import is_bash
from nftlint.shell.effects import DECLARING, LOCAL, assign, bind_loop, changes
from nftlint.shell.nodes import nodes
from nftlint.shell.simple import ASSIGNMENT
from nftlint.shell.tree import Body, Command, For, Function, Script, Simple, Word
from nftlint.shell.values import UNKNOWN, Env, Gathered, Known, Noted


@dataclass(frozen=True, slots=True)
class Assigned:
    """What is assigned to variables anywhere in a script: values, constants, and words."""

    values: Mapping[str, Known]
    constants: Mapping[str, Known]
    texts: Mapping[str, tuple[Word, ...]]


def assigned_anywhere(script: Script, bodies: Sequence[Body] | None = None) -> Assigned:
    """Return what is assigned to each variable in the script, or in some bodies of it."""
    bodies = script.bodies() if bodies is None else tuple(bodies)
    env = Env(script.text, heredocs=script.heredocs, bash=is_bash(script.text))
    env.scalars = noted = Noted()
    gathered = Gathered()
    for node in nodes(bodies):
        if isinstance(node, Simple) and changes(node, script.text):
            assign(node, env)
            for name, texts in env.texts.items():
                gathered[name] = texts
            env.texts = {}
        elif isinstance(node, For):
            bind_loop(node, env)
        if env.scalars is not noted:  # another file was read, and may set anything anew
            env.scalars = noted
        noted.join()
    return Assigned(dict(noted), _constants(script, noted), gathered)


def _constants(script: Script, noted: Noted) -> Mapping[str, Known]:
    """Return the variables that are set once, where that is not in a branch or a function."""
    found: dict[str, Known] = {}
    for item in script.body.items:
        command = item.pipelines[0].commands[:1]
        if len(item.pipelines) > 1 or item.background or not command:
            continue
        for word in _assignments(command[0], script.text):
            match = ASSIGNMENT.match(script.text, word.span.start)
            name = match[0][:-1] if match else ""
            known = noted.constant(name)
            if known is not None:
                found[name] = known
    return found


def _assignments(command: Command, text: str) -> tuple[Word, ...]:
    if not isinstance(command, Simple):
        return ()
    if not command.words:
        return command.assignments
    return command.words[1:] if command.words[0].span.of(text) in DECLARING else ()


def functions_of(script: Script) -> dict[str, Function]:
    """Return the functions that a script defines; of two with one name the last."""
    return {node.name: node for node in nodes(script.bodies()) if isinstance(node, Function)}


def called(script: Script) -> frozenset[str]:
    """Return the first words of all commands."""
    return frozenset(
        node.words[0].span.of(script.text)
        for node in nodes(script.bodies(), deep=True)
        if isinstance(node, Simple) and node.words
    )


def assigned_in_functions(functions: Iterable[Function], text: str) -> frozenset[str]:
    """Return the variables that functions assign to and do not declare as their own."""
    found: set[str] = set()
    for function in functions:
        env = Env(text)
        own: set[str] = set()
        for node in nodes(function.body):
            if isinstance(node, For):
                env.scalars[node.name] = UNKNOWN
            elif isinstance(node, Simple) and changes(node, text):
                local = node.words and node.words[0].span.of(text) in LOCAL
                before = set(env.scalars)
                assign(node, env)
                own |= set(env.scalars) - before if local else set()
        found |= set(env.scalars) - own
    return frozenset(found)
