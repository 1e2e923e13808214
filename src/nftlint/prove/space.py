"""Which packets to try: the values a rule names, their neighbours, one field at a time.

From an assignment that each rule should match, every field is varied alone through all its
candidate values (a *star*); a seeded choice of random combinations is added. So each condition
of each rule is seen to decide by itself. The number of packets is bounded and the choice
deterministic.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence

from nftlint.prove import fields as f
from nftlint.prove.actions import reads_flow, target_name
from nftlint.prove.candidates import ambient, near_values
from nftlint.prove.conditions import Condition, Conditions
from nftlint.prove.fields import Field
from nftlint.prove.flows import ESTABLISHED, INVALID, NEW, RELATED, STATUSES, UNTRACKED
from nftlint.prove.packet import (
    BARE,
    PORTED,
    TCP,
    UDP,
    build,
)
from nftlint.record import dataclass, replace

Assignment = Mapping[Field, int]
MAX_STAR, MAX_RANDOM, MAX_BASES, WHOLE_STARS = 1500, 24, 24, 2
FLOW_VALUES: dict[Field, tuple[int, ...]] = {
    f.CT_STATE: (NEW, ESTABLISHED, RELATED, INVALID, UNTRACKED),
    f.CT_DIRECTION: (0, 1),
    f.CT_STATUS: (0, *STATUSES),
    f.CT_MARK: (0, f.full(4), 0x77),
    # An acknowledgement fits every state (a SYN does not); SYN and RST together are invalid.
    f.TCP_FLAGS: (0x10, 2, 6),
}
SEGMENT_SIZE = {"exthdr set", "exthdr reset", "TCPMSS", "TCPOPTSTRIP"}
SEED = 20240229
SHORT = 80


@dataclass(frozen=True, slots=True)
class Space:
    """The candidate values of each field, most telling first, and the assignments to start from.

    ``asked`` are the fields that a rule names.
    """

    family: str
    values: dict[Field, tuple[int, ...]]
    bases: tuple[dict[Field, int], ...]
    asked: frozenset[Field]


def space(rules: Iterable[Conditions], family: str, vias: tuple[int, ...]) -> Space:
    """Return what to try for these rules, of either side."""
    rules = list(rules)
    values: dict[Field, dict[int, None]] = {}
    for field, candidates in ambient(family, vias):
        values.setdefault(field, {}).update(dict.fromkeys(candidates))
    if any(map(reads_flow, rules)):
        values |= {field: dict.fromkeys(known) for field, known in FLOW_VALUES.items()}
    if any(target_name(step) in SEGMENT_SIZE for rule in rules for step in rule.actions):
        values[f.MSS] = dict.fromkeys((1460, 0, 536, 1300))
    for rule in rules:
        for condition in rule.conditions:
            held = values.setdefault(condition.field, {})
            held.update(dict.fromkeys(near_values(condition, family)))
    pool = {field: tuple(held) for field, held in values.items()}
    bases = [base for rule in (*rules, *_overlaps(rules)) for base in _bases(rule, pool)]
    unique = {tuple(sorted(base.items())): base for base in bases}
    asked = frozenset(condition.field for rule in rules for condition in rule.conditions)
    return Space(family, pool, tuple(unique.values())[:MAX_BASES], asked)


def _overlaps(rules: list[Conditions]) -> Iterator[Conditions]:
    """Yield what two rules ask together: where they overlap, their order counts."""
    for one, two in itertools.islice(itertools.combinations(rules, 2), MAX_BASES):
        yield replace(one, conditions=one.conditions + two.conditions, hints=())


def packets(chosen: Space) -> list[dict[Field, int]]:
    """Return the assignments to send, in a fixed order, without repetition."""
    found: dict[tuple[tuple[Field, int], ...], dict[Field, int]] = {}
    for assignment in (*_star(chosen), *_mixed(chosen)):
        found.setdefault(tuple(sorted(assignment.items())), assignment)
    possible = (assignment for assignment in found.values() if _possible(chosen, assignment))
    return sorted(possible, key=_route)


def united(spaces: Iterable[Space]) -> list[dict[Field, int]]:
    """Return the packets of several spaces, each once."""
    found = (assignment for chosen in spaces for assignment in packets(chosen))
    unique = {tuple(sorted(assignment.items())): assignment for assignment in found}
    return sorted(unique.values(), key=_route)


def merged(spaces: Sequence[Space]) -> Space:
    """Return a space with the values of several, and no assignment of its own."""
    values: dict[Field, dict[int, None]] = {}
    for chosen in spaces:
        for field, candidates in chosen.values.items():
            values.setdefault(field, {}).update(dict.fromkeys(candidates))
    pool = {field: tuple(held) for field, held in values.items()}
    return Space(spaces[0].family, pool, (), frozenset())


def _possible(chosen: Space, assignment: dict[Field, int]) -> bool:
    try:
        build(chosen.family, assignment)
    except ValueError:
        return False
    return True


def _route(assignment: dict[Field, int]) -> tuple[int, int]:
    """Order packets so that those on the same way stand together."""
    return assignment[f.VIA], assignment[f.OIF]


def _star(chosen: Space) -> Iterator[dict[Field, int]]:
    """Vary each field alone; those no rule names, from the first assignments only."""
    count = 0
    for at, base in enumerate(chosen.bases):
        yield base
        if f.CT_MARK in chosen.values:
            yield base | {f.MARK: f.full(4), f.CT_MARK: f.full(4)}
        for field, candidates in chosen.values.items():
            for value in candidates if at < WHOLE_STARS or field in chosen.asked else ():
                count += 1
                if count > MAX_STAR:
                    return
                yield base | {field: value}


def _mixed(chosen: Space) -> Iterator[dict[Field, int]]:
    """Combine at random: each field keeps its base's value half of the time."""
    chance = random.Random(SEED)  # noqa: S311 - a fixed choice of test packets
    for _ in range(MAX_RANDOM if chosen.bases else 0):
        mixed = dict(chance.choice(chosen.bases))
        for field, candidates in chosen.values.items():
            if chance.random() < 0.25:
                mixed[field] = chance.choice(candidates)
        yield mixed


def _bases(rule: Conditions, pool: dict[Field, tuple[int, ...]]) -> Iterator[dict[Field, int]]:
    """Yield assignments that the rule should match: one for each joint choice it offers."""
    plain = {field: candidates[0] for field, candidates in pool.items()}
    by_field: dict[Field, list[Condition]] = {}
    for condition in rule.conditions:
        by_field.setdefault(condition.field, []).append(condition)
    for field, asked in by_field.items():
        meeting = (v for v in pool[field] if all(one.holds(v) for one in asked))
        plain[field] = next(meeting, plain[field])
    for field in by_field.keys() & {f.SPORT, f.DPORT}:
        del field
        if f.PROTO not in by_field:
            plain[f.PROTO] = UDP
    yield _consistent(plain, by_field)
    for hint in rule.hints[:MAX_BASES]:
        yield _consistent(plain | dict(hint), by_field)


def _shortest(asked: Mapping[Field, Sequence[Condition]]) -> int:
    """Return the least length that is asked for, or not to be."""
    return min((alt[1] for one in asked.get(f.LENGTH, ()) for alt in one.alts), default=SHORT)


def _consistent(
    base: dict[Field, int], asked: Mapping[Field, Sequence[Condition]]
) -> dict[Field, int]:
    """Drop transport fields that the protocol does not have, unless the rule asks for them."""
    protocol = base[f.PROTO]
    dropped = set()
    if protocol not in PORTED:
        dropped |= {f.SPORT, f.DPORT}
    if protocol != TCP:
        dropped.add(f.TCP_FLAGS)
    if f.PROTO not in asked and _shortest(asked) < SHORT:
        base = base | {f.PROTO: BARE}
        dropped |= {field for field in base if field[0] == "th"}
    return {at: v for at, v in base.items() if at not in dropped or at in asked}
