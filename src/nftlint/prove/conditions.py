"""What a rule asks of a packet, field by field: the source of the packets that try it.

Nothing here decides whether two rules are equal; the kernel does. A condition misread here means
a worse choice of packets, which the coverage that is demanded afterwards would show.
"""

from __future__ import annotations

import ipaddress
import sys

from nftlint.prove.normal import Pred, Step
from nftlint.prove.registers import Byte
from nftlint.record import dataclass

Field = tuple[str, int, int]
Alt = tuple[int, int, int]

PROTO: Field = ("proto", 0, 0)
IIF: Field = ("iif", 0, 16)
OIF: Field = ("oif", 0, 16)
SPORT: Field = ("th", 0, 2)
DPORT: Field = ("th", 2, 2)
MARK: Field = ("meta", 3, 4)
LENGTH: Field = ("meta", 0, 4)
MSS: Field = ("mss", 0, 2)
SKUID: Field = ("meta", 10, 4)
SKGID: Field = ("meta", 11, 4)
PKTTYPE: Field = ("meta", 19, 1)
IIF_INDEX: Field = ("meta", 4, 4)
OIF_INDEX: Field = ("meta", 5, 4)
CT_STATE: Field = ("ct", 0, 4)
CT_DIRECTION: Field = ("ct", 1, 1)
CT_STATUS: Field = ("ct", 2, 4)
CT_MARK: Field = ("ct", 3, 4)
_NAMED = {
    ("nh", 9, 1, "ip"): PROTO,
    ("meta", 16, 1, "ip6"): PROTO,
    ("meta", 6, 16, "ip"): IIF,
    ("meta", 6, 16, "ip6"): IIF,
    ("meta", 7, 16, "ip"): OIF,
    ("meta", 7, 16, "ip6"): OIF,
    ("nh", 2, 2, "ip"): LENGTH,
    # What follows IPv6's fixed header is the protocol, unless an extension header stands between.
    ("nh", 6, 1, "ip6"): PROTO,
}
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
WIDTHS = {"meta": {6: 16, 7: 16, 16: 1, 19: 1, 15: 1, 31: 1, 8: 2, 9: 2, 1: 2}, "ct": {1: 1}}
FIB_INTERFACE, FIB_ADDRESS_TYPE = 1, 3
# The size in TCP's option 2: operation 1 is the TCP options, flag 0 reads the value.
MSS_SOURCES = {("exthdr", "1", "2", "0")}
BIT_SETS = (CT_STATE, CT_STATUS)


@dataclass(frozen=True, slots=True)
class Condition:
    """A field has one of several values: ``low <= value & mask <= high`` for an alternative.

    An ``open`` condition is known to depend on the field, but not how: its alternatives are
    values worth trying.
    """

    field: Field
    alts: tuple[Alt, ...]
    negated: bool = False
    open: bool = False

    def holds(self, value: int) -> bool:
        """Tell whether ``value`` meets the condition, as far as can be known."""
        if self.open:
            return True
        found = any(low <= value & mask <= high for mask, low, high in self.alts)
        return found != self.negated


@dataclass(frozen=True, slots=True)
class Conditions:
    """All that one rule asks, joint choices of several fields, and what was not understood.

    ``late`` says that something is asked after something was done, ``header`` that the transport
    header is read.
    """

    family: str
    conditions: tuple[Condition, ...]
    actions: tuple[Step, ...]
    hints: tuple[tuple[tuple[Field, int], ...], ...] = ()
    unclear: tuple[str, ...] = ()
    late: bool = False
    header: bool = False


def full(width: int) -> int:
    """Return the mask of a field ``width`` bytes wide."""
    return (1 << 8 * width) - 1


def equals(field: Field, *values: int, negated: bool = False) -> Condition:
    """Return the condition that a field has one of these values."""
    mask = full(field[2] or 1)
    return Condition(field, tuple((mask, value, value) for value in values), negated)


def depends(field: Field, *values: int) -> Condition:
    """Return the open condition that depends on a field, and values to try."""
    mask = full(field[2])
    return Condition(field, tuple((mask, value, value) for value in values), open=True)


def depends_on_kind(family: str, *, source: bool) -> Condition:
    """Return the condition on what kind of address, to this host, a packet comes from or goes to.

    The first is its own, then broadcast or none, multicast, one of elsewhere.
    """
    texts = _KINDS[family]
    numbers = [int(ipaddress.ip_address(text)) for text in texts]
    return depends(ADDRESSES[family][0 if source else 1], *numbers)


ADDRESSES: dict[str, tuple[Field, Field]] = {
    "ip": (("nh", 12, 4), ("nh", 16, 4)),
    "ip6": (("nh", 8, 16), ("nh", 24, 16)),
}
_KINDS = {
    "ip": ("127.0.0.1", "255.255.255.255", "224.0.0.1", "198.18.0.9"),
    "ip6": ("::1", "ff02::1", "2001:db8:9::9"),
}


def within(field: Field, low: int, high: int, *, negated: bool = False) -> Condition:
    """Return the condition that a field lies between two values, both included."""
    return Condition(field, ((full(field[2] or 1), low, high),), negated)


def name_value(name: str) -> int:
    """Return an interface name as the kernel's 16 bytes, as a number."""
    return int.from_bytes(name.encode()[:15].ljust(16, b"\0"), "big")


def value_name(value: int) -> str:
    """Return the interface name that ``name_value`` made a number of."""
    return value.to_bytes(16, "big").rstrip(b"\0").decode(errors="replace")


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
        fields: dict[Field, tuple[int, int]] = {}
        for byte, value in self._kind_of_address(wanted):
            field, shift = self.field(byte)
            mask, held = fields.get(field, (0, 0))
            fields[field] = (mask | byte.mask << shift, held | value << shift)
        if negated and len(fields) > 1:
            self.unclear.append("several fields negated together")
        for field, (mask, value) in fields.items():
            self.found.append(_flags_or_value(named(field, self.family), mask, value, negated))

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
            if byte.source != ("const",):
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
        if byte.source in MSS_SOURCES and byte.index in (2, 3):
            return MSS, 8 * (3 - byte.index)
        if kind in self.cuts:
            return _cut(kind, byte.index, self.cuts[kind])
        if kind not in WIDTHS:
            self.unclear.append(kind)
            return (kind, 0, 16), 0
        key = int(byte.source[1])
        width = WIDTHS[kind].get(key, 4)
        big = width == 16 or sys.byteorder == "big"
        return (kind, key, width), 8 * (width - 1 - byte.index if big else byte.index)


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


def _flags_or_value(field: Field, mask: int, value: int, negated: bool) -> Condition:  # noqa: FBT001
    """Return a masked comparison; with nothing of several flags, as none of each."""
    if field in BIT_SETS and value == 0:
        bits = [1 << n for n in range(32) if mask >> n & 1]
        return Condition(field, tuple((bit, bit, bit) for bit in bits), not negated)
    return Condition(field, ((mask, value, value),), negated)


def named(field: Field, family: str) -> Field:
    """Return the field under the one name that packets are built by."""
    return _NAMED.get((*field, family), field)
