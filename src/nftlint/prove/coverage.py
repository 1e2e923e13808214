"""Whether the packets that were sent could have shown a difference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nftlint.prove import fields as f
from nftlint.prove.actions import copies_flow
from nftlint.prove.conditions import Condition, Conditions
from nftlint.prove.flows import INVALID, UNTRACKED
from nftlint.prove.observe import LOGGED
from nftlint.prove.packet import LATER
from nftlint.prove.packets import Trial
from nftlint.prove.space import Assignment

Side = list[tuple[int, Conditions]]

# The family, and the type of the arriving interface: no device here has another type and takes
# the same packets.
FIXED = {("meta", 8, 2), ("meta", 15, 1), ("meta", 1, 2)}


def excused(trial: Trial, left: Iterable[Conditions], right: Iterable[Conditions]) -> bool:
    """Tell whether a difference is one that connection tracking takes away.

    nft reads the payload of a later fragment as if it were a transport header; x_tables matches
    take no later fragment. Where connections are tracked, fragments are put together before any
    rule sees them. A rule that asks for fragments by itself is not excused. One that logs,
    and then ends without a verdict, has met the packet.
    """
    fields = {one.field for rule in (*left, *right) for one in rule.conditions}
    asks_header = any(rule.header for rule in left)
    asks_fragment = fields & {("nh", 6, 2)} or any(field[0] == "exthdr" for field in fields)
    if trial.assignment.get(f.FRAGMENT) != LATER or not asks_header or asks_fragment:
        return False
    passed_by = all(met.verdict == "continue" for met in trial.right.met)
    logged = any(one[0] == LOGGED for one in trial.left.fate)
    only_left = (bool(trial.left.met) or logged) and passed_by
    return only_left or trial.left.fate == trial.right.fate


def no_flow(trial: Trial, rules: Iterable[Conditions]) -> bool:
    """Tell whether only one side took a packet that has no flow to copy from, to no effect.

    nft's rule ends where there is no flow, an x_tables target goes on and changes nothing.
    """
    lacking = trial.assignment.get(f.CT_STATE) in {INVALID, UNTRACKED}
    copying = any(copies_flow(step) for rule in rules for step in rule.actions)
    return lacking and copying and trial.left.fate == trial.right.fate


def uncovered(
    side: Sequence[tuple[int, Conditions]], trials: Sequence[Trial], *, left: bool
) -> str:
    """Name a condition that was not seen to decide; empty where all were.

    ``side`` holds each rule's handle and conditions. Of every alternative a hit is demanded, and
    of every condition a miss that differs from a hit in this one field alone.
    """
    for handle, rule in side:
        if not any(_hit(t, handle, left=left) for t in trials):
            return "no packet matched" if len(side) == 1 else "no packet matched one of the rules"
        for condition in rule.conditions:
            gap = _gap(condition, handle, rule, trials, left=left)
            if gap:
                return gap
    return ""


def _hit(trial: Trial, handle: int, *, left: bool) -> bool:
    met = trial.left.met if left else trial.right.met
    return any(one.handle == handle for one in met)


def _gap(
    condition: Condition, handle: int, rule: Conditions, trials: Sequence[Trial], *, left: bool
) -> str:
    field = condition.field
    hits = [t for t in trials if _hit(t, handle, left=left)]
    if field in FIXED:
        return ""
    if not condition.negated and not condition.open:
        for mask, low, high in condition.alts:
            if not any(low <= t.assignment.get(field, 0) & mask <= high for t in hits):
                return f"no packet matched {field[0]} {field[1]} = {low:#x}"
    whole = [low == 0 and high == mask for mask, low, high in condition.alts]
    if all(whole) or (any(whole) and not condition.negated):
        return ""
    along = _along(field, rule)
    around = {_others(t.assignment, along) for t in hits}
    decided = any(
        not _hit(t, handle, left=left) and _others(t.assignment, along) in around for t in trials
    )
    return "" if decided else f"nothing but {field[0]} {field[1]} was seen to decide a miss"


def _along(field: f.Field, rule: Conditions) -> frozenset[f.Field]:
    """Return the fields that may change along with this one.

    What conntrack says of a flow changes together, and a TCP packet is made invalid by its flags.
    """
    if field[0] != "ct":
        return frozenset({field})
    asked = {condition.field for condition in rule.conditions}
    flow = {f.CT_STATE, f.CT_DIRECTION, f.CT_STATUS, f.CT_MARK}
    return frozenset(flow | ({f.TCP_FLAGS} - asked))


def _others(assignment: Assignment, fields: frozenset[f.Field]) -> frozenset[tuple[f.Field, int]]:
    return frozenset(item for item in assignment.items() if item[0] not in fields)
