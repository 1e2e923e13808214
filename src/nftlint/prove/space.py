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

from nftlint.prove import conditions as c
from nftlint.prove.actions import reads_flow, target_name
from nftlint.prove.conditions import Alt, Condition, Conditions, Field, name_value, value_name
from nftlint.prove.flows import ESTABLISHED, INVALID, NEW, RELATED, STATUSES, UNTRACKED
from nftlint.prove.packet import (
    BARE,
    DADDR,
    EXTENSION,
    FRAGMENT,
    ICMP,
    ICMP6,
    SADDR,
    TCP,
    UDP,
    build,
)
from nftlint.record import dataclass, replace

VIA: Field = ("via", 0, 1)
INWARD, THROUGH, OUTWARD = 0, 1, 2
Assignment = Mapping[Field, int]
NAMES = (c.IIF, c.OIF)
MAX_STAR, MAX_RANDOM, MAX_BASES, WHOLE_STARS = 1500, 24, 24, 2
# The link layer can say no more: broadcast is 1, multicast 2.
FLOW_VALUES: dict[Field, tuple[int, ...]] = {
    c.CT_STATE: (NEW, ESTABLISHED, RELATED, INVALID, UNTRACKED),
    c.CT_DIRECTION: (0, 1),
    c.CT_STATUS: (0, *STATUSES),
    c.CT_MARK: (0, c.full(4), 0x77),
    # An acknowledgement fits every state (a SYN does not); SYN and RST together are invalid.
    ("th", 13, 1): (0x10, 2, 6),
}
SEGMENT_SIZE = {"exthdr set", "exthdr reset", "TCPMSS", "TCPOPTSTRIP"}
HIGHEST = {c.PKTTYPE: 2}
SEED = 20240229
SHORT = 80
_PORTS = {TCP, UDP, 33, 132, 136}


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
    for field, candidates in _ambient(family, vias):
        values.setdefault(field, {}).update(dict.fromkeys(candidates))
    if any(map(reads_flow, rules)):
        values |= {field: dict.fromkeys(known) for field, known in FLOW_VALUES.items()}
    if any(target_name(step) in SEGMENT_SIZE for rule in rules for step in rule.actions):
        values[c.MSS] = dict.fromkeys((1460, 0, 536, 1300))
    for rule in rules:
        for condition in rule.conditions:
            held = values.setdefault(condition.field, {})
            held.update(dict.fromkeys(_candidates(condition, family)))
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
    return assignment[VIA], assignment[c.OIF]


def _star(chosen: Space) -> Iterator[dict[Field, int]]:
    """Vary each field alone; those no rule names, from the first assignments only."""
    count = 0
    for at, base in enumerate(chosen.bases):
        yield base
        if c.CT_MARK in chosen.values:
            yield base | {c.MARK: c.full(4), c.CT_MARK: c.full(4)}
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


def _ambient(family: str, vias: tuple[int, ...]) -> Iterator[tuple[Field, tuple[int, ...]]]:
    """Yield the fields every packet varies in, whether a rule names them or not.

    Marks and the type of service come with no bit and with every bit: a step that sets, clears,
    keeps or flips single bits is known for every value from these two.
    """
    echo = ICMP if family == "ip" else ICMP6
    yield VIA, vias
    yield c.PROTO, (TCP, UDP, echo, 47, 132, 33)
    yield c.IIF, (name_value("nl0"), name_value("nl1"))
    yield c.OIF, (name_value("nl2"), name_value("nl3"))
    yield FRAGMENT, (0, 1, 2)
    yield c.MARK, (0, c.full(4), 0x5A5A)
    yield ("th", 0, 2), (40000, 2048, 53)
    yield ("th", 2, 2), (9, 443, 0)
    yield ("th", 13, 1), (2, 0x12, 0x10)
    other = bytes([203, 0, 113, 77]) if family == "ip" else bytes.fromhex("20010db8" + "77" * 12)
    source, dest = (("nh", 12, 4), ("nh", 16, 4)) if family == "ip" else _V6_ADDRESSES
    yield source, (_int(SADDR[family]), _int(other))
    yield dest, (_int(DADDR[family]), _int(other))
    if family == "ip":
        yield from ((("nh", 1, 1), (0, 0xFF, 0x28, 1)), (("nh", 8, 1), (64, 255, 3, 2)))
    else:
        yield from ((("nh", 7, 1), (64, 255, 3, 2)), (EXTENSION, (0, 1, 2)))
        yield ("nh", 0, 4), (6 << 28, 6 << 28 | 0xFF << 20)
    yield c.LENGTH, (100, 101)
    yield c.PKTTYPE, (0, 1, 2)


_V6_ADDRESSES = (("nh", 8, 16), ("nh", 24, 16))


def _int(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _candidates(condition: Condition, family: str) -> Iterator[int]:
    """Yield the values a condition names and their neighbours."""
    field = condition.field
    if field in (c.CT_STATE, c.CT_DIRECTION, c.CT_STATUS):
        return
    if field in NAMES:
        for alt in condition.alts:
            yield from map(name_value, _names(alt))
        return
    top = HIGHEST.get(field, c.full(field[2] or 1))
    plain = _plain(field, family)
    for alt in condition.alts:
        for value in _edges(alt, plain, top):
            if 0 <= value <= top:
                yield value


def _names(alt: Alt) -> Iterator[str]:
    """Yield the named interface and names that are nearly it."""
    name = value_name(alt[1])
    if not name:
        return
    if alt[0] & 0xFF:
        yield from (name, name[:-1] + ("1" if name[-1] != "1" else "2"))
    else:
        yield from (f"{name}0", f"{name}-x9", name)
    yield from (near for near in (name[:-1], f"{name}7") if near)
    yield f"q{name[1:]}"


def _edges(alt: Alt, plain: int, top: int) -> Iterator[int]:
    mask, low, high = alt
    unit = mask & -mask if mask else 1
    rest = plain & ~mask & top
    yield from (low | rest, high | rest, low - unit, high + unit, (low + high) // 2)
    if mask != top:
        yield low | (~mask & top)
        yield high | (~mask & top)
        yield (high | (~mask & top)) + 1
        yield (low & mask) - 1
    bits = [1 << n for n in range(mask.bit_length()) if mask >> n & 1]
    if low == high and len(bits) <= 16:
        yield from (low ^ bit | rest for bit in bits)
    elif low == high:
        yield from (low ^ bits[0] | rest, low ^ bits[-1] | rest, low ^ bits[len(bits) // 2] | rest)
    if mask != top and low == high and len(bits) <= 4:
        yield from (
            sum(bit for n, bit in enumerate(bits) if k >> n & 1) | rest
            for k in range(1 << len(bits))
        )


def _plain(field: Field, family: str) -> int:
    """Return what a packet has in this field where nothing else is asked for."""
    packet = build(family, {})
    kind, offset, width = field
    start = {"nh": 0, "th": 20 if family == "ip" else 40}.get(kind)
    return _int(packet[start + offset : start + offset + width]) if start is not None else 0


def _bases(rule: Conditions, pool: dict[Field, tuple[int, ...]]) -> Iterator[dict[Field, int]]:
    """Yield assignments that the rule should match: one for each joint choice it offers."""
    plain = {field: candidates[0] for field, candidates in pool.items()}
    by_field: dict[Field, list[Condition]] = {}
    for condition in rule.conditions:
        by_field.setdefault(condition.field, []).append(condition)
    for field, asked in by_field.items():
        meeting = (v for v in pool[field] if all(one.holds(v) for one in asked))
        plain[field] = next(meeting, plain[field])
    for field in by_field.keys() & {("th", 0, 2), ("th", 2, 2)}:
        del field
        if c.PROTO not in by_field:
            plain[c.PROTO] = UDP
    yield _consistent(plain, by_field)
    for hint in rule.hints[:MAX_BASES]:
        yield _consistent(plain | dict(hint), by_field)


def _shortest(asked: Mapping[Field, Sequence[Condition]]) -> int:
    """Return the least length that is asked for, or not to be."""
    return min((alt[1] for one in asked.get(c.LENGTH, ()) for alt in one.alts), default=SHORT)


def _consistent(
    base: dict[Field, int], asked: Mapping[Field, Sequence[Condition]]
) -> dict[Field, int]:
    """Drop transport fields that the protocol does not have, unless the rule asks for them."""
    protocol = base[c.PROTO]
    dropped = set()
    if protocol not in _PORTS:
        dropped |= {("th", 0, 2), ("th", 2, 2)}
    if protocol != TCP:
        dropped.add(("th", 13, 1))
    if c.PROTO not in asked and _shortest(asked) < SHORT:
        base = base | {c.PROTO: BARE}
        dropped |= {field for field in base if field[0] == "th"}
    return {f: v for f, v in base.items() if f not in dropped or f in asked}
