"""From trials to a verdict."""

from __future__ import annotations

from collections.abc import Sequence

from nftlint.prove.actions import (
    changes,
    changing,
    halting,
    hidden,
    logs,
    random,
    remembers,
    steps,
    target_name,
    unseeable,
)
from nftlint.prove.conditions import Conditions
from nftlint.prove.coverage import Side, excused, no_flow, uncovered
from nftlint.prove.describe import describe
from nftlint.prove.model import Verdict
from nftlint.prove.observe import END_MARK, HOOKS, LOGGED, SEVERAL, Seen
from nftlint.prove.packets import Trial

LATER_FRAGMENTS = (
    "but for later fragments, which come to these chains only where connections are not tracked"
)


def unfit(sides: Sequence[Side]) -> str:
    """Name why packets cannot decide about these rules; empty where they can."""
    for side in sides:
        for _, rule in side:
            if rule.unclear:
                return f"not understood: {rule.unclear[0]}"
            if unseeable(rule):
                return f"no packet shows: {unseeable(rule)}"
    remembering = [sum(remembers(rule) for _, rule in side) for side in sides]
    if remembering not in ([0, 0], [1, 1]):
        return "a limit in more than one rule, or on one side only"
    return ""


def halts(sides: Sequence[Side]) -> bool:
    """Tell whether a rule may end after it has done something."""
    return any(halting(rule) for side in sides for _, rule in side)


def unlike_logs(sides: Sequence[Side]) -> str:
    """Name why logs that are heard by their prefix alone do not stand for these."""
    left, right = (logs(rule for _, rule in side) for side in sides)
    return "" if left == right and len(left) <= 1 else "logs of several kinds"


def judge(family: str, sides: Sequence[Side], trials: Sequence[Trial]) -> Verdict:
    """Return what the trials prove."""
    hits = sum(bool(trial.left.met) for trial in trials)
    counted = hits, len(trials) - hits
    rules = [[rule for _, rule in side] for side in sides]
    everything = [rule for side in rules for rule in side]
    blurred = any(map(random, everything))
    whole = not halts(sides)
    same = [
        trial.same(blurred=blurred) and not (whole and _met_by_one(sides, trial))
        for trial in trials
    ]
    differing = [
        t for t, alike in zip(trials, same, strict=True) if not alike and not no_flow(t, everything)
    ]
    for trial in differing:
        if not excused(trial, *rules):
            return Verdict("different", "packets", _difference(family, trial), *counted)
    for trial, alike in zip(trials, same, strict=True):
        if alike and whole and _hidden(sides[0], trial.left) != _hidden(sides[1], trial.right):
            packet = describe(family, trial.assignment)
            detail = f"{packet}: what is logged, limited or translated differs"
            return Verdict("different", "packets", detail, *counted)
    gap = uncovered(sides[0], trials, left=True) or uncovered(sides[1], trials, left=False)
    if gap:
        return Verdict("unproved", "none", gap, *counted)
    return Verdict("equal", "packets", LATER_FRAGMENTS if differing else "", *counted)


def _met_by_one(sides: Sequence[Side], trial: Trial) -> bool:
    """Tell whether only one side has a rule that took the packet.

    A rule that does nothing but count is a rule only where neither side has another.
    """
    acting = [{handle for handle, rule in side if rule.actions} for side in sides]
    counting = not all(acting)
    left, right = (
        any(counting or met.handle in handles for met in seen.met)
        for handles, seen in zip(acting, (trial.left, trial.right), strict=True)
    )
    return left != right


def _difference(family: str, trial: Trial) -> str:
    packet = describe(family, trial.assignment)
    if trial.left.summary != trial.right.summary:
        return f"{packet}: nft has {trial.left.summary}; iptables has {trial.right.summary}"
    ways = zip(trial.left.fate, trial.right.fate, strict=False)
    place = next((one[0] for one, two in ways if one != two), "the end")
    return f"{packet}: both have {trial.left.summary}, but the packet differs at {place}"


def _hidden(side: Side, seen: Seen) -> tuple[object, ...]:
    """Return what was done unseen to the packet and to its answers, each by itself.

    An answer is on its way before the rule that gives it is reported, but after the rules before.
    """
    by_rule = any(remembers(rule) for _, rule in side)
    unseen = (hidden(met, by_rule=by_rule) for met in _by_packet(side, seen))
    return tuple(sorted(filter(None, unseen), key=repr))


def _by_packet(side: Side, seen: Seen) -> list[list[Conditions]]:
    """Return the rules that a packet met, and those that each of its answers did."""
    known: dict[int, Conditions] = dict(side)
    found: dict[bytes, list[Conditions]] = {}
    for one in seen.met:
        if one.handle in known:
            found.setdefault(one.packet, []).append(known[one.handle])
    return list(found.values())


def alike(sides: Sequence[Side], trials: Sequence[Trial]) -> bool:
    """Tell whether both sides did the very same steps with every packet.

    Then it need not be seen what these steps do. A rule that may end early is not known to have
    done all of its steps.
    """
    if halts(sides):
        return False
    return all(_done(sides[0], trial.left) == _done(sides[1], trial.right) for trial in trials)


def _done(side: Side, seen: Seen) -> list[str]:
    return sorted(repr(steps(met)) for met in _by_packet(side, seen) if steps(met))


def one_sided(sides: Sequence[Side]) -> str:
    """Name a step that only one side does, and for which the other has none that it may be.

    The effect of another step of the same rule may be all that is seen of it: a mark on a packet
    that is rejected, say.
    """
    done = [{step for _, rule in side for step in rule.actions if changing(step)} for side in sides]
    alone = [done[0] - done[1], done[1] - done[0]]
    if bool(alone[0]) == bool(alone[1]):
        return ""
    names = sorted(target_name(step) for step in alone[0] | alone[1])
    return f"only one side has {names[0]}"


def unseen_effect(sides: Sequence[Side], trials: Sequence[Trial], bare: Sequence[Trial]) -> str:
    """Name a rule whose effect no packet showed; empty where all were seen.

    ``bare`` are the same packets where the rules are gone.
    """
    for place, side in enumerate(sides):
        for handle, rule in side:
            pairs = (
                ((one.left, two.left) if place == 0 else (one.right, two.right))
                for one, two in zip(trials, bare, strict=True)
            )
            if changes(rule) and not any(_changed(handle, *pair) for pair in pairs):
                return "no packet was seen to be changed or answered"
    return ""


def _changed(handle: int, seen: Seen, bare: Seen) -> bool:
    met = any(one.handle == handle for one in seen.met)
    return met and bool(_arrivals(seen) - _arrivals(bare) or seen.flow != bare.flow)


def _arrivals(seen: Seen) -> set[tuple[object, ...]]:
    """Return what was seen of packets, apart from the verdicts.

    A packet that goes no further is a verdict's doing; one that is different, or an answer, is
    not: so it is what is there beyond the bare case that counts, not what is missing.
    """
    return {one for one in seen.fate if one[0] in (*HOOKS, END_MARK, LOGGED, SEVERAL)}
