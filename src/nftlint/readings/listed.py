"""What a listed iptables command asks and does, in the terms of ``meaning``."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.readings.command import (
    FINAL_VERDICTS,
    Address,
    Command,
    Hops,
    Icmp,
    Interface,
    Mark,
    PktType,
    Ports,
    Rate,
)
from nftlint.readings.facts import Behaviour, Field, meta_field, payload_field
from nftlint.readings.netlink import (
    Expr,
    Immediate,
    Limit,
    Log,
    Lookup,
    MetaSet,
    Store,
    Verdict,
)
from nftlint.readings.operands import Between, Leading, Operand, Point
from nftlint.readings.relation import Relation

Effect = tuple[str | int, ...]
FRAGMENT_BITS = 0x1FFF


def relations_of(command: Command, behaviour: Behaviour) -> Iterator[Relation]:
    """Yield what the printed line asks, as relations."""
    yield from _address(command, command.source, "source", "saddr")
    yield from _address(command, command.destination, "destination", "daddr")
    yield from _interface(command, command.inward, "inward", "iifname")
    yield from _interface(command, command.outward, "outward", "oifname")
    if command.protocol:
        yield _test(_meta("l4proto"), Point(command.protocol), "protocol" in command.inverted)
    if command.fragment:
        field = _payload("ip", "frag-off")
        negated = "fragment" not in command.inverted
        yield Relation(field, "!=" if negated else "==", Point(0), mask=FRAGMENT_BITS)
    for match in command.matches:
        match match:
            case Ports():
                yield from _ports(match)
            case Mark(value, mask, inverted):
                yield Relation(_meta("mark"), _op(inverted), Point(value), mask=mask)
            case PktType(value, inverted):
                yield _test(_meta("pkttype"), Point(value), inverted)
            case Hops(mode, value):
                name = "ttl" if command.family == "ip" else "hoplimit"
                yield Relation(_payload(command.family, name), mode, Point(value))
            case Icmp(0xFF) if behaviour.any_hides_code and command.family == "ip":
                pass
            case Icmp():
                yield from _icmp(match)
            case _:
                pass


def _op(inverted: bool) -> str:  # noqa: FBT001 - one word for it
    return "!=" if inverted else "=="


def _test(field: Field, operand: Operand, inverted: bool) -> Relation:  # noqa: FBT001 - likewise
    return Relation(field, _op(inverted), operand)


def _meta(key: str) -> Field:
    return meta_field(key) or Field("meta", key, 0, 32, "integer")


def _payload(protocol: str, name: str) -> Field:
    return payload_field(protocol, name) or Field("th", name, 0, 8, "integer")


def _address(command: Command, address: Address, side: str, name: str) -> Iterator[Relation]:
    inverted = side in command.inverted
    if any(address.mask) or inverted or (command.family == "ip" and any(address.value)):
        mask, value = (int.from_bytes(part, "big") for part in (address.mask, address.value))
        # iptables compares with the address as it is: host bits under the mask never match
        yield Relation(_payload(command.family, name), _op(inverted), Point(value & mask), mask)


def _interface(command: Command, interface: Interface, side: str, name: str) -> Iterator[Relation]:
    if interface.mask[0] == 0:
        return
    text = interface.text
    data = text.removesuffix("+").encode()
    value = int.from_bytes(data.ljust(16, b"\0"), "big")
    operand = Leading(value, 8 * len(data)) if text.endswith("+") else Point(value)
    yield _test(_meta(name), operand, side in command.inverted)


def _ports(ports: Ports) -> Iterator[Relation]:
    for name, side, (low, high) in (
        ("sport", "source", ports.source),
        ("dport", "destination", ports.destination),
    ):
        inverted = side in ports.inverted
        if (low, high) != (0, 0xFFFF) or inverted:
            yield _test(_payload("tcp", name), Between(low, high), inverted)
    mask, value = ports.flags
    inverted = "flags" in ports.inverted
    if mask or inverted:
        yield Relation(_payload("tcp", "flags"), _op(inverted), Point(value), mask=mask)


def _icmp(match: Icmp) -> Iterator[Relation]:
    if match.type != 0xFF or match.code is not None:
        yield _test(_payload("icmp", "type"), Point(match.type), inverted=False)
    if match.code is not None:
        yield _test(_payload("icmp", "code"), Point(match.code), inverted=False)


def effects_of(exprs: tuple[Expr, ...]) -> list[Effect]:
    """Return what a rule of nft does to a packet, apart from limits and counters."""
    found: list[Effect] = []
    held: bytes | None = None
    for expr in exprs:
        match expr:
            case Immediate(data):
                held = data
                continue
            case MetaSet("nftrace") if held and any(held):
                found.append(("trace",))
            case MetaSet("mark") if held is not None:
                found.append(("mark", int.from_bytes(held, "little")))
            case MetaSet(key):
                found.append(("set", key))
            case Store() | Lookup(result=0):
                found.append((type(expr).__name__,))
            case Log(group):
                found.append(("log", group or 0, expr.prefix, expr.snaplen, expr.threshold))
            case Verdict("jump" | "goto", chain):
                found.append(("jump", chain))
            case Verdict(kind) if kind in FINAL_VERDICTS:
                found.append(("verdict", FINAL_VERDICTS[kind]))
            case _:
                continue
        held = None
    return found


def effects_read(command: Command) -> list[Effect]:
    """Return what the printed line does to a packet."""
    if command.target is not None and command.target.effect:
        return [command.target.effect]
    return [("jump", command.jump)] if command.jump else []


def limit_lost(exprs: tuple[Expr, ...], command: Command) -> bool:
    """Tell whether a limit is read as none: ``--limit inf``."""
    wanted = sum(isinstance(expr, Limit) for expr in exprs)
    kept = sum(isinstance(match, Rate) and match.period > 0 for match in command.matches)
    return kept < wanted
