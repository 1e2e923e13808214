"""The readers from 1.8.9 on: what was loaded is kept by register; what is unknown is an error."""

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
    read_hops,
    read_icmp,
    read_meta,
    read_network,
    read_port_range,
    read_ports,
)
from nftlint.record import dataclass, field

FAMILIES = {"ip": "ipv4", "ip6": "ipv6"}


@dataclass(slots=True)
class Register:
    """What a register holds: ``kind`` is ``""``, ``payload``, ``meta`` or ``immediate``."""

    kind: str = ""
    payload: tuple[str, int, int] = ("", 0, 0)
    key: str = ""
    data: bytes = b""
    masked: bool = False
    mask: bytearray = field(default_factory=lambda: bytearray(MASK_SIZE))


@dataclass(slots=True)
class RegisterReader:
    """The state of reading one rule."""

    command: Command
    behaviour: Behaviour
    interfaces: Mapping[int, str]
    registers: dict[int, Register] = field(default_factory=dict)

    def read(self, expr: Expr) -> None:
        """Take in one expression; complaints go to the command's errors."""
        match expr:
            case Load(base, offset, length, register):
                self._fill(register, "payload").payload = (base, offset, length)
            case Store(base, offset, length):
                self._fill(0, "payload").payload = (base, offset, length)
            case Meta(key, register):
                self._fill(register, "meta").key = key
            case Immediate(data, register):
                self._fill(register, "immediate").data = data
            case MetaSet(key, register):
                self._set_meta(key, self._register(register))
            case Bitwise(mask, _, register):
                self._mask(self._register(register), mask)
            case Shift(register=register):
                self._register(register).masked = True
            case Cmp():
                self._compare(expr, self._register(expr.register))
            case InRange():
                self._range(expr, self._register(expr.register))
            case _:
                pass

    def _register(self, number: int) -> Register:
        """Return a register; numbers from 8 on are of 4 bytes, below of 16."""
        place = number - 8 if number >= 8 else 4 * (number - 1) + 1 if number else 0
        return self.registers.setdefault(place, Register())

    def _fill(self, number: int, kind: str) -> Register:
        register = self._register(number)
        register.kind, register.masked = kind, False
        return register

    def _mask(self, register: Register, mask: bytes) -> None:
        register.mask[: len(mask)] = mask
        register.masked = True

    def _complain(self, message: str) -> None:
        if message:
            self.command.errors.append(message)

    def _set_meta(self, key: str, register: Register) -> None:
        newer = "mark" in self.behaviour.targets
        if key == "nftrace" and register.kind != "immediate":
            self._complain(
                "meta sreg is not an immediate" if newer else "meta nftrace but reg not immediate"
            )
        elif key == "nftrace" and not any(register.data):
            self._complain("meta sreg immediate is 0" if newer else "trace is cleared")
        elif key == "nftrace":
            self._aim(Target("TRACE", effect=("trace",)))
        elif key == "mark" and newer:
            self._set_mark(register)
        else:
            self._complain("meta sreg key not supported")

    def _set_mark(self, register: Register) -> None:
        if register.kind != "immediate":
            self._complain("meta sreg is not an immediate")
            return
        value = int.from_bytes(register.data[:4], "little")
        options = ("--set-xmark", f"{value:#x}/0xffffffff")
        self._aim(Target("MARK", options, ("mark", value)))

    def _aim(self, target: Target) -> None:
        self.command.target, self.command.jump = target, target.name

    def _compare(self, expr: Cmp, register: Register) -> None:
        base, offset, length = register.payload
        mask = bytes(register.mask) if register.masked else None
        compared = Compared(expr.op, expr.data, offset, length, mask)
        match register.kind:
            case "":
                self._complain("cmp sreg undef")
            case "immediate":
                self._complain("cmp sreg has unknown type")
            case "meta":
                self._compare_meta(register.key, compared)
            case _ if base == "nh":
                self._compare_network(compared)
            case _ if base == "th":
                self._compare_transport(compared)

    def _compare_meta(self, key: str, compared: Compared) -> None:
        if not read_meta(self.command, key, compared, self):
            self._complain(f"unknown {FAMILIES[self.command.family]} meta key")

    def _compare_network(self, compared: Compared) -> None:
        kind = read_network(self.command, compared, self.behaviour)
        falls_through = kind == "protocol" and self.command.family == "ip6"
        if kind == "hops" or falls_through:
            # In the reader of IPv6 the case of the next header has no end: it is a hop limit too.
            self._complain(read_hops(self.command, compared))
        elif kind is None:
            self._complain("unknown payload offset")

    def _compare_transport(self, compared: Compared) -> None:
        match self.command.protocol:
            case 6 | 17 as protocol:
                read_ports(self.command, PORTED[protocol], compared)
            case 1 | 58:
                self._complain(read_icmp(self.command, compared))
            case _:
                self._complain("unsupported layer 4 protocol value")

    def _range(self, expr: InRange, register: Register) -> None:
        base, offset, _ = register.payload
        protocol = PORTED.get(self.command.protocol)
        if register.kind == "":
            self._complain("range sreg undef")
        elif register.kind != "payload":
            self._complain("range sreg type unsupported")
        elif base != "th":
            self._complain("range with unknown payload base")
        elif protocol:
            read_port_range(self.command, protocol, offset, expr)
