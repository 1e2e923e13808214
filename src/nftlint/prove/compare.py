"""The bytecode method: two rulesets, rule by rule, in normal form."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from nftlint.prove.load import HOOKS, Place
from nftlint.prove.normal import Step, normal
from nftlint.prove.ruleset import Chain, Ruleset

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


def without(ruleset: Ruleset, place: Place) -> Ruleset:
    """Return the ruleset without the rules of one chain."""
    kept = (r for r in ruleset.rules if Place(r.family, r.table, r.chain) != place)
    return replace(ruleset, rules=tuple(kept))
