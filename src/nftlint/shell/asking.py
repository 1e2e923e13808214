"""Functions that run nft with words of their call: only their calls need to be looked into."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from nftlint.shell.nodes import nodes
from nftlint.shell.simple import ASSIGNMENT
from nftlint.shell.tree import For, Function, Simple

_PARAMETER = re.compile(r"\$\{?[#!]?([A-Za-z_]\w*|[1-9@*])")
_RUNS_WORDS = re.compile(r"(?:eval|exec|sudo|command|env|su|(?:\S*/)?\w*sh)\b")
_FIRST = re.compile(r"[\"']?\$\{?([A-Za-z_]\w*|[1-9@*])")
_GIVEN = frozenset("123456789@*")


def asking(functions: Mapping[str, Function], text: str) -> frozenset[str]:
    """Return the functions that may run nft with words of their call, or hand them on to one.

    This is told by their text: it may name too many, not too few.
    """
    found: set[str] = set()
    passed_to: dict[str, set[str]] = {}
    for name, function in functions.items():
        passed_to[name] = set()
        for raw, runs_it in _derived(function, text):
            first = raw.split(None, 1)[0]
            if first in functions:
                passed_to[name].add(first)
            elif runs_it or _RUNS_WORDS.match(raw) or "nft" in raw.lower():
                found.add(name)
    while more := {name for name, to in passed_to.items() if name not in found and to & found}:
        found |= more
    return frozenset(found)


def _derived(function: Function, text: str) -> Iterator[tuple[str, bool]]:
    """Yield the commands of a function that hold a parameter, or a variable made of one.

    With each stands whether the command's own name is such a variable.
    """
    names = set(_GIVEN)
    for node in nodes(function.body, deep=True):
        if isinstance(node, For):
            words = " ".join(word.span.of(text) for word in node.words or ())
            if node.words is None or names & set(_PARAMETER.findall(words)):
                names.add(node.name)
        elif isinstance(node, Simple):
            for word in (*node.assignments, *node.words[1:]):
                match = ASSIGNMENT.match(text, word.span.start)
                if match and names & set(_PARAMETER.findall(word.span.of(text))):
                    names.add(re.split(r"[\[+=]", match[0])[0])
            raw = text[node.words[0].span.start : node.span.end] if node.words else ""
            if raw and names & set(_PARAMETER.findall(raw)):
                first = _FIRST.match(raw)
                yield raw, first is not None and first[1] in names
