"""Commands that are put together from the items of a loop."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.ansible.scope import loop, loop_variable
from nftlint.ansible.task import Task, fragment_of
from nftlint.commands.leaf import Leaf
from nftlint.commands.read import runs_nft, with_stdin
from nftlint.commands.words import CommandLine
from nftlint.edits import Edit
from nftlint.found import Found
from nftlint.fragment import Fragment, Refusal
from nftlint.holes import Hole
from nftlint.patterns import compiled
from nftlint.record import replace
from nftlint.yaml.nodes import Node, Scalar, follow, get

_MAX_ITEMS = 200
_NAME = compiled(r"\w+")
_PATH = compiled(r"[A-Za-z_]\w*(?:\.\w+|\[\s*(['\"])\w+\1\s*\])*")


def each_of_loop(task: Task, text: Fragment) -> Iterator[Fragment]:
    """Yield the command of a task; where it is all one item of a loop, each item instead.

    So the place of a finding is the item that it is about, and there it can be written anew.
    """
    items = _items(task, text.holes.get(text.text.strip()))
    yield from [item for _, item in items] or [text]


def calls_of_loop(task: Task, line: CommandLine, leaf: Leaf) -> Iterator[Found]:
    """Yield a call for each item of the loop of ``nft {{ item }}``."""
    nft = runs_nft(leaf)
    if nft is None or nft.first != leaf.end - 1 or nft.files:
        return
    word = leaf.words[nft.first].fragment
    for node, item in _items(task, word.holes.get(word.text)):
        script = replace(item, language="nft")
        call = with_stdin(line, leaf, script, _refuse, line.words[leaf.at].span)
        yield replace(call, host=task.stream.fragment, span=node.span)


def _refuse(_parts: object) -> tuple[Edit, ...] | Refusal:
    return Refusal("the command is put together with the items of a loop")


def _items(task: Task, hole: Hole | None) -> list[tuple[Scalar, Fragment]]:
    """Return the texts that a hole stands for, where they are the items of the task's loop."""
    names = _path(hole.name) if hole is not None else []
    if not names or names[0] != loop_variable(task.node):
        return []
    found: list[tuple[Scalar, Fragment]] = []
    for node in (loop(task.node) or [])[:_MAX_ITEMS]:
        value = follow(_key(node, names[1:]))
        item = fragment_of(task.stream, value, task.scope) if isinstance(value, Scalar) else None
        if isinstance(value, Scalar) and isinstance(item, Fragment):
            found.append((value, item))
    return found


def _path(name: str) -> list[str]:
    """Return the names in ``item.cmd`` or ``item['cmd']``; none of anything with a filter."""
    return _NAME.findall(name) if _PATH.fullmatch(name) else []


def _key(item: Node, names: list[str]) -> Node | None:
    """Return what lies under the names in an item."""
    for name in names:
        found = get(item, name)
        if found is None:
            return None
        item = found
    return item
