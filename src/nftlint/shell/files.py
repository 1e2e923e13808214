"""Names of files in a script: which are handed to nft or to a shell, and which are the same one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from nftlint.commands.wrappers import SHELLS
from nftlint.patterns import compiled
from nftlint.shell.effects import LOCAL
from nftlint.shell.nodes import nodes
from nftlint.shell.tree import Function, Script, Simple

_NFT = compiled(r"(?i)(?:\S*/|\$\w*)?nft\w*\Z")
_BARE = compiled(r"[\"'{}]")
_VARIABLE = compiled(r"\$([A-Za-z_]\w*)")
_FILE_OPTION = compiled(r"-\w*f|--file")


class Files:
    """The names that a script uses for files, as they are written."""

    def __init__(self, script: Script) -> None:
        self._script = script

    def name(self, raw: str, function: str) -> str:
        """Return what tells files apart: the name, and the function whose own variable is in it."""
        bare = _BARE.sub("", raw)
        own = self._own.get(function)
        return f"{function}: {bare}" if own and own & set(_VARIABLE.findall(bare)) else bare

    def language(self, name: str) -> str:
        """Return what a file is handed to: ``nft``, ``shell`` or ``""``."""
        return self._handed.get(name, "")

    @cached_property
    def _own(self) -> Mapping[str, frozenset[str]]:
        """The variables that each function declares as its own."""
        text = self._script.text
        found: dict[str, set[str]] = {}
        for function, simple in self._simples:
            words = [word.span.of(text) for word in simple.words]
            if function and words and words[0] in LOCAL:
                found.setdefault(function, set()).update(word.split("=")[0] for word in words[1:])
        return {function: frozenset(names) for function, names in found.items()}

    @cached_property
    def _handed(self) -> Mapping[str, str]:
        text = self._script.text
        found: dict[str, str] = {}
        for function, simple in self._simples:
            raw = [_BARE.sub("", word.span.of(text)) for word in simple.words]
            for name, language in _handed(raw):
                found[self.name(name, function)] = language
        return found

    @cached_property
    def _simples(self) -> Sequence[tuple[str, Simple]]:
        """Every simple command with the innermost function that it stands in."""
        within: dict[int, str] = {}
        every = list(nodes(self._script.body, deep=True))
        for function in every:
            if isinstance(function, Function):
                within |= {
                    id(node): function.name
                    for node in nodes(function.body, deep=True)
                    if isinstance(node, Simple)
                }
        return [(within.get(id(node), ""), node) for node in every if isinstance(node, Simple)]


def _handed(raw: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the files that a command's words hand to nft or to a shell."""
    for before, name in pairwise(raw):
        if _FILE_OPTION.fullmatch(before) and any(map(_NFT.match, raw)):
            yield name, "nft"
        elif before.rpartition("/")[2] in SHELLS or before in ("source", ".", "+x", "755"):
            yield name, "shell"
