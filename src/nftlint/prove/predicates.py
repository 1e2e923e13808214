"""The predicates of a rule's normal form, as conditions on fields."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable

from nftlint.prove.asked import Pred, Step
from nftlint.prove.conditions import Alt, Condition, depends, depends_on_kind
from nftlint.prove.fields import (
    CT_STATE,
    CT_STATUS,
    FIB_ADDRESS_TYPE,
    FIB_INTERFACE,
    IIF,
    MSS,
    MSS_SOURCE,
    Field,
    full,
    name_value,
    named,
)
from nftlint.prove.registers import CONSTANT, Byte

# Where the fields of a header begin, in bytes: the network header's by family, the transport
# header's by protocol.
CUTS = {"ip": (0, 1, 2, 4, 6, 8, 9, 10, 12, 16, 20), "ip6": (0, 4, 6, 7, 8, 24, 40)}
TH_CUTS = {
    1: (0, 1, 2, 4, 6, 8),
    17: (0, 2, 4, 6, 8),
    33: (0, 2, 4, 5, 6, 8, 9, 12),
    50: (0, 4, 8),
    51: (0, 1, 2, 4, 8, 12),
    58: (0, 1, 2, 4, 6, 8),
    132: (0, 2, 4, 8, 12, 13, 14, 16),
    136: (0, 2, 4, 6, 8),
}
TCP_CUTS = (0, 2, 4, 8, 12, 13, 14, 16, 18, 20)
# Bytes that a key fills; one that is not here fills four.
WIDTHS = {"meta": {6: 16, 7: 16, 16: 1, 19: 1, 15: 1, 31: 1, 8: 2, 9: 2, 1: 2}, "ct": {1: 1}}
BIT_SETS = (CT_STATE, CT_STATUS)


class Reader:
    """Turns the predicates of one rule's normal form into conditions."""

    __slots__ = ("cuts", "family", "found", "hints", "unclear")

    def __init__(self, family: str, protocol: int | None) -> None:
        self.family = family
        self.cuts = {
            "nh": CUTS[family],
            "th": TH_CUTS.get(protocol or 6, TCP_CUTS),
            "ll": (0, 6, 12, 14),
        }
        self.found: list[Condition] = []
        self.hints: list[tuple[tuple[Field, int], ...]] = []
        self.unclear: list[str] = []

    def read(self, preds: frozenset[Pred]) -> None:
        """Read one stretch of predicates."""
        exact: list[tuple[Byte, int]] = []
        for pred in sorted(preds, key=repr):
            match pred:
                case ("is", (source, index), int(mask), int(value)):
                    exact.append((Byte(source, index, mask), value))
                case ("not", frozenset(wanted)):
                    pairs = [(Byte(s, i, mask), value) for (s, i), (mask, value) in wanted]
                    self._bits(pairs, negated=True)
                case ("between", tuple(value), int(low), int(high)):
                    self._interval(value, low, high, negated=False)
                case ("outside", tuple(value), int(low), int(high)):
                    self._interval(value, low, high, negated=True)
                case ("in", tuple(value), bool(inverted), frozenset(elements)):
                    self._elements(value, sorted(elements), negated=inverted)
                case ("need", *_) | ("has", *_):
                    pass
                case _:
                    self.unclear.append(str(pred[0]))
        self._bits(exact, negated=False)

    def _bits(self, wanted: list[tuple[Byte, int]], *, negated: bool) -> None:
        """Read equalities of single bytes, put together to whole fields."""
        fields = put_together(self._kind_of_address(wanted), self.field)
        if negated and len(fields) > 1:
            self.unclear.append("several fields negated together")
        for field, (mask, value) in fields.items():
            self.found.append(
                _flags_or_value(named(field, self.family), mask, value, negated=negated)
            )

    def _interval(self, value: tuple[Byte, ...], low: int, high: int, *, negated: bool) -> None:
        field, shift = self.field(value[-1])
        if shift != 0 or any(byte.mask != 0xFF or byte.xor for byte in value):
            self.unclear.append("a range over part of a field")
            return
        where = named(field, self.family)
        self.found.append(Condition(where, ((full(field[2]), low, high),), negated))

    def _elements(
        self, value: tuple[Byte, ...], elements: list[tuple[bytes, bytes]], *, negated: bool
    ) -> None:
        """Read a set lookup; a concatenation is a condition on each field, and a joint hint."""
        if any(byte.source[0] == "fib" for byte in value):
            self._kind_of_address([(byte, 0) for byte in value])
            return
        parts = self._parts(value)
        alternatives: dict[Field, list[Alt]] = {field: [] for field, _ in parts}
        for low, high in elements:
            if not low:
                for field, alts in alternatives.items():
                    alts.append((full(field[2]), 0, full(field[2])))
                continue
            hint = []
            for field, places in parts:
                mask, bottom, top = _alternative(value, places, low, high)
                alternatives[field].append((mask, bottom, top))
                hint.append((named(field, self.family), bottom))
            self.hints.append(tuple(hint))
        if negated and len(parts) > 1:
            self.unclear.append("a concatenation negated")
        for field, alts in alternatives.items():
            where = named(field, self.family)
            self.found.append(Condition(where, tuple(dict.fromkeys(alts)), negated))

    def read_map(self, step: Step) -> None:
        """Read the keys of a verdict map: a packet with none of them is no match."""
        _, value, elements = step
        keys = sorted((low, high) for low, high, _ in elements)
        self._elements(value, keys, negated=False)

    def _parts(self, value: tuple[Byte, ...]) -> list[tuple[Field, list[tuple[int, int]]]]:
        """Return the fields in a register value, each with its bytes' places there and in it."""
        parts: dict[Field, list[tuple[int, int]]] = {}
        for place, byte in enumerate(value):
            if byte.source != CONSTANT:
                field, shift = self.field(byte)
                parts.setdefault(field, []).append((place, shift))
        return list(parts.items())

    def _kind_of_address(self, wanted: list[tuple[Byte, int]]) -> list[tuple[Byte, int]]:
        """Take out what is asked of the routing table; it is a question to the address."""
        for byte, _ in wanted:
            if byte.source[0] == "fib":
                self._fib(byte)
        return [(byte, value) for byte, value in wanted if byte.source[0] != "fib"]

    def _fib(self, byte: Byte) -> None:
        result, flags = int(byte.source[1]), int(byte.source[2])
        found = depends_on_kind(self.family, source=bool(flags & 1))
        if result == FIB_INTERFACE and flags & 8:
            found = depends(IIF, name_value("nl2"), name_value("nl0"))
        elif result != FIB_ADDRESS_TYPE or flags & ~3:
            self.unclear.append("fib of an interface")
        elif found not in self.found:
            self.found.append(found)

    def field(self, byte: Byte) -> tuple[Field, int]:
        """Return the field a byte belongs to, and its place in it as a shift in bits."""
        kind = byte.source[0]
        if byte.source == MSS_SOURCE and byte.index in (2, 3):
            return MSS, 8 * (3 - byte.index)
        if kind in self.cuts:
            return _cut(kind, byte.index, self.cuts[kind])
        if kind not in WIDTHS:
            self.unclear.append(kind)
            return (kind, 0, 16), 0
        key = int(byte.source[1])
        width = WIDTHS[kind].get(key, 4)
        place = width - 1 - byte.index if width == 16 else in_number(byte.index, width)
        return (kind, key, width), 8 * place


def in_number(index: int, width: int) -> int:
    """Return the place, from the lowest, of a byte of a number that the kernel keeps as its own."""
    return index if sys.byteorder == "little" else width - 1 - index


def put_together(
    wanted: Iterable[tuple[Byte, int]], place: Callable[[Byte], tuple[Field, int]]
) -> dict[Field, tuple[int, int]]:
    """Return equalities of single bytes as a mask and a value for each field.

    ``place`` tells the field of a byte, and its place in it as a shift in bits.
    """
    fields: dict[Field, tuple[int, int]] = {}
    for byte, value in wanted:
        field, shift = place(byte)
        mask, held = fields.get(field, (0, 0))
        fields[field] = (mask | byte.mask << shift, held | value << shift)
    return fields


def _cut(kind: str, index: int, cuts: tuple[int, ...]) -> tuple[Field, int]:
    after = next((cut for cut in cuts if cut > index), None)
    if after is None:
        return (kind, index, 1), 0
    before = cuts[cuts.index(after) - 1]
    return (kind, before, after - before), 8 * (after - 1 - index)


def _alternative(
    value: tuple[Byte, ...], places: list[tuple[int, int]], low: bytes, high: bytes
) -> Alt:
    """Return one element's share in one field."""
    mask, bottom, top = (
        sum(data[place] << shift for place, shift in places)
        for data in ([byte.mask for byte in value], low, high)
    )
    return mask, bottom, top


def _flags_or_value(field: Field, mask: int, value: int, *, negated: bool) -> Condition:
    """Return a masked comparison; with nothing of several flags, as none of each."""
    if field in BIT_SETS and value == 0:
        bits = [1 << n for n in range(32) if mask >> n & 1]
        return Condition(field, tuple((bit, bit, bit) for bit in bits), not negated)
    return Condition(field, ((mask, value, value),), negated)
