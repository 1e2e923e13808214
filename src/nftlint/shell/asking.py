"""Functions that run nft with words of their call: only their calls need to be looked into."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from nftlint.commands.words import Word
from nftlint.commands.wrappers import SILENT, WRAPPERS
from nftlint.patterns import compiled
from nftlint.record import dataclass
from nftlint.shell.nodes import nodes
from nftlint.shell.simple import ASSIGNMENT
from nftlint.shell.tree import For, Function, Script, Simple

_PARAMETER = compiled(r"\$\{?[#!]?([A-Za-z_]\w*|[1-9@*])")
_RUNS_WORDS = compiled(r"(?:eval|exec|sudo|command|env|su|(?:\S*/)?\w*sh)\b")
_ALL = compiled(r"\s\"?\$(?:[@*]|\{[@*])")
_FIRST = compiled(r"[\"']?\$\{?([A-Za-z_]\w*|[1-9@*])")
_WRITES = compiled(r"(?:echo|printf|tee|cat)\b")
_RULE = compiled(r"\b(?:nft|add|insert|create|replace|delete|destroy|flush|rule|chain|table)\b")
_ADDS = compiled(r"\b(?:add|insert|replace)\s+rule\b")
_READS = compiled(r"(?i)nft\S*\s[^\n]*(?:-f|--file)[ =]?(?:-|/dev/stdin)(?=[\s;&|)]|\Z)")
_GIVEN = frozenset("123456789@*")


@dataclass(frozen=True, slots=True)
class Asking:
    """Functions that run nft with words of their call, or with the standard input of their call.

    ``writes`` are those that write words of their call into a file, ``speaks`` those of rules.
    """

    runs: frozenset[str]
    writes: frozenset[str]
    reads: frozenset[str]
    speaks: frozenset[str]

    def __contains__(self, name: str) -> bool:
        """Tell whether some calls of the function are looked into."""
        return name in self.runs or name in self.reads

    def looks(self, name: str, words: Sequence[Word], *, fed: bool) -> bool:
        """Tell whether a call of the function has to be looked into; ``fed``: it has an input."""
        if name in self.runs or (fed and name in self.reads):
            return True
        return name in self.writes and (
            name in self.speaks or any(_RULE.search(word.text) for word in words[1:])
        )


def adds_rule(text: str) -> bool:
    """Tell whether a text says that a rule is added."""
    return _ADDS.search(text) is not None


def asking(functions: Mapping[str, Function], script: Script) -> Asking:
    """Return the functions whose calls have to be looked into.

    This is told by their text: it may name too many, not too few.
    """
    text = script.text
    runs: set[str] = set()
    writes: set[str] = set()
    passed_to: dict[str, set[str]] = {}
    for name, function in functions.items():
        passed_to[name] = set()
        for raw, runs_it in _derived(function, script):
            first = raw.split(None, 1)[0]
            if first in functions:
                passed_to[name].add(first)
            elif _WRITES.match(raw) and not _RULE.search(raw):
                writes.add(name)
            elif runs_it or _hands_on(raw) or _RULE.search(raw) or "nft" in raw.lower():
                runs.add(name)
    reads = frozenset(name for name, it in functions.items() if _READS.search(it.span.of(text)))
    speaks = frozenset(name for name, it in functions.items() if adds_rule(it.span.of(text)))
    return Asking(_and_callers(runs, passed_to), _and_callers(writes, passed_to), reads, speaks)


def _hands_on(raw: str) -> bool:
    """Tell whether a command may run words that it is given: all of them, or by a wrapper."""
    if _RUNS_WORDS.match(raw):
        return True
    name = raw.split(None, 1)[0].rpartition("/")[2]
    return name in WRAPPERS or (name not in SILENT and _ALL.search(raw) is not None)


def _and_callers(found: set[str], passed_to: Mapping[str, set[str]]) -> frozenset[str]:
    """Return functions and all that hand words of their call on to one of them."""
    while more := {name for name, to in passed_to.items() if name not in found and to & found}:
        found |= more
    return frozenset(found)


def _derived(function: Function, script: Script) -> Iterator[tuple[str, bool]]:
    """Yield the commands of a function that hold a parameter, or a variable made of one.

    With each stands whether the command's own name is such a variable.
    """
    others = script.library.given_at(function.span) if script.library is not None else ()
    names, text = {*_GIVEN, *others}, script.text
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
            for redirect in node.redirects:
                heredoc = script.heredocs.get(redirect.span.start)
                raw += f" {heredoc.body.of(text)}" if heredoc is not None else ""
            if raw and names & set(_PARAMETER.findall(raw)):
                first = _FIRST.match(raw)
                yield raw, first is not None and first[1] in names
