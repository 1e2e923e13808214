"""Calls of nft whose command stands in a variable: what they run, where that is known."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from nftlint.edits import Edit
from nftlint.found import NftCall
from nftlint.fragment import VERBATIM, Builder, Fragment, Refusal
from nftlint.holes import choices, has_holes
from nftlint.record import replace
from nftlint.span import Span

if TYPE_CHECKING:
    from nftlint.nft.model import Command

_MOST = 64
"""How many values of variables, each with each other's, are looked at in one call."""


def filled(call: NftCall) -> Iterator[NftCall]:
    """Yield the call; where no command can be read in it, one for each text of its variables.

    Then the finding stands at the variable, and nothing is written: what is in it may be used
    elsewhere, too, or be another on some host.
    """
    script = call.script
    if not any(_is_long(hole.values) for hole in script.holes.values()) or _is_readable(script):
        yield call
        return
    known = {char: hole.values for char, hole in script.holes.items() if hole.values}
    for values in islice(choices(known), _MOST):
        yield replace(call, script=_with(script, values), rewrite=_refuse)


def _is_long(values: tuple[str, ...] | None) -> bool:
    return any(len(value.split()) > 1 for value in values or ())


def _is_readable(script: Fragment) -> bool:
    from nftlint.nft.parser import parse

    return any(_is_whole(command) for command in parse(script.text).commands)


def _is_whole(command: Command) -> bool:
    """Tell whether more than a hole was read: a verb, and of a rule what it says."""
    from nftlint.nft.model import Broken

    if has_holes(command.verb.text):
        return False
    return command.object.text != "rule" or not (
        command.body is None or isinstance(command.body, Broken)
    )


def _with(script: Fragment, values: dict[str, str]) -> Fragment:
    """Return the script with the values put in; each stands for its variable, whole."""
    builder = Builder(script.text, script, VERBATIM)
    for at, char in enumerate(script.text):
        if char in values:
            builder.put(values[char], Span(at, at + 1))
        else:
            builder.copy(Span(at, at + 1))
    return builder.build(script.language, label=script.label, context=script.context)


def _refuse(_parts: object) -> tuple[Edit, ...] | Refusal:
    return Refusal("the command stands in a variable")
