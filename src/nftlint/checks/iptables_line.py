"""A command line of iptables, as far as the checks ask: its backend, its table, what it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nftlint.patterns import compiled
from nftlint.record import dataclass

_PROGRAM = compiled(r"(ip6?)tables(?:-(nft|legacy))?(?:-(save|restore))?")
_LONG = {
    "--append": "-A",
    "--delete-chain": "-X",
    "--flush": "-F",
    "--insert": "-I",
    "--policy": "-P",
    "--replace": "-R",
}
_FREE_TEXT = frozenset({"--comment", "--log-prefix", "--nflog-prefix", "--string"})
_CHAINED = "AIRPFX"


@dataclass(frozen=True, slots=True)
class Action:
    """``letter`` is the command (``F`` for ``--flush``); ``operands`` are the words after it."""

    letter: str
    operands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """``family`` is ``ip`` or ``ip6``; ``backend`` and ``kind`` are empty, or as in the name."""

    family: str
    backend: str
    kind: str
    words: tuple[str, ...]

    def has(self, short: str, long: str) -> bool:
        """Tell whether an option is given: ``-n``, also within ``-wn``, or ``--noflush``."""
        return any(
            word == long or (word[:1] == "-" and word[1:2] != "-" and short in word[1:])
            for word in self.words[1:]
        )

    def table(self) -> str:
        """Return the table that is named, empty where none is."""
        short = "-T" if self.kind == "restore" else "-t"
        for word, following in _pairs(self.words):
            if word in (short, "--table"):
                return following
            if word.startswith("--table="):
                return word.partition("=")[2]
            if word.startswith(short) and len(word) > 2:
                return word[2:]
        return ""

    def actions(self) -> Iterator[Action]:
        """Yield the commands of the line that the checks ask for."""
        for at, word in enumerate(self.words):
            if at and self.words[at - 1] in _FREE_TEXT:
                continue
            name = _LONG.get(word, word)
            if len(name) >= 2 and name[0] == "-" and name[1] in _CHAINED:
                attached = (name[2:],) if len(name) > 2 else ()
                rest = self.words[at + 1 :]
                end = next((i for i, item in enumerate(rest) if item[:1] == "-"), len(rest))
                yield Action(name[1], (*attached, *rest[:end]))


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    return zip(words, (*words[1:], ""), strict=True)


def iptables_line(words: Sequence[str]) -> Line | None:
    """Return the command line if its program is an iptables."""
    directory, _, name = words[0].rpartition("/")
    match = _PROGRAM.fullmatch(name)
    if match is None or directory == "/etc/init.d":
        return None
    return Line(match[1], match[2] or "", match[3] or "", tuple(words))
