"""Whether the packets that were sent could have shown a difference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nftlint.prove import conditions as c
from nftlint.prove.conditions import Conditions
from nftlint.prove.packet import FRAGMENT, LATER
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
    rule sees them. A rule that asks for fragments by itself is not excused.
    """
    fields = {one.field for rule in (*left, *right) for one in rule.conditions}
    asks_header = any(one.field[0] == "th" for rule in left for one in rule.conditions)
    asks_fragment = fields & {("nh", 6, 2)} or any(field[0] == "exthdr" for field in fields)
    return trial.assignment.get(FRAGMENT) == LATER and asks_header and not asks_fragment


def uncovered(side: Sequence[tuple[int, Conditions]], trials: Sequence[Trial], left: bool) -> str:  # noqa: FBT001
    """Name a condition that was not seen to decide; empty where all were.

    ``side`` holds each rule's handle and conditions. Of every alternative a hit is demanded, and
    of every condition a miss that differs from a hit in this one field alone.
    """
    for handle, rule in side:
        hits = [t for t in trials if _hit(t, handle, left=left)]
        if not hits:
            return "no packet matched" if len(side) == 1 else "no packet matched one of the rules"
        for condition in rule.conditions:
            gap = _gap(condition, handle, hits, trials, left=left)
            if gap:
                return gap
    return ""


def _hit(trial: Trial, handle: int, *, left: bool) -> bool:
    met = trial.left.met if left else trial.right.met
    return any(one.handle == handle for one in met)


def _gap(
    condition: c.Condition, handle: int, hits: list[Trial], trials: Sequence[Trial], *, left: bool
) -> str:
    field = condition.field
    if field in FIXED:
        return ""
    if not condition.negated and not condition.open:
        for mask, low, high in condition.alts:
            if not any(low <= t.assignment.get(field, 0) & mask <= high for t in hits):
                return f"no packet matched {field[0]} {field[1]} = {low:#x}"
    if all(low == 0 and high == mask for mask, low, high in condition.alts):
        return ""
    around = {_others(t.assignment, field) for t in hits}
    decided = any(
        not _hit(t, handle, left=left) and _others(t.assignment, field) in around for t in trials
    )
    return "" if decided else f"nothing but {field[0]} {field[1]} was seen to decide a miss"


def _others(assignment: Assignment, field: c.Field) -> frozenset[tuple[c.Field, int]]:
    """Return all but one field; what conntrack says of a flow changes together."""
    kind = "ct" if field[0] == "ct" else None
    return frozenset(item for item in assignment.items() if item[0] != field and item[0][0] != kind)
