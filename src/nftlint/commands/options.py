"""Options of a command line, read as getopt does."""

from __future__ import annotations

from collections.abc import Sequence

from nftlint.record import dataclass


@dataclass(frozen=True, slots=True)
class Syntax:
    """Which options take a value that may be the next word.

    ``short`` are letters, ``long`` names without the dashes. ``permute`` lets options follow
    operands, as GNU programs do that take no command after them.
    """

    short: str = ""
    long: frozenset[str] = frozenset()
    permute: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """``name`` is ``-u`` or ``--user``; ``value`` its value, ``""`` if none was read.

    ``at`` is the index of the word that ends the option: its value's, where that is a word.
    """

    name: str
    value: str
    at: int


def read_options(
    texts: Sequence[str], start: int, syntax: Syntax
) -> tuple[list[Option], list[int]]:
    """Return the options from word ``start`` on, and the indices of the operands."""
    options: list[Option] = []
    operands: list[int] = []
    at = start
    while at < len(texts):
        text = texts[at]
        if text == "--":
            return options, [*operands, *range(at + 1, len(texts))]
        if not text.startswith("-") or text == "-":
            operands.append(at)
            if not syntax.permute:
                return options, [*operands, *range(at + 1, len(texts))]
        elif text.startswith("--"):
            options.append(_long(texts, at, syntax))
            at = options[-1].at
        else:
            options += _cluster(texts, at, syntax)
            at = options[-1].at
        at += 1
    return options, operands


def _long(texts: Sequence[str], at: int, syntax: Syntax) -> Option:
    name, equals, value = texts[at].partition("=")
    if equals or name[2:] not in syntax.long or at + 1 >= len(texts):
        return Option(name, value, at)
    return Option(name, texts[at + 1], at + 1)


def _cluster(texts: Sequence[str], at: int, syntax: Syntax) -> list[Option]:
    """Read ``-nu root``: letters up to one that takes a value."""
    found: list[Option] = []
    text = texts[at]
    for index, letter in enumerate(text[1:], 1):
        if letter in syntax.short:
            attached = text[index + 1 :]
            if attached or at + 1 >= len(texts):
                return [*found, Option(f"-{letter}", attached, at)]
            return [*found, Option(f"-{letter}", texts[at + 1], at + 1)]
        found.append(Option(f"-{letter}", text[index + 1 :], at))
    return found
