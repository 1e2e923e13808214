"""What all readers make of a comparison with a part of the packet, or a meta value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from nftlint.readings.command import Address, Command, Hops, Icmp, Interface, Mark, PktType
from nftlint.readings.facts import Behaviour
from nftlint.readings.netlink import InRange
from nftlint.record import dataclass

INVERTED_OF_UDP = {"source": 1, "destination": 2}
"""Bits that say so in the match of udp; in that of tcp its option lies there."""

MASK_SIZE = 16
"""Bytes that a reader keeps of a register's mask."""
PORTED = {6: "tcp", 17: "udp"}
OFFSETS = {
    "ip": {12: "source", 16: "destination", 9: "protocol", 6: "fragment", 8: "hops"},
    "ip6": {8: "source", 24: "destination", 6: "protocol", 7: "hops"},
}


class Reader(Protocol):
    """What a reader knows apart from the rule."""

    behaviour: Behaviour
    interfaces: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison: what was loaded and masked, and with what it is compared.

    ``mask`` is ``None`` if nothing masked it. ``data`` may be read beyond its end: zeros.
    """

    op: str
    data: bytes
    offset: int = 0
    length: int = 0
    mask: bytes | None = None

    @property
    def negated(self) -> bool:
        """Tell whether the comparison is for inequality: all other operators count as equality."""
        return self.op == "!="

    def first(self, size: int) -> bytes:
        """Return the first bytes of the data, as a copy of memory gives them."""
        return self.data[:size].ljust(size, b"\0")

    @property
    def byte(self) -> int:
        """The data as a number of one byte; 0 if it has another size."""
        return self.data[0] if len(self.data) == 1 else 0

    @property
    def word(self) -> int:
        """The data as a number of four bytes, in the host's order; 0 if it has another size."""
        return int.from_bytes(self.data, "little") if len(self.data) == 4 else 0


def read_network(command: Command, compared: Compared, behaviour: Behaviour) -> str | None:
    """Read a comparison with a part of the network header; return which kind it was."""
    kind = OFFSETS[command.family].get(compared.offset)
    match kind:
        case "source":
            _address(command.source, compared, behaviour)
        case "destination":
            _address(command.destination, compared, behaviour)
        case "protocol":
            _protocol(command, compared, compared.first(1)[0])
        case "fragment":
            command.fragment = True
            if compared.mask is not None and compared.op == "==":
                command.inverted.add("fragment")
    if kind in {"source", "destination"} and compared.negated:
        command.inverted.add(kind)
    return kind


def _address(address: Address, compared: Compared, behaviour: Behaviour) -> None:
    size = len(address.mask)
    address.value = compared.first(size)
    if compared.mask is not None:
        address.mask[:] = compared.mask[:size]
    else:
        count = min(compared.length, size) if behaviour.short_prefix else size
        address.mask[:count] = b"\xff" * count


def _protocol(command: Command, compared: Compared, number: int) -> None:
    command.protocol = number
    if compared.negated:
        command.inverted.add("protocol")


def read_meta(command: Command, key: str, compared: Compared, reading: Reader) -> bool:
    """Read a comparison with a meta value; return whether the reader knows the key."""
    behaviour = reading.behaviour
    match key:
        case "l4proto":
            _protocol(command, compared, compared.byte)
        case "iif" | "oif":
            _by_index(command, key, compared, reading.interfaces)
        case "iifname" | "ibrname" | "oifname" | "obrname":
            _by_name(command, key, compared, behaviour)
        case "mark" if "mark" in behaviour.matches:
            mask = compared.mask or b"\xff\xff\xff\xff"
            bits = int.from_bytes(mask[:4], "little")
            command.matches.append(Mark(compared.word, bits, compared.negated))
        case "pkttype" if "pkttype" in behaviour.matches:
            command.matches.append(PktType(compared.byte, compared.negated))
        case _:
            return False
    return True


def _side(command: Command, key: str, compared: Compared) -> tuple[str, Interface]:
    side = "inward" if key.startswith("i") else "outward"
    if compared.negated:
        command.inverted.add(side)
    return side, command.inward if side == "inward" else command.outward


def _by_index(
    command: Command, key: str, compared: Compared, interfaces: Mapping[int, str]
) -> None:
    _, interface = _side(command, key, compared)
    name = interfaces.get(compared.word, "")
    interface.write(name.encode().ljust(16, b"\0"), terminated=True)


def _by_name(command: Command, key: str, compared: Compared, behaviour: Behaviour) -> None:
    side, interface = _side(command, key, compared)
    newer = behaviour.context == "register"
    interface.write(compared.data, terminated=newer)
    if newer and interface.text == "INVAL/D" and side not in command.inverted:
        # How iptables itself writes "no interface at all".
        command.inverted.add(side)
        interface.write(b"+".ljust(16, b"\0"), terminated=True)


def read_ports(command: Command, protocol: str, compared: Compared) -> None:
    """Read a comparison with the ports or flags in the header of tcp or udp."""
    value = int.from_bytes(compared.data, "big")
    match compared.offset, len(compared.data):
        case 0, 2:
            _port(command, protocol, "source", compared.op, value)
        case 0, 4:
            _port(command, protocol, "source", compared.op, value >> 16)
            _port(command, protocol, "destination", compared.op, value & 0xFFFF)
        case 2, 2:
            _port(command, protocol, "destination", compared.op, value)
        case 13, 1 if protocol == "tcp":
            ports = command.ports(protocol)
            if ports.protocol != protocol:
                return  # the flags of tcp lie behind the end of what udp has
            mask = 0xFF if compared.mask is None else compared.mask[0]
            ports.flags = (mask, value)
            if compared.negated:
                ports.inverted.add("flags")


def _port(command: Command, protocol: str, side: str, op: str, port: int) -> None:
    """Narrow one end of a range of ports, or both."""
    ports = command.ports(protocol)
    low, high = ports.source if side == "source" else ports.destination
    match op:
        case "<":
            high = max(port - 1, 1)
        case "<=":
            high = port
        case ">":
            low = min(port + 1, 0xFFFF)
        case ">=":
            low = port
        case _:
            low = high = port
    set_ports(command, protocol, side, (low, high), inverted=op == "!=")


def set_ports(
    command: Command, protocol: str, side: str, span: tuple[int, int], *, inverted: bool
) -> None:
    """Set the range of one side's ports; what is inverted once stays so."""
    ports = command.ports(protocol)
    if side == "source":
        ports.source = span
    else:
        ports.destination = span
    if inverted and ports.protocol == protocol:
        ports.inverted.add(side)
    elif inverted and ports.protocol == "tcp":
        ports.option |= INVERTED_OF_UDP[side]


def read_port_range(command: Command, protocol: str, offset: int, expr: InRange) -> None:
    """Read a range expression on a port; any other part of the header is passed over."""
    side = {0: "source", 2: "destination"}.get(offset)
    if side is None or len(expr.low) != 2:
        return
    span = (int.from_bytes(expr.low, "big"), int.from_bytes(expr.high, "big"))
    set_ports(command, protocol, side, span, inverted=expr.op == "!=")


def read_hops(command: Command, compared: Compared) -> str:
    """Read a comparison with ttl or hop limit; return what is wrong with it, or ``""``."""
    value = compared.byte
    match compared.op:
        case "<=" if value == 0xFF:
            return "invalid ttl field match"
        case ">=" if value == 0:
            return "invalid ttl field match"
        case "<=":
            command.matches.append(Hops("<", value + 1))
        case ">=":
            command.matches.append(Hops(">", value - 1))
        case op:
            command.matches.append(Hops(op, value))
    return ""


def read_icmp(command: Command, compared: Compared) -> str:
    """Read a comparison with the header of icmp; return what is wrong with it, or ``""``."""
    data = compared.data
    if compared.offset not in {0, 1}:
        return "unexpected payload offset"
    if len(data) > 2 - compared.offset or not data:
        return "unexpected RHS data length"
    kind = data[0] if compared.offset == 0 else 0xFF
    code = data[1] if len(data) == 2 else data[0] if compared.offset == 1 else None
    if command.family == "ip6" and kind == 0xFF:
        return "icmp6 code with any type match not supported"
    command.matches.append(Icmp(kind, code))
    return ""
