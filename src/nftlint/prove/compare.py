"""The bytecode method: two rulesets, rule by rule, in normal form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from nftlint.prove import logic
from nftlint.prove.boxes import Inexact, items
from nftlint.prove.load import HOOKS, Place
from nftlint.prove.logic import without_reach
from nftlint.prove.normal import Step, normal
from nftlint.prove.ruleset import Chain, Rule, Ruleset, Sets
from nftlint.record import replace

Name = tuple[str, str, str]
Form = tuple[object, tuple[tuple[Step, ...], ...]]


def forms(ruleset: Ruleset) -> dict[Name, Form]:
    """Return for each chain what it hangs on and the normal forms of its rules.

    A chain that iptables would make by itself, that is empty and accepts, is the same as none.
    """
    rules: dict[Name, list[tuple[Step, ...]]] = defaultdict(list)
    for rule in ruleset.rules:
        rules[rule.family, rule.table, rule.chain].append(normal(rule, ruleset.sets))
    found: dict[Name, Form] = {}
    for chain in ruleset.chains:
        name = (chain.family, chain.table, chain.name)
        if name in rules or not _idle(chain):
            found[name] = ((chain.hook, chain.kind, chain.policy), tuple(rules[name]))
    return found


def _idle(chain: Chain) -> bool:
    builtin = {name for name, _ in HOOKS.get(chain.table, ())}
    return bool(chain.hook) and chain.policy == 1 and chain.name in builtin


def same(one: Ruleset, two: Ruleset) -> bool:
    """Tell whether both rulesets are provably the same to every packet."""
    return forms(one) == forms(two)


def by_logic(rulesets: tuple[Ruleset, Ruleset], places: Sequence[Place]) -> frozenset[bytes] | None:
    """Return the x_tables matches on whose meaning it depends that both do the same.

    None are needed where all is in nf_tables' own expressions; ``None`` where it is not so, or
    not known to be.
    """
    if len(set(places)) != 1 or not same(*(without(one, places[0]) for one in rulesets)):
        return None
    sides = [(rules_of(one, places[0]), one.sets) for one in rulesets]
    return rules_by_logic(places[0].family, sides)


def rules_by_logic(
    family: str, sides: Sequence[tuple[Sequence[Rule], Sets]]
) -> frozenset[bytes] | None:
    """Compare the rules of a chain, each side's with the sets they look up."""
    try:
        read = [
            [items(rule, sets, at=at) for at, rule in enumerate(rules)] for rules, sets in sides
        ]
    except Inexact:
        return None
    believed = frozenset(data for side in read for _, matches in side for data in matches)
    asked = [[rule for rule, _ in side] for side in read]
    if believed:
        asked = [list(without_reach(side)) for side in asked]
    return believed if logic.same(family, *asked) else None


def place_of(rule: Rule) -> Place:
    """Return the chain that a rule is in."""
    return Place(rule.family, rule.table, rule.chain)


def rules_of(ruleset: Ruleset, place: Place) -> list[Rule]:
    """Return the rules of one chain."""
    return [rule for rule in ruleset.rules if place_of(rule) == place]


def without(ruleset: Ruleset, place: Place) -> Ruleset:
    """Return the ruleset without the rules of one chain."""
    kept = (rule for rule in ruleset.rules if place_of(rule) != place)
    return replace(ruleset, rules=tuple(kept))
