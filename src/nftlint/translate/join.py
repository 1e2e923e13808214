"""Joining rules that differ in one address."""

from __future__ import annotations

from nftlint.record import replace
from nftlint.translate.parts import Case


def join(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """Join rules that differ in one address by a comma list, which iptables takes apart again.

    It takes no list beside an address that is negated.
    """
    if any(_negates_address(case) for case in cases):
        return cases
    for slot in ("-s", "-d"):
        joined: dict[tuple[tuple[str, ...], ...], Case] = {}
        for case in cases:
            rest = tuple(atom.words for atom in case if not _listable(atom.words, slot))
            at = (*rest, ("",)) if any(_listable(atom.words, slot) for atom in case) else rest
            joined[at] = _merge(joined[at], case, slot) if at in joined else case
        cases = tuple(joined.values())
    return cases


def _negates_address(case: Case) -> bool:
    """Tell whether iptables would refuse a list: "! not allowed with multiple … addresses"."""
    return any(atom.words[:2] in {("!", "-s"), ("!", "-d")} for atom in case)


def _listable(words: tuple[str, ...], slot: str) -> bool:
    return words[0] == slot


def _merge(one: Case, other: Case, slot: str) -> Case:
    text = next(atom.words[1] for atom in other if _listable(atom.words, slot))
    return tuple(
        replace(atom, words=(slot, f"{atom.words[1]},{text}"))
        if _listable(atom.words, slot)
        else atom
        for atom in one
    )
