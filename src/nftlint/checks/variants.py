"""What a rule may say once its variables have values: the set that ``{ $PORTS }`` becomes."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from nftlint.checks.context import Write
from nftlint.holes import Hole, choices, has_holes, spelled
from nftlint.patterns import compiled
from nftlint.record import dataclass, replace
from nftlint.writes import Managed, leaves, leaves_of

if TYPE_CHECKING:
    from nftlint.nft.model import Command

_MOST = 64
"""Texts of one rule that are read."""

_PLAIN = compiled(r"[\w.:/]+")
"""A value that a stand-in stands for as well: one word, and no range, list or pattern."""

_ELEMENT = compiled(r"(?<=[{,])\s*([\U00100000-\U0010FFFD])\s*(?=[,}])")


@dataclass(frozen=True, slots=True)
class Variant:
    """A rule as it may be, and when it is so: empty if it is always so."""

    command: Command
    condition: str = ""


def variants(write: Write, managed: Managed) -> list[Variant]:
    """Return a rule as it stands, or as it is with values that its stand-ins do not stand for.

    A variable of unknown value that is an element of a set may hold several.
    """
    text, span = write.call.script.text, write.command.span
    before, rule, after = text[: span.start], span.of(text), text[span.end :]
    found = []
    if has_holes(rule):
        for filled, condition in _filled(rule, write.call.script.holes):
            command = _again(before + filled + after, write) if filled != rule else write.command
            if command is not None and command.rule is not None:
                found.append(Variant(replace(managed.command, body=command.body), condition))
    return found or [Variant(managed.command)]


def _again(text: str, write: Write) -> Command | None:
    """Return the command as it is in another text of its script."""
    places = [leaf.command.span for leaf in leaves(write.call)]
    found = [leaf.command for leaf in leaves_of(text, write.call.script.holes)]
    same = len(found) == len(places) and write.command.span in places
    return found[places.index(write.command.span)] if same else None


def _filled(rule: str, holes: Mapping[str, Hole]) -> Iterator[tuple[str, str]]:
    """Yield the texts of a rule in which holes are filled, each with its condition."""
    known = {
        char: hole.values
        for char, hole in holes.items()
        if hole.values and char in rule and not all(map(_PLAIN.fullmatch, hole.values))
    }
    several = {
        char
        for char in _ELEMENT.findall(rule)
        if char not in known and (char not in holes or holes[char].values is None)
    }
    for values in islice(choices(known), _MOST):
        filled = spelled(rule, values)
        conditions = [
            f"`{char}` is `{value}`" for char, value in values.items() if len(known[char]) > 1
        ]
        yield filled, " and ".join(conditions)
        if several:
            more = [f"`{char}` holds more than one" for char in sorted(several)]
            yield _doubled(filled, several), " and ".join([*conditions, *more])


def _doubled(rule: str, several: Container[str]) -> str:
    def twice(match: re.Match[str]) -> str:
        return f"{match[1]}, {match[1]}" if match[1] in several else match[0]

    return _ELEMENT.sub(twice, rule)
