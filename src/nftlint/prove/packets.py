"""The packets method: the same packets through both worlds, compared one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from nftlint.prove import arena
from nftlint.prove import fields as f
from nftlint.prove.actions import reads_flow, target_name
from nftlint.prove.conditions import Conditions
from nftlint.prove.fields import value_name
from nftlint.prove.load import Place
from nftlint.prove.observe import Seen, seen
from nftlint.prove.space import Assignment, Space
from nftlint.prove.world import World, together
from nftlint.record import dataclass

ETHERNET = 14


@dataclass(frozen=True, slots=True)
class Trial:
    """One packet and what became of it on the nft side and on the iptables side.

    ``assignment`` is what was sent, with the flow as it was observed.
    """

    sent: dict[f.Field, int]
    assignment: Assignment
    left: Seen
    right: Seen

    def same(self, *, blurred: bool) -> bool:
        """Tell whether both sides did the same; ``blurred`` leaves the packets' bytes aside."""
        left, right = (
            (side.blurred if blurred else side.fate, side.flow) for side in (self.left, self.right)
        )
        return left == right


def run(
    worlds: Sequence[World],
    place: Place,
    assignments: list[dict[f.Field, int]],
    tuning: arena.Tuning,
) -> list[Trial]:
    """Send the packets through both worlds; ``place`` holds the rules that are tried."""
    arena.tune(worlds, place.family, tuning)
    indices = _devices(worlds, assignments)
    cases: list[dict[str, object]] = []
    for (via, out), group in groupby(assignments, key=lambda a: (a[f.VIA], a[f.OIF])):
        routes = arena.turn(place.family, via, indices.get(value_name(out), 0))
        cases.append({"routes": routes})
        cases += (arena.case(place.family, assignment, tuning) for assignment in group)
    left, right = _send(worlds, place, cases)
    return list(map(_trial, assignments, left, right))


def _trial(assignment: dict[f.Field, int], left: Seen, right: Seen) -> Trial:
    """Return a trial whose flow is the one observed, not the one intended."""
    observed = left.flow if f.CT_STATE in assignment else {}
    return Trial(assignment, assignment | observed, left, right)


def tuning(rules: Iterable[Conditions], table: str, chosen: Space) -> arena.Tuning:
    """Return what these rules need of the ground."""
    rules = list(rules)
    asked = any(map(reads_flow, rules))
    flows = asked or any(target_name(s) in TRACKING for rule in rules for s in rule.actions)
    return arena.Tuning(
        table=table,
        marks=(0, *(value for value in chosen.values[f.MARK] if value)),
        flows=flows,
        fresh=flows or table == "nat",
        flow_marks=chosen.values.get(f.CT_MARK, ()),
    )


def _devices(worlds: Sequence[World], assignments: list[dict[f.Field, int]]) -> dict[str, int]:
    """Make the devices in the same order in both worlds, so that their numbers agree."""
    indices = {}
    for name in sorted(arena.devices(assignments)):
        numbers = {world.device(name) for world in worlds}
        if len(numbers) != 1:
            raise OSError(f"the device {name} has a different number on either side")
        indices[name] = numbers.pop()
    return indices


def _send(
    worlds: Sequence[World], place: Place, cases: list[dict[str, object]]
) -> Iterator[list[Seen]]:
    """Send in both worlds at the same time."""
    for answer in together(worlds, "send", cases=cases):
        yield [
            seen(reports, _network(case)).at(place)
            for case, reports in zip(cases, answer, strict=True)
            if "routes" not in case
        ]


def _network(case: dict[str, object]) -> bytes:
    """Return what is sent, from its network header on."""
    data = bytes.fromhex(str(case["data"]))
    return data[ETHERNET:] if case["via"] == "tap" else data


def ways(chains: Iterable[str]) -> tuple[int, ...]:
    """Return the ways a packet can take to these chains, each once."""
    return tuple(dict.fromkeys(via for chain in chains for via in VIAS[chain]))


TRACKING = {"ct set", "notrack", "CT", "NOTRACK", "CONNMARK"}
VIAS = {
    "PREROUTING": (f.THROUGH, f.INWARD),
    "INPUT": (f.INWARD,),
    "FORWARD": (f.THROUGH,),
    "OUTPUT": (f.OUTWARD,),
    "POSTROUTING": (f.THROUGH, f.OUTWARD),
}
