"""Proving pairs, one after the other, in two worlds that are alike."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from functools import partial

from nftlint.prove import arena, packets, space
from nftlint.prove.actions import LOGS, REMEMBERING, changes, remembers, same_but
from nftlint.prove.batch import compared
from nftlint.prove.compare import by_logic, rules_of, same, without
from nftlint.prove.coverage import Side
from nftlint.prove.judge import alike, halts, judge, one_sided, unfit, unlike_logs, unseen_effect
from nftlint.prove.load import (
    OBSERVER,
    Failure,
    Place,
    answer_nft,
    ask_nft,
    audible,
    flush,
    forgetful,
    link,
    load_iptables,
    named_devices,
    places,
    rule_places,
)
from nftlint.prove.model import Argv, Pair, Verdict
from nftlint.prove.parts import BUT_FRAGMENTS, Known, Part, parts, unshown
from nftlint.prove.read_rule import conditions
from nftlint.prove.ruleset import Ruleset, dump
from nftlint.prove.together import show
from nftlint.prove.world import World, WorldError, together, users_unknown
from nftlint.record import replace

FAMILIES = ("ip", "ip6")


def prove(pairs: Sequence[Pair], known: Known | None = None) -> list[Verdict]:
    """Return a verdict on each pair, in order; never raises.

    Where this machine cannot prove, every pair is unproved, with the reason. ``known`` keeps what
    was found out about single conditions, for who proves many pairs in turns.
    """
    known = known or Known()
    reason = missing_program()
    if reason:
        return [Verdict("unproved", "none", reason) for _ in pairs]
    verdicts: list[Verdict] = []
    while len(verdicts) < len(pairs):
        verdicts += _until_broken(pairs[len(verdicts) :], known)
    return verdicts


def _until_broken(pairs: Sequence[Pair], known: Known) -> list[Verdict]:
    """Prove in one couple of worlds, up to the first pair that breaks one of them."""
    verdicts: list[Verdict] = []
    try:
        with World() as left, World() as right:
            for world in (left, right):
                arena.prepare(world)
            at_once = compared((left, right), pairs)
            if not known.whole:
                show((left, right), _parts(pairs, at_once), known)
            for at, pair in enumerate(pairs):
                verdicts.append(
                    _at_once((left, right), pair, at_once.get(at), known)
                    or _prove(left, right, pair, known)
                )
    except (WorldError, OSError) as error:
        verdicts.append(Verdict("unproved", "none", str(error)))
    except Exception as error:  # noqa: BLE001 - one pair's oddity must not cost the others theirs
        verdicts.append(Verdict("unproved", "none", f"the engine failed: {error!r}"))
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


def _prove(left: World, right: World, pair: Pair, known: Known | None) -> Verdict:
    """Prove one pair; without ``known``, as a whole only."""
    strange = [place for place in places(pair) if not place.known]
    if strange or not places(pair):
        return Verdict("unproved", "none", "not a rule in a table that iptables reaches")
    failure = _load((left, right), pair)
    if failure and users_unknown() and any("owner" in argv for argv in pair.iptables):
        return Verdict("unproved", "none", "a user namespace without root knows no other users")
    if failure:
        return Verdict("not-loadable", "none", failure.message)
    rulesets = _dump(left), _dump(right)
    if same(*rulesets):
        return Verdict("equal", "bytecode")
    read = by_logic(rulesets, rule_places(pair))
    if read == frozenset():
        return Verdict("equal", "bytecode")
    verdict = _by_packets((left, right), pair, rulesets)
    if verdict.outcome != "unproved" or read is None or known is None:
        return verdict
    gap = _by_parts((left, right), pair, read, known)
    return replace(verdict, detail=f"{verdict.detail}; {gap}") if gap else BY_CONDITION


def _parts(pairs: Sequence[Pair], believed: Mapping[int, frozenset[bytes]]) -> list[Part]:
    """Return the matches on whose meaning it depends that these pairs are equal."""
    asked = [pairs[at] for at, matches in believed.items() if matches]
    return [part for pair in asked for argv in pair.iptables for part in parts(argv)]


def _at_once(
    worlds: tuple[World, World], pair: Pair, believed: frozenset[bytes] | None, known: Known
) -> Verdict | None:
    """Return the verdict where no packet has to be sent through the whole rules."""
    if believed == frozenset():
        return Verdict("equal", "bytecode")
    if believed is None or known.whole or _by_parts(worlds, pair, believed, known):
        return None
    return BY_CONDITION


def _by_parts(
    worlds: tuple[World, World], pair: Pair, believed: frozenset[bytes], known: Known
) -> str:
    """Name what packets have not shown of these matches, each by itself."""
    left, right = worlds
    load = partial(_matches, right)
    return unshown(known, pair, believed, load, lambda part: _prove(left, right, part, None))


BY_CONDITION = Verdict("equal", "packets, condition by condition", BUT_FRAGMENTS)


def _matches(world: World, argv: Argv) -> tuple[bytes, ...] | str:
    """Load one command alone, and return the x_tables matches of its rule."""
    world.call("reset", keep=OBSERVER)
    failure = load_iptables(world, Pair("", (argv,)))
    if failure:
        return failure.message
    rules = _dump(world).rules
    return tuple(expr.data for rule in rules for expr in rule.exprs if expr.name == "match")


def _load(worlds: tuple[World, World], pair: Pair) -> Failure | None:
    """Load either side into its world, in place of what was there."""
    together(worlds, "reset", keep=OBSERVER)
    for name in named_devices(pair):
        for world in worlds:
            world.device(name)
    left, right = worlds
    ask_nft(left, pair)
    refused = load_iptables(right, pair)
    return answer_nft(left) or refused


def _by_packets(
    worlds: tuple[World, World], pair: Pair, rulesets: tuple[Ruleset, Ruleset]
) -> Verdict:
    places = sorted(set(rule_places(pair)), key=str)
    if len(places) != 1:
        return Verdict("unproved", "none", "not the rules of one chain")
    place = places[0]
    verdict = _by_chain(worlds, pair, place, rulesets)
    rest = same(*(without(ruleset, place) for ruleset in rulesets))
    if verdict.outcome == "equal" and not rest:
        return Verdict("unproved", "none", "something besides the rules of one chain differs")
    return verdict


def _by_chain(
    worlds: tuple[World, World], pair: Pair, place: Place, rulesets: tuple[Ruleset, Ruleset]
) -> Verdict:
    """Compare what the rules of one chain do."""
    sides = [_side(ruleset, place, worlds[0].devices) for ruleset in rulesets]
    reason = unfit(sides)
    if not reason and any(remembers(rule) for side in sides for _, rule in side):
        sides = _changed(worlds, forgetful(pair), place, sides, REMEMBERING)
        reason = "" if sides else "the limit could not be taken out to see what it limits"
    elif not reason and halts(sides):
        reason = unlike_logs(sides)
        sides = _changed(worlds, audible(pair), place, sides, LOGS) if not reason else sides
        reason = reason or ("" if sides else "the log could not be made to be heard")
    if reason:
        return Verdict("unproved", "none", reason)
    return _try(worlds, place, sides)


def _changed(
    worlds: tuple[World, World],
    pair: Pair,
    place: Place,
    sides: list[Side],
    kinds: frozenset[str],
) -> list[Side]:
    """Load a pair in which steps of these kinds were changed, so that more of it can be seen.

    Without limits every packet shows whether its rule matched; a log that is heard shows how far a
    rule came. The rules must be what they were but for those steps, or nothing is returned. That
    both sides have the same such steps is judged by the rules as they were, which are kept.
    """
    failure = _load(worlds, pair)
    changed = [_side(_dump(world), place, worlds[0].devices) for world in worlds]
    unchanged = all(
        len(one) == len(two)
        and all(same_but(kinds, a, b) for (_, a), (_, b) in zip(one, two, strict=True))
        for one, two in zip(sides, changed, strict=True)
    )
    if failure or not unchanged:
        return []
    return [
        [(handle, rule) for (handle, _), (_, rule) in zip(new, old, strict=True)]
        for new, old in zip(changed, sides, strict=True)
    ]


def _try(worlds: tuple[World, World], place: Place, sides: list[Side]) -> Verdict:
    """Send packets, and then those that matched once more where the rules are gone."""
    vias = packets.ways(link(*worlds, place))
    if not vias:
        return Verdict("unproved", "none", "no hook from which both sides can be reached")
    rules = [rule for side in sides for _, rule in side]
    chosen = space.space(rules, place.family, vias)
    tuning = packets.tuning(rules, place.table, chosen)
    trials = packets.run(worlds, place, space.packets(chosen), tuning)
    verdict = judge(place.family, sides, trials)
    if verdict.outcome != "equal" or not any(map(changes, rules)) or alike(sides, trials):
        return verdict
    if gap := one_sided(sides):
        return replace(verdict, outcome="unproved", method="none", detail=gap)
    hits = [trial.sent for trial in trials if trial.left.met]
    flush(worlds, place)
    bare = packets.run(worlds, place, hits, tuning)
    gap = unseen_effect(sides, [trial for trial in trials if trial.left.met], bare)
    return replace(verdict, outcome="unproved", method="none", detail=gap) if gap else verdict


def _side(ruleset: Ruleset, place: Place, devices: Mapping[str, int]) -> Side:
    rules = rules_of(ruleset, place)
    return [(rule.handle, conditions(rule, ruleset.sets, devices)) for rule in rules]


def _dump(world: World) -> Ruleset:
    return dump(world.lister, FAMILIES, OBSERVER)
