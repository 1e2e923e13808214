"""Proving pairs, one after the other, in two worlds that are alike."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence

from nftlint.prove import arena, packets, space
from nftlint.prove.compare import same
from nftlint.prove.conditions import Conditions
from nftlint.prove.describe import describe
from nftlint.prove.load import (
    OBSERVER,
    Place,
    link,
    load_iptables,
    load_nft,
    named_devices,
    places,
    rule_places,
)
from nftlint.prove.model import Pair, Verdict
from nftlint.prove.read_rule import conditions
from nftlint.prove.ruleset import Ruleset, dump
from nftlint.prove.world import World, WorldError

FAMILIES = ("ip", "ip6")
LATER_FRAGMENTS = (
    "but for later fragments, which come to these chains only where connections are not tracked"
)
Side = list[tuple[int, Conditions]]


def prove(pairs: Sequence[Pair]) -> list[Verdict]:
    """Return a verdict on each pair, in order; never raises.

    Where this machine cannot prove, every pair is unproved, with the reason.
    """
    reason = missing_program()
    if reason:
        return [Verdict("unproved", "none", reason) for _ in pairs]
    verdicts: list[Verdict] = []
    while len(verdicts) < len(pairs):
        verdicts += _until_broken(pairs[len(verdicts) :])
    return verdicts


def _until_broken(pairs: Sequence[Pair]) -> list[Verdict]:
    """Prove in one couple of worlds, up to the first pair that breaks one of them."""
    verdicts: list[Verdict] = []
    try:
        with World() as left, World() as right:
            for world in (left, right):
                arena.prepare(world)
            for pair in pairs:
                verdicts.append(_prove(left, right, pair))  # noqa: PERF401 - kept when one raises
    except (WorldError, OSError) as error:
        verdicts.append(Verdict("unproved", "none", str(error)))
    return verdicts


def available() -> str | None:
    """Return why nothing can be proved on this machine; None where it can."""
    reason = missing_program()
    if reason:
        return reason
    try:
        with World() as world:
            arena.prepare(world)
    except (WorldError, OSError) as error:
        return f"no private network namespace with nftables: {error}"
    return None


def missing_program() -> str | None:
    """Return which program is not installed; None where all are."""
    for program in ("unshare", "nft", "iptables", "ip6tables"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    return None


def _prove(left: World, right: World, pair: Pair) -> Verdict:
    strange = [place for place in places(pair) if not place.known]
    if strange or not places(pair):
        return Verdict("unproved", "none", "not a rule in a table that iptables reaches")
    for world in (left, right):
        world.call("reset", keep=OBSERVER)
    for name in named_devices(pair):
        for world in (left, right):
            world.device(name)
    failure = load_nft(left, pair) or load_iptables(right, pair)
    if failure:
        return Verdict("not-loadable", "none", failure.message)
    rulesets = _dump(left), _dump(right)
    if same(*rulesets):
        return Verdict("equal", "bytecode")
    return _by_packets((left, right), pair, rulesets)


def _by_packets(
    worlds: tuple[World, World], pair: Pair, rulesets: tuple[Ruleset, Ruleset]
) -> Verdict:
    place, *more = sorted(set(rule_places(pair)), key=str) or [None]
    if place is None or more:
        return Verdict("unproved", "none", "not the rules of one chain")
    devices = worlds[0].devices
    sides = [_side(ruleset, place, devices) for ruleset in rulesets]
    unclear = [reason for side in sides for _, rule in side for reason in rule.unclear]
    if unclear:
        return Verdict("unproved", "none", f"not understood: {unclear[0]}")
    vias = packets.ways(link(*worlds, place))
    if not vias:
        return Verdict("unproved", "none", "no hook from which both sides can be reached")
    rules = [rule for side in sides for _, rule in side]
    chosen = space.space(rules, place.family, vias)
    tuning = packets.tuning(rules, place.table, chosen)
    trials = packets.run(worlds, place.family, space.packets(chosen), tuning)
    return _judge(place.family, sides, trials)


def _judge(family: str, sides: list[Side], trials: list[packets.Trial]) -> Verdict:
    hits = sum(bool(trial.left.met) for trial in trials)
    rules = [[rule for _, rule in side] for side in sides]
    differing = [trial for trial in trials if not trial.same]
    for trial in differing:
        if not packets.excused(trial, *rules):
            detail = (
                f"{describe(family, trial.assignment)}: nft has {trial.left.summary}; "
                f"iptables has {trial.right.summary}"
            )
            return Verdict("different", "packets", detail, hits, len(trials) - hits)
    gap = packets.uncovered(sides[0], trials, True) or packets.uncovered(sides[1], trials, False)
    if gap:
        return Verdict("unproved", "none", gap, hits, len(trials) - hits)
    return Verdict(
        "equal", "packets", LATER_FRAGMENTS if differing else "", hits, len(trials) - hits
    )


def _side(ruleset: Ruleset, place: Place, devices: Mapping[str, int]) -> Side:
    return [
        (rule.handle, conditions(rule, ruleset.sets, devices))
        for rule in ruleset.rules
        if Place(rule.family, rule.table, rule.chain) == place
    ]


def _dump(world: World) -> Ruleset:
    return dump(world.lister, FAMILIES, OBSERVER)
