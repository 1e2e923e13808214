"""The packets method: the same packets through both worlds, compared one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from nftlint.prove import arena
from nftlint.prove import conditions as c
from nftlint.prove.conditions import Conditions
from nftlint.prove.observe import Seen, seen
from nftlint.prove.space import INWARD, THROUGH, VIA, Assignment, value_name
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
        return self.left.fate == self.right.fate and bool(self.left.met) == bool(self.right.met)


def run(worlds: Sequence[World], family: str, assignments: list[dict[c.Field, int]]) -> list[Trial]:
    """Send the packets through both worlds."""
    indices = _devices(worlds, assignments)
    trials: list[Trial] = []
    for (via, out), group in groupby(assignments, key=lambda a: (a[VIA], a[c.OIF])):
        chosen = list(group)
        for world in worlds:
            arena.turn(world, family, via, indices.get(value_name(out), 0))
        left, right = _send(worlds, family, chosen)
        trials += map(Trial, chosen, left, right)
    return trials


def _devices(worlds: Sequence[World], assignments: list[dict[c.Field, int]]) -> dict[str, int]:
    """Make the devices in the same order in both worlds, so that their numbers agree."""
    indices = {}
    for name in sorted(arena.devices(assignments)):
        numbers = {world.call("tap", name=name) for world in worlds}
        if len(numbers) != 1:
            raise OSError(f"the device {name} has a different number on either side")
        indices[name] = numbers.pop()
    return indices


def _send(
    worlds: Sequence[World], family: str, assignments: list[dict[c.Field, int]]
) -> Iterator[list[Seen]]:
    """Send in both worlds at the same time."""
    cases = [arena.case(family, assignment) for assignment in assignments]
    for world in worlds:
        world.ask("send", cases=cases)
    for answer in [world.answer() for world in worlds]:
        yield [seen(reports) for reports in answer]


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
    if not condition.negated:
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
    return frozenset(item for item in assignment.items() if item[0] != field)


VIAS = {
    "PREROUTING": (THROUGH, INWARD),
    "INPUT": (INWARD,),
    "FORWARD": (THROUGH,),
    "OUTPUT": (2,),
    "POSTROUTING": (THROUGH, 2),
}
