"""The nodes of a tree, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nftlint.shell.tree import (
    AndOr,
    Body,
    Case,
    For,
    Function,
    Group,
    If,
    Piece,
    Pipeline,
    Redirect,
    Simple,
    Test,
    While,
    Word,
)

_CHILDREN: Mapping[type, tuple[str, ...]] = {
    Body: ("items",),
    AndOr: ("pipelines",),
    Pipeline: ("commands",),
    Simple: (),
    Group: ("body",),
    If: ("branches", "last"),
    While: ("condition", "body"),
    For: ("body",),
    Case: ("arms",),
    Function: ("body",),
    Test: (),
}
_IN_WORDS: Mapping[type, tuple[str, ...]] = {
    Simple: ("assignments", "words", "redirects"),
    For: ("words", "body"),
    Case: ("word", "arms"),
    Test: ("words",),
    Redirect: ("target",),
    Word: ("pieces",),
    Piece: ("pieces", "body", "words"),
}
_EVERYTHING = {**_CHILDREN, **_IN_WORDS}


def nodes(root: object, *, deep: bool = False) -> Iterator[object]:
    """Yield the nodes of a tree from outside in, in the order of the text.

    ``deep`` looks into words as well: the commands of ``$(…)``.
    """
    children = _EVERYTHING if deep else _CHILDREN
    waiting: list[object] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting.extend(node[::-1])
            continue
        names = children.get(type(node))
        if names is None:
            continue
        yield node
        if len(names) == 1:  # so it is for most nodes
            waiting.append(getattr(node, names[0]))
        elif names:
            waiting.extend([getattr(node, name) for name in reversed(names)])
