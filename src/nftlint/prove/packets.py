"""The packets method: the same packets through both worlds, compared one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from nftlint.prove import arena
from nftlint.prove import conditions as c
from nftlint.prove.conditions import Conditions, value_name
from nftlint.prove.observe import Seen, seen
from nftlint.prove.packet import FRAGMENT, LATER
from nftlint.prove.space import INWARD, THROUGH, VIA, Assignment, Space
from nftlint.prove.world import World


@dataclass(frozen=True, slots=True)
class Trial:
    """One packet and what became of it on the nft side and on the iptables side."""

    assignment: Assignment
    left: Seen
    right: Seen

    @property
    def same(self) -> bool:
        """Whether both sides did the same."""
        seen_alike = self.left.fate == self.right.fate and self.left.flow == self.right.flow
        return seen_alike and bool(self.left.met) == bool(self.right.met)


def run(
    worlds: Sequence[World],
    family: str,
    assignments: list[dict[c.Field, int]],
    tuning: arena.Tuning,
) -> list[Trial]:
    """Send the packets through both worlds."""
    arena.tune(worlds, family, tuning)
    indices = _devices(worlds, assignments)
    trials: list[Trial] = []
    for (via, out), group in groupby(assignments, key=lambda a: (a[VIA], a[c.OIF])):
        chosen = list(group)
        for world in worlds:
            arena.turn(world, family, via, indices.get(value_name(out), 0))
        left, right = _send(worlds, family, chosen, tuning)
        trials += map(_trial, chosen, left, right)
    return trials


def _trial(assignment: Assignment, left: Seen, right: Seen) -> Trial:
    """Return a trial whose flow is the one observed, not the one intended."""
    return Trial({**assignment, **left.flow}, left, right)


def tuning(rules: Iterable[Conditions], table: str, chosen: Space) -> arena.Tuning:
    """Return what these rules need of the ground."""
    rules = list(rules)
    flows = any(one.field[0] == "ct" for rule in rules for one in rule.conditions)
    return arena.Tuning(
        marks=(0, *(value for value in chosen.values[c.MARK] if value)),
        flows=flows or any(str(step[0]).startswith("ct") for r in rules for step in r.actions),
        fresh=flows or table == "nat",
        flow_marks=chosen.values.get(c.CT_MARK, ()),
    )


def _devices(worlds: Sequence[World], assignments: list[dict[c.Field, int]]) -> dict[str, int]:
    """Make the devices in the same order in both worlds, so that their numbers agree."""
    indices = {}
    for name in sorted(arena.devices(assignments)):
        numbers = {world.device(name) for world in worlds}
        if len(numbers) != 1:
            raise OSError(f"the device {name} has a different number on either side")
        indices[name] = numbers.pop()
    return indices


def _send(
    worlds: Sequence[World],
    family: str,
    assignments: list[dict[c.Field, int]],
    tuning: arena.Tuning,
) -> Iterator[list[Seen]]:
    """Send in both worlds at the same time."""
    cases = [arena.case(family, assignment, tuning) for assignment in assignments]
    for world in worlds:
        world.ask("send", cases=cases)
    for answer in [world.answer() for world in worlds]:
        yield [seen(reports) for reports in answer]


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


def ways(chains: Iterable[str]) -> tuple[int, ...]:
    """Return the ways a packet can take to these chains, each once."""
    return tuple(dict.fromkeys(via for chain in chains for via in VIAS[chain]))


# The type of the arriving interface: no device here has another and takes the same packets.
FIXED = {("meta", 8, 2)}
VIAS = {
    "PREROUTING": (THROUGH, INWARD),
    "INPUT": (INWARD,),
    "FORWARD": (THROUGH,),
    "OUTPUT": (2,),
    "POSTROUTING": (THROUGH, 2),
}
