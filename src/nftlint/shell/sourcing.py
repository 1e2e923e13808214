"""Commands that read other files into the script, and what these are called."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.commands.leaf import Leaf
from nftlint.commands.words import CommandLine, Word
from nftlint.found import Place, Reference
from nftlint.holes import spellings
from nftlint.patterns import compiled
from nftlint.shell.effects import SOURCING

_BATS = compiled(r"(?m)^(?:@test\s|#!.*\bbats\b)")
_MOST = 16
"""More names that one word can stand for are not looked at."""


def is_sourcing(leaf: Leaf, text: str) -> bool:
    """Tell whether a program reads a file into the script, whose text is given: bats' ``load``."""
    if leaf.script or leaf.words[leaf.at].text not in SOURCING or leaf.elsewhere:
        return False
    return leaf.name != "load" or _BATS.search(text) is not None


def sources(line: CommandLine, leaf: Leaf) -> Iterator[Reference]:
    """Yield the files that such a command can mean, as far as its variables are known."""
    words = leaf.words[leaf.at + 1 : leaf.end]
    if not words:
        return
    for name in _names(words[0]):
        place = Place(line.host, words[0].span, "sources this file")
        base = "host" if name.startswith("/") else "file"
        endings = ("", ".bash") if leaf.name == "load" else ("",)
        for ending in endings:
            yield Reference(place, "sources", name + ending, base, "shell")


def _names(word: Word) -> list[str]:
    known = {char: _values(hole.values) for char, hole in word.fragment.holes.items()}
    return spellings(word.text, known, _MOST)


def _values(values: tuple[str, ...] | None) -> tuple[str, ...]:
    return tuple(value for value in values or () if value and not set(value) & set(" \t\n"))
