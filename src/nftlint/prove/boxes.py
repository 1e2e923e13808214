"""A rule as what it asks and what it does, in order, exactly: the ground of comparing by logic.

A question is a *literal*: one of some boxes holds, or none of them does; a box bounds fields. What
cannot be said exactly so is refused with a reason: unlike ``conditions``, which only chooses
packets by what it reads, this decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from nftlint.prove import fields as f
from nftlint.prove.conditions import Condition
from nftlint.prove.fields import Field
from nftlint.prove.normal import Pred, Step, normal
from nftlint.prove.packet import FIXED_HEADER
from nftlint.prove.predicates import Reader, in_number, put_together
from nftlint.prove.read_rule import protocol_of
from nftlint.prove.registers import CONSTANT, Byte
from nftlint.prove.ruleset import Rule, Sets
from nftlint.prove.xt.exact import exact
from nftlint.record import dataclass

Bound = tuple[Field, int, int, int]
"""``low <= field & mask <= high``, as (field, mask, low, high)."""
Box = frozenset[Bound]


@dataclass(frozen=True, slots=True)
class Literal:
    """One of the boxes holds, or with ``negated`` none of them does."""

    boxes: frozenset[Box]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A verdict map: the verdict of the one box that holds; the rule ends where none does."""

    ways: tuple[tuple[Box, Step], ...]


@dataclass(frozen=True, slots=True)
class Memory:
    """A step that lets a packet go on or not, by what it remembers; ``at`` tells them apart."""

    step: Step
    at: int


Item = Literal | Choice | Memory | Step
BRANCHING = frozenset({"limit", "quota", "connlimit", "match"})
NEVER = Literal(frozenset())
MOST_STEPS, LOOPBACK = 1000, 1
# The same packets have them: the device by number and by name, the user and the group.
_TOGETHER = {4: "in", 6: "in", 5: "out", 7: "out", 10: "sk", 11: "sk"}
REACH = "reach"
_STATE = ("ct", "0", "")


class Inexact(Exception):  # noqa: N818 - an outcome of reading, caught where rules are compared
    """Something of a rule that is not known exactly; the argument says what."""


def items(rule: Rule, sets: Sets, *, at: int) -> tuple[tuple[Item, ...], list[bytes]]:
    """Return a rule in order, and the x_tables matches whose meaning was taken from their bytes.

    Raises Inexact.
    """
    steps = normal(rule, sets)
    reader = Reader(rule.family, protocol_of(rule.family, steps))
    found: list[Item] = []
    believed: list[bytes] = []
    for step in steps:
        if step[0] == "raw":
            raise Inexact(str(step[1]))
        if step[0] == "if":
            found += (_possible(rule.family, one) for one in _literals(reader, step[1]))
        elif step[0] == "vmap":
            found.append(_choice(reader, step))
        elif step[0] == "match" and (known := exact(rule.family, step[1])) is not None:
            said = [_possible(rule.family, _from_condition(one)) for one in known]
            found += said
            settled = NEVER in said or not any(one.boxes for one in said)
            believed += [] if settled else [step[1]]
        elif step[0] in BRANCHING:
            found.append(Memory(step, at * MOST_STEPS + len(found)))
        else:
            found.append(step)
    return tuple(found), believed


def _from_condition(condition: Condition) -> Literal:
    field = condition.field
    boxes = frozenset(frozenset({(field, *alt)}) for alt in condition.alts)
    return Literal(boxes, condition.negated)


def _possible(family: str, literal: Literal) -> Literal:
    """Return a literal without boxes for packets shorter than their own fixed header."""
    shortest = FIXED_HEADER[family]
    boxes = (
        box for box in literal.boxes if not any(b[0] == f.LENGTH and b[3] < shortest for b in box)
    )
    return Literal(frozenset(boxes), literal.negated)


def _literals(reader: Reader, preds: frozenset[Pred]) -> Iterator[Literal]:
    """Read one stretch; equalities of bytes are put together to fields."""
    exactly: list[tuple[Byte, int]] = []
    for pred in sorted(preds, key=repr):
        match pred:
            case ("never",):
                yield NEVER
            case ("is", (source, index), int(mask), int(value)):
                exactly.append((Byte(source, index, mask), value))
            case ("not", frozenset(wanted)):
                pairs = [(Byte(s, i, mask), value) for (s, i), (mask, value) in wanted]
                yield Literal(frozenset({_equal(reader, pairs)}), negated=True)
            case ("between" | "outside" as kind, tuple(value), int(low), int(high)):
                size = len(value)
                ends = low.to_bytes(size, "big"), high.to_bytes(size, "big")
                yield Literal(frozenset({_element(reader, value, *ends)}), kind == "outside")
            case ("in", tuple(value), bool(inverted), frozenset(elements)):
                boxes = frozenset(_element(reader, value, *ends) for ends in elements)
                yield Literal(boxes, inverted)
            case ("need", base, int(extent)):
                yield _one((REACH, ("ll", "nh", "th").index(base), 2), extent, 0xFFFF)
            case ("has", *source):
                yield from _held(tuple(source))
            case _:
                raise Inexact(str(pred[0]))
    for bound in sorted(_equal(reader, exactly)):
        yield Literal(frozenset({frozenset({bound})}))


def _one(field: Field, low: int, high: int) -> Literal:
    return Literal(frozenset({frozenset({(field, f.full(field[2]), low, high)})}))


def _held(source: tuple[object, ...]) -> Iterator[Literal]:
    """Yield the question whether there is such a thing at all; every packet has a state.

    All else that conntrack knows is there if there is a flow (``nft_ct_get_eval``).
    """
    if source == _STATE:
        return
    name = repr(source)
    if source[0] == "ct":
        name = "ct"
    elif source[0] == "meta":
        name = next((_TOGETHER[key] for key in source[1:] if key in _TOGETHER), name)
    yield _one(f.held(name), 1, 1)


def _field(reader: Reader, byte: Byte) -> tuple[Field, int]:
    """Return the field a byte belongs to, and its place in it as a shift in bits."""
    if byte.source[0] == "fib":
        result, flags = int(byte.source[1]), int(byte.source[2])
        return f.fib(result, flags), 8 * in_number(byte.index, 4)
    before = len(reader.unclear)
    field, shift = reader.field(byte)
    if len(reader.unclear) > before:
        raise Inexact(reader.unclear[-1])
    return f.surely_named(field, reader.family), shift


def _equal(reader: Reader, wanted: list[tuple[Byte, int]]) -> Box:
    """Return equalities of single bytes as bounds on whole fields."""
    fields = put_together(wanted, partial(_field, reader))
    return frozenset(
        _device((field, mask, value, value)) for field, (mask, value) in fields.items()
    )


def _device(bound: Bound) -> Bound:
    """Return a bound on the index of the loopback device, which is always 1, as one on its name.

    Another device may come back under another number: there the two are not the same question.
    """
    field, mask, low, high = bound
    if field not in (f.IIF_INDEX, f.OIF_INDEX):
        return bound
    if (mask, low, high) != (f.full(4), LOOPBACK, LOOPBACK):
        raise Inexact("an interface by its number")
    name = f.name_value("lo")
    return (f.IIF if field == f.IIF_INDEX else f.OIF, f.full(16), name, name)


def _element(reader: Reader, value: tuple[Byte, ...], low: bytes, high: bytes) -> Box:
    """Return what an element of a set, or a range, says of the fields in a register."""
    if len(low) != len(value) or len(high) != len(value):
        raise Inexact("an element of another length")
    parts: dict[Field, list[tuple[int, int]]] = {}
    for place, byte in enumerate(value):
        if byte.source == CONSTANT:
            if not low[place] <= byte.xor <= high[place] or low[place] != high[place]:
                raise Inexact("a constant in a register")
            continue
        if byte.xor:
            raise Inexact("an altered register")
        field, shift = _field(reader, byte)
        parts.setdefault(field, []).append((shift, place))
    if len(parts) > 1 and low != high:
        raise Inexact("a range over several fields")
    return frozenset(_bound(field, value, places, low, high) for field, places in parts.items())


def _bound(
    field: Field, value: Sequence[Byte], places: list[tuple[int, int]], low: bytes, high: bytes
) -> Bound:
    """Return one field's bound; its bytes may stand in either order if it is not a range."""
    width = field[2] or 1
    if len({shift for shift, _ in places}) != len(places):
        raise Inexact("a part of a field twice")
    if field in (f.IIF_INDEX, f.OIF_INDEX):
        raise Inexact("an interface by its number")
    mask, first, last = (
        sum(data[place] << shift for shift, place in places)
        for data in ([byte.mask for byte in value], low, high)
    )
    ordered = [shift for shift, _ in places] == sorted((s for s, _ in places), reverse=True)
    if first != last and not (ordered and mask == f.full(width)):
        raise Inexact("a range over part of a field")
    return field, mask, first, last


def _choice(reader: Reader, step: Step) -> Choice:
    """Read a verdict map without an element for all others."""
    _, value, elements = step
    ways = []
    for low, high, verdict in sorted(elements):
        if not low:
            raise Inexact("a verdict for all others")
        ways.append((_element(reader, value, low, high), ("verdict", *verdict)))
    return Choice(tuple(ways))
