"""The readers up to 1.8.8: what was loaded is kept in flags, and outlasts its comparison.

Each comparison is taken for one with whatever the flags say was loaded, so an address can be read
out of the number of a protocol (1.8.8), or out of a set that was passed over (up to 1.8.7).
"""

from __future__ import annotations

from collections.abc import Mapping

from nftlint.readings.command import Command, Target
from nftlint.readings.facts import Behaviour
from nftlint.readings.netlink import (
    Bitwise,
    Cmp,
    Expr,
    Immediate,
    InRange,
    Load,
    Meta,
    MetaSet,
    Shift,
    Store,
)
from nftlint.readings.packets import (
    MASK_SIZE,
    PORTED,
    Compared,
    read_meta,
    read_network,
    read_port_range,
    read_ports,
)
from nftlint.record import dataclass, field

BASE_NUMBERS = {"ll": 0, "nh": 1, "th": 2, "ih": 3}


@dataclass(slots=True)
class FlagReader:
    """The state of reading one rule."""

    command: Command
    behaviour: Behaviour
    interfaces: Mapping[int, str]
    register: int = 0
    flags: set[str] = field(default_factory=set)
    payload: tuple[str, int, int] = ("", 0, 0)
    key: str = ""
    mask: bytearray = field(default_factory=lambda: bytearray(MASK_SIZE))
    immediate: tuple[bytes, int] = (b"", 0)

    def read(self, expr: Expr) -> None:
        """Take in one expression; what is unknown is passed over without a word."""
        match expr:
            case Load(base, offset, length, register):
                self._loaded((base, offset, length), register)
            case Store(base, offset, length):
                self._loaded((base, offset, length), 0)
            case Meta(key, register):
                self.key, self.register = key, register
                self.flags.add("meta")
            case MetaSet(key, register):
                self._set_meta(key, register)
            case Bitwise(mask, _, register):
                self._masked(mask, register)
            case Shift(register=register):
                self._masked(b"", register)
            case Immediate(data, register):
                self.immediate = (data, register)
                self.flags.add("immediate")
            case Cmp():
                self._compare(expr)
            case InRange():
                self._range(expr)
            case _:
                pass

    def _loaded(self, payload: tuple[str, int, int], register: int) -> None:
        by_base = self.behaviour.payload_register == "base"
        self.register = BASE_NUMBERS[payload[0]] if by_base else register
        self.payload = payload
        self.flags.add("payload")

    def _set_meta(self, key: str, register: int) -> None:
        self.key = key
        if "immediate" in self.flags and self.immediate[1] == register:
            self.flags.discard("immediate")
            if key == "nftrace" and any(self.immediate[0]):
                self.command.target = Target("TRACE", effect=("trace",))
                self.command.jump = "TRACE"
            return
        self.register = 0
        self.flags.add("meta")

    def _masked(self, mask: bytes, register: int) -> None:
        if self.register and register != self.register:
            return
        if self.behaviour.payload_register != "base":
            self.register = register
        self.mask[: len(mask)] = mask
        self.flags.add("bitwise")

    def _compare(self, expr: Cmp) -> None:
        if self.register and expr.register != self.register:
            return
        if "meta" in self.flags:
            self._compare_meta(expr)
            self.flags.discard("meta")
        if "payload" in self.flags:
            self._compare_payload(expr)
            if not self.behaviour.payload_outlasts:
                self.flags.discard("payload")

    def _compared(self, expr: Cmp) -> Compared:
        mask = bytes(self.mask) if "bitwise" in self.flags else None
        return Compared(expr.op, expr.data, self.payload[1], self.payload[2], mask)

    def _compare_meta(self, expr: Cmp) -> None:
        known = read_meta(self.command, self.key, self._compared(expr), self)
        if known and self.key == "mark":
            self.flags.discard("bitwise")

    def _compare_payload(self, expr: Cmp) -> None:
        base, offset, _ = self.payload
        compared = self._compared(expr)
        if self.behaviour.payload_register == "base" or base == "nh":
            # Older ones do not look at the base: what lies at that offset of *any* header.
            if read_network(self.command, compared, self.behaviour) in _TAKES_MASK:
                self.flags.discard("bitwise")
        elif base == "th":
            protocol = PORTED.get(self.command.protocol)
            if offset == 13 and protocol == "tcp" and len(expr.data) == 1:
                self.flags.discard("bitwise")
            if protocol:
                read_ports(self.command, protocol, compared)

    def _range(self, expr: InRange) -> None:
        protocol = PORTED.get(self.command.protocol)
        if expr.register != self.register or "payload" not in self.flags:
            return
        if self.payload[0] == "th" and protocol:
            read_port_range(self.command, protocol, self.payload[1], expr)


_TAKES_MASK = frozenset({"source", "destination", "fragment"})
