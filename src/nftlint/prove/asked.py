"""What a rule asks of a packet, gathered while its expressions are read.

Equalities are kept bit by bit and bounds as one interval, so that how they were split into loads
and comparisons is forgotten; what is done in between cuts the questions into stretches.
"""

from __future__ import annotations

from typing import Any

from nftlint.prove.netlink import Attrs, attrs, number
from nftlint.prove.registers import Byte, Registers
from nftlint.prove.ruleset import Rule, Sets
from nftlint.record import dataclass, field

Bits = tuple[tuple[str, ...], int]
Pred = tuple[Any, ...]
Step = tuple[Any, ...]
META_NAMES = (6, 7)


class Unknown(Exception):  # noqa: N818 - an outcome of reading, caught in ``normal``
    """An expression, or a part of one, that is not interpreted."""


@dataclass(slots=True)
class State:
    """What has been read of a rule so far."""

    rule: Rule
    sets: Sets
    regs: Registers = field(default_factory=Registers)
    preds: set[Pred] = field(default_factory=set)
    bits: dict[Bits, tuple[int, int]] = field(default_factory=dict)
    bounds: dict[tuple[Byte, ...], tuple[int, int]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    def close(self) -> None:
        """End a stretch of predicates that may be put in any order."""
        if ("never",) in self.preds:
            self.preds = {("never",)}
        else:
            self.preds |= {("is", key, *value) for key, value in self.bits.items()}
            self.preds |= {
                ("between", key, *ends)
                for key, ends in self.bounds.items()
                if ends != everything(key)
            }
        if self.preds:
            self.steps.append(("if", frozenset(self.preds)))
        self.preds, self.bits, self.bounds = set(), {}, {}

    def act(self, *step: object) -> None:
        """Append something that is done, or that has a memory: its place in the order counts."""
        self.close()
        self.steps.append(step)


def everything(value: tuple[Byte, ...]) -> tuple[int, int]:
    """Return the bounds that say nothing."""
    return 0, (1 << 8 * len(value)) - 1


def ask_equal(state: State, value: tuple[Byte, ...], data: bytes, *, negated: bool) -> None:
    """Record an equality bit by bit, so that how it was split into loads is forgotten."""
    wanted = _as_bits(value, data)
    if wanted is None:
        state.preds |= set() if negated else {("never",)}
    elif not negated:
        _conjoin(state, wanted)
    elif not wanted:
        state.preds.add(("never",))
    elif flipped := _single_bit_flipped(wanted):
        _conjoin(state, flipped)
    else:
        state.preds.add(("not", frozenset(wanted.items())))


def _as_bits(value: tuple[Byte, ...], data: bytes) -> dict[Bits, tuple[int, int]] | None:
    """Return the wanted bits as source byte -> (mask, value); None where no packet has them."""
    wanted: dict[Bits, tuple[int, int]] = {}
    for byte, want in zip(value, data, strict=True):
        bits = want ^ byte.xor
        if bits & ~byte.mask:
            return None
        merged = _merge(wanted.get((byte.source, byte.index), (0, 0)), (byte.mask, bits))
        if merged is None:
            return None
        if merged[0]:
            wanted[byte.source, byte.index] = merged
    return wanted | _name_padding(wanted)


def _merge(one: tuple[int, int], two: tuple[int, int]) -> tuple[int, int] | None:
    """Return both demands on a byte as one; None where they contradict each other."""
    if (one[1] ^ two[1]) & one[0] & two[0]:
        return None
    return one[0] | two[0], one[1] | two[1]


def _name_padding(wanted: dict[Bits, tuple[int, int]]) -> dict[Bits, tuple[int, int]]:
    """Return the zero bytes that follow from the end of an interface name.

    The kernel fills a name register with ``strncpy``, so that after the first NUL all is NUL;
    iptables compares up to the NUL, nft all 16 bytes.
    """
    implied: dict[Bits, tuple[int, int]] = {}
    for (source, index), demand in wanted.items():
        named = source in {("meta", str(key)) for key in META_NAMES}
        if named and demand == (0xFF, 0):
            rest = [(source, i) for i in range(index + 1, 16)]
            implied |= {key: (0xFF, 0) for key in rest if key not in wanted}
    return implied


def _single_bit_flipped(wanted: dict[Bits, tuple[int, int]]) -> dict[Bits, tuple[int, int]] | None:
    """Return "this one bit is not b" as "it is the other", None where there are more bits."""
    if len(wanted) != 1:
        return None
    ((key, (mask, value)),) = wanted.items()
    return {key: (mask, value ^ mask)} if mask.bit_count() == 1 else None


def _conjoin(state: State, wanted: dict[Bits, tuple[int, int]]) -> None:
    for key, demand in wanted.items():
        merged = _merge(state.bits.get(key, (0, 0)), demand)
        if merged is None:
            state.preds.add(("never",))
        else:
            state.bits[key] = merged


def ask_between(state: State, value: tuple[Byte, ...], low: int, high: int) -> None:
    """Record ``low <= value <= high``; two bounds on the same bytes are one interval."""
    held = state.bounds.get(value, everything(value))
    both = max(low, held[0]), min(high, held[1])
    if both[0] > both[1]:
        state.preds.add(("never",))
    state.bounds[value] = both


def read(state: State, register: bytes, length: int) -> tuple[Byte, ...]:
    """Return what a register holds; raises Unknown where nothing was put in."""
    value = state.regs.read(number(register), length)
    if value is None:
        raise Unknown("register")
    return tuple(value)


def data_of(value: bytes) -> bytes:
    """Return the value in a data attribute."""
    found: Attrs = attrs(value)
    return found.get(1, b"")
