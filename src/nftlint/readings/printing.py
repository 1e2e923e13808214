"""From a command to the line that ``iptables -S`` prints."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

from nftlint.readings.command import (
    Address,
    Command,
    Comment,
    Hops,
    Icmp,
    Interface,
    Mark,
    Match,
    PktType,
    Ports,
    Rate,
)
from nftlint.readings.facts import Behaviour, protocol_names

ANY_PORT = (0, 0xFFFF)
FLAGS = {1: "FIN", 2: "SYN", 4: "RST", 8: "PSH", 16: "ACK", 32: "URG"}
PKT_TYPES = {0: "unicast", 1: "broadcast", 2: "multicast", 3: "otherhost"}
SCALE = 10_000
RATES = (("day", 86400 * SCALE), ("hour", 3600 * SCALE), ("min", 60 * SCALE), ("sec", SCALE))
PLAIN = frozenset("_-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
MODES = {"==": ("-eq", False), "!=": ("-eq", True), "<": ("-lt", False), ">": ("-gt", False)}


class CrashError(Exception):
    """The program dies while it prints. Never leaves this package."""


def print_rule(command: Command, chain: str, behaviour: Behaviour) -> str:
    """Return the line; raises ``CrashError`` where iptables dies instead."""
    words = ["-A", chain, *_words(command, behaviour)]
    target = list(_target(command))
    blank = " " if behaviour.blank_at_end and not target else ""
    return " ".join([*words, *target]) + blank


def _words(command: Command, behaviour: Behaviour) -> Iterator[str]:
    yield from _address("-s", "source", command.source, command)
    yield from _address("-d", "destination", command.destination, command)
    yield from _interface("-i", "inward", command.inward, command, behaviour)
    yield from _interface("-o", "outward", command.outward, command, behaviour)
    if command.protocol:
        names = protocol_names(behaviour.protocol_names)
        yield from _not("protocol" in command.inverted)
        yield from ("-p", names.get(command.protocol, str(command.protocol)))
    if command.fragment:
        yield from _not("fragment" in command.inverted)
        yield "-f"
    for match in command.matches:
        yield from _match(match, command, behaviour)


def _not(inverted: bool) -> Iterator[str]:  # noqa: FBT001 - a word or none
    if inverted:
        yield "!"


def _address(option: str, side: str, address: Address, command: Command) -> Iterator[str]:
    inverted = side in command.inverted
    empty = not any(address.mask) and (command.family == "ip6" or not any(address.value))
    if empty and not inverted:
        return
    yield from _not(inverted)
    make = IPv4Address if command.family == "ip" else IPv6Address
    yield from (option, f"{make(address.value)}/{_mask(bytes(address.mask))}")


def _mask(mask: bytes) -> str:
    """Return the length of a mask, or the mask as an address if it has holes."""
    bits = "".join(f"{byte:08b}" for byte in mask)
    length = len(bits.rstrip("0"))
    if "0" not in bits[:length]:
        return str(length)
    return str(IPv4Address(mask) if len(mask) == 4 else IPv6Address(mask))


def _interface(
    option: str, side: str, interface: Interface, command: Command, behaviour: Behaviour
) -> Iterator[str]:
    inverted = side in command.inverted
    if behaviour.full_range_hidden:
        text, shown = _masked_name(interface), interface.mask[0] != 0
    else:
        text = interface.text
        shown = bool(text) and (text != "+" or inverted)
    if shown:
        yield from (*_not(inverted), option, text)


def _masked_name(interface: Interface) -> str:
    """Return the bytes that count, and ``+`` if the name does not end where they do."""
    size = next((at for at, byte in enumerate(interface.mask) if not byte), len(interface.mask))
    name = bytes(byte for byte in interface.name[:size] if byte)
    open_end = size < len(interface.mask) and interface.name[size - 1] != 0
    return name.decode("utf-8", "replace") + ("+" if open_end else "")


def _match(match: Match, command: Command, behaviour: Behaviour) -> Iterator[str]:
    match match:
        case Ports():
            yield from ("-m", match.protocol)
            yield from _port_words(match, behaviour)
        case Mark(value, mask, inverted):
            shown = f"{value:#x}" if mask == 0xFFFFFFFF else f"{value:#x}/{mask:#x}"
            yield from ("-m", "mark", *_not(inverted), "--mark", shown)
        case PktType(value, inverted):
            shown = PKT_TYPES.get(value, str(value))
            yield from ("-m", "pkttype", *_not(inverted), "--pkt-type", shown)
        case Hops(mode, value):
            name = "ttl" if command.family == "ip" else "hl"
            suffix, inverted = MODES[mode]
            yield from ("-m", name, *_not(inverted), f"--{name}{suffix}", str(value))
        case Icmp(kind, code):
            yield from _icmp(kind, code, command, behaviour)
        case Rate(period, burst):
            yield from ("-m", "limit", "--limit", rate(period))
            if burst != 5:
                yield from ("--limit-burst", str(burst))
        case Comment(text):
            yield from ("-m", "comment", "--comment", quoted(text))


def _port_words(ports: Ports, behaviour: Behaviour) -> Iterator[str]:
    sides = (("--sport", "source", ports.source), ("--dport", "destination", ports.destination))
    for option, side, (low, high) in sides:
        inverted = side in ports.inverted
        if (low, high) == ANY_PORT and (behaviour.full_range_hidden or not inverted):
            continue
        shown = str(low) if low == high else f"{low}:{high}"
        yield from (*_not(inverted), option, shown)
    if ports.option:
        yield from ("--tcp-option", str(ports.option))
    inverted = "flags" in ports.inverted
    mask, value = ports.flags
    if mask or inverted:
        yield from (*_not(inverted), "--tcp-flags", _flag_names(mask), _flag_names(value))


def _flag_names(flags: int) -> str:
    """Return the names of tcp flags; for ECN and CWR iptables looks beyond its table and dies."""
    if flags & ~sum(FLAGS):
        raise CrashError
    return ",".join(name for flag, name in FLAGS.items() if flags & flag) or "NONE"


def _icmp(kind: int, code: int | None, command: Command, behaviour: Behaviour) -> Iterator[str]:
    if command.family == "ip6":
        yield from ("-m", "icmp6", "--icmpv6-type")
    else:
        yield from ("-m", "icmp", "--icmp-type")
        if kind == 0xFF and (behaviour.any_hides_code or code is None):
            yield "any"
            return
    yield str(kind) if code is None else f"{kind}/{code}"


def rate(period: int) -> str:
    """Return the rate of a limit, in the unit in which it comes out best."""
    if period == 0:
        return "inf"
    unit = 0
    while unit + 1 < len(RATES):
        scale = RATES[unit + 1][1]
        if period > scale or scale // period < scale % period:
            break
        unit += 1
    name, scale = RATES[unit]
    return f"{scale // period}/{name}"


def quoted(text: str) -> str:
    """Return a string as iptables-save writes it."""
    if text and not set(text) - PLAIN:
        return text
    escaped = "".join(f"\\{char}" if char in "\"\\'" else char for char in text)
    return f'"{escaped}"'


def _target(command: Command) -> Iterator[str]:
    if command.target is not None:
        yield from ("-j", command.jump, *command.target.options)
    elif command.jump:
        yield from ("-g" if command.goto else "-j", command.jump)
