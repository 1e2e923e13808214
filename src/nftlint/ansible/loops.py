"""Commands that are put together from the items of a loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nftlint.ansible.scope import loop
from nftlint.ansible.task import Task, fragment_of
from nftlint.commands.read import runs_nft, with_stdin
from nftlint.commands.unwrap import Leaf
from nftlint.commands.words import CommandLine
from nftlint.found import Found
from nftlint.fragment import Edit, Fragment, Refusal
from nftlint.holes import Hole
from nftlint.yaml.nodes import Node, Scalar, follow, get

_MAX_ITEMS = 200


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
    if hole is None or not hole.values:
        return []
    found: list[tuple[Scalar, Fragment]] = []
    for node in (loop(task.node) or [])[:_MAX_ITEMS]:
        value = follow(_key(node, hole.name))
        item = fragment_of(task.stream, value, task.scope) if isinstance(value, Scalar) else None
        if isinstance(value, Scalar) and isinstance(item, Fragment) and item.text in hole.values:
            found.append((value, item))
    return found


def _key(item: Node, name: str) -> Node | None:
    """Return what ``item.cmd`` or ``item['cmd']`` names in an item."""
    for key in name.replace("[", ".").replace("]", "").split(".")[1:]:
        found = get(item, key.strip("'\" "))
        if found is None:
            return None
        item = found
    return item
