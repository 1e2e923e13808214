"""The arguments of nft itself (nft(8), version 1.1)."""

from __future__ import annotations

from collections.abc import Sequence

from nftlint.commands.options import Syntax, read_options
from nftlint.record import dataclass

_SYNTAX = Syntax("fDId", frozenset({"file", "define", "includepath", "debug"}))
_CHECK = frozenset({"-c", "--check"})
_NO_SCRIPT = frozenset({"-h", "--help", "-v", "-V", "--version"})
_READING = frozenset({"list", "monitor", "describe", "export"})

_OUTPUT = {
    "-a": "handles",
    "--handle": "handles",
    "-e": "the rule that was added",
    "--echo": "the rule that was added",
    "-j": "JSON",
    "--json": "JSON",
}


@dataclass(frozen=True, slots=True)
class NftArguments:
    """``options`` as written; ``files``: index of the word and name for each ``-f``.

    ``first`` is the index of the first word of the script, the number of words if there is none.
    ``writes`` is false where nothing can be written: ``--check``, ``--help``, ``list``.
    """

    options: tuple[str, ...]
    files: tuple[tuple[int, str], ...]
    first: int
    writes: bool


def read_nft(texts: Sequence[str], at: int, end: int) -> NftArguments:
    """Read the words after ``nft``, which is word ``at``, up to word ``end``."""
    options, operands = read_options(texts[:end], at + 1, _SYNTAX)
    first = operands[0] if operands else end
    names = {option.name for option in options}
    files = tuple((item.at, item.value) for item in options if item.name in ("-f", "--file"))
    writes = not names & (_CHECK | _NO_SCRIPT) and not _reads(texts[first:end])
    written = tuple(option.name for option in options)
    return NftArguments(written, files if first == end else (), first, writes)


def _reads(texts: Sequence[str]) -> bool:
    words = " ".join(texts)
    first = words.split(None, 1)[:1]
    return bool(first) and first[0] in _READING and ";" not in words and "\n" not in words


def output_caveats(options: Sequence[str]) -> tuple[str, ...]:
    """Return why the options make a rewritten call differ: its output may be read."""
    kinds = sorted({_OUTPUT[name] for name in options if name in _OUTPUT})
    return tuple(
        f"nft is asked to print {kind}, which the script may read; iptables prints nothing."
        for kind in kinds
    )
