"""What nft asks first, and what iptables would ask too early or once too often."""

from __future__ import annotations

from itertools import pairwise

from nftlint.translate.context import cannot
from nftlint.translate.parts import Part, Path, Target, Test


def early_first(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Put first what nft asks at the head of the rule, before anything happens.

    nft leaves it out where the rule asks for the protocol by itself.

    Raises:
        CannotError: the rule asks for it by itself, but only after something has happened.

    """
    early = [part for part in parts if isinstance(part, Test) and part.early]
    rest = [part for part in parts if part not in early]
    acted = False
    for part in rest if early else ():
        if acted and isinstance(part, Test) and _protocol_words(part) & _protocol_words(early[0]):
            cannot(part, "write the protocol first: what comes before it may be meant for all")
        acted = acted or not isinstance(part, Test) or part.stateful
    return (*early, *rest)


def _protocol_words(test: Test) -> set[tuple[str, ...]]:
    return {atom.words for case in test.cases for atom in case if atom.slot == "-p"}


def check_order(parts: Path) -> None:
    """Make sure that iptables asks what changes by asking (a limit) after all that nft does.

    Raises:
        CannotError: it would ask for something after the limit before it.

    """
    asked: list[Test] = []
    for part in parts:
        if not isinstance(part, Test) or part.early:
            continue
        builtin = any(atom.words[0] != "-m" for case in part.cases for atom in case)
        if asked and builtin:
            cannot(part, "nft counts a packet before it asks this, iptables after: put it first")
        if part.stateful and any(_slots(part) & _slots(other) for other in asked):
            cannot(part, "iptables reads two of these in one rule back as one")
        asked += [part] if part.stateful else []


def _slots(test: Test) -> set[str]:
    return {atom.slot for case in test.cases for atom in case}


def check_leaving(parts: Path) -> None:
    """Make sure that nothing follows where nft may leave the rule.

    Raises:
        CannotError: something does.

    """
    for part, after in pairwise(parts):
        if isinstance(part, Target) and part.may_leave and isinstance(after, Target | Test):
            cannot(part, "without a connection nft leaves the rule here, and iptables goes on")
