"""Shapes of questions that several families have: is it there, and is its number one of these."""

from __future__ import annotations

from nftlint.nft.statement import Match
from nftlint.translate.context import Context, cannot
from nftlint.translate.intervals import Field, Interval, Intervals, intervals
from nftlint.translate.operands import key_of, operand, selector
from nftlint.translate.parts import Atom, Test, negation, one_of
from nftlint.translate.values import constant

_THERE = {"exists": True, "1": True, "missing": False, "0": False}


def exists(match: Match) -> bool:
    """Tell whether a match holds where the thing is there, not where it is missing.

    Raises:
        CannotError: it is compared with anything else.

    """
    selector(match)
    name = " ".join(key_of(match.left))
    wanted = operand(match, name)
    texts = [constant(item, match.right, "`exists` or `missing`").text for item in wanted.items]
    if len(texts) != 1 or texts[0] not in _THERE:
        cannot(match.right, f"`{name}` is compared with `exists` or `missing`")
    return _THERE[texts[0]] != wanted.negated


def number_of(
    match: Match, field: Field, words: tuple[str, ...], ctx: Context, *before: Atom
) -> Test:
    """Return the test by a match whose option takes a number or a range.

    ``words`` are those of the match, and the option last. Where there is no such number to compare,
    both nft and the match have to be false, negated too.
    """
    selector(match)
    return asked(match, intervals(match, field, ctx), words, *before)


def asked(match: Match, wanted: Intervals, words: tuple[str, ...], *before: Atom) -> Test:
    """Return the test for intervals that are already known."""
    atoms = (_atom(match, item, words, negated=wanted.negated) for item in wanted.items)
    cases = one_of(atoms, negated=wanted.negated)
    cases = tuple((*before, *case) for case in cases)
    return Test(cases, match.span, overlap=wanted.overlap, doubts=wanted.doubts)


def _atom(match: Match, item: Interval, words: tuple[str, ...], *, negated: bool) -> Atom:
    *module, option = words
    return Atom("", (*module, *negation(negated), option, item.text()), match.span)


def one_number(match: Match, wanted: Intervals) -> None:
    """Make sure that there are no ranges, for options that take one number each.

    Raises:
        CannotError: there is one.

    """
    for item in wanted.items:
        if not item.one:
            cannot(item, f"iptables has no range of `{' '.join(key_of(match.left))}`")
