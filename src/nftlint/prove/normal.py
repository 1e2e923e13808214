"""The normal form of a rule: what it asks of a packet and what it does, in one notation.

Two rules with the same normal form do the same with every packet. Each step that forgets a
difference is one small function with its argument; whatever is not recognised is kept byte for
byte, so that it is equal only to itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nftlint.prove.netlink import Attrs, attrs, number, text
from nftlint.prove.registers import Byte, Registers, constant, load, swap
from nftlint.prove.ruleset import Element, Expr, Rule, Sets
from nftlint.prove.xt import as_log

Bits = tuple[tuple[str, ...], int]
Pred = tuple[Any, ...]
Step = tuple[Any, ...]
EQ, NEQ, LT, LTE, GT, GTE = range(6)
BASES = ("ll", "nh", "th")
META_L4PROTO = 16
META_NAMES = (6, 7)
# Bytes each key fills, from nft_meta.c and nft_ct.c; a key that is not here is not interpreted.
META_LENGTHS = (
    dict.fromkeys((0, 2, 3, 4, 5, 10, 11, 13, 20, 21, 22, 23, 24, 32), 4)
    | dict.fromkeys((6, 7, 26, 27), 16)
    | dict.fromkeys((15, 16, 19, 31), 1)
    | {1: 2, 8: 2, 9: 2, 30: 8}
)
CT_LENGTHS = (
    dict.fromkeys((0, 2, 3, 4, 5, 18, 19, 20, 23), 4)
    | dict.fromkeys((1, 7, 10), 1)
    | dict.fromkeys((11, 12, 17), 2)
    | dict.fromkeys((13, 14, 15), 8)
    | dict.fromkeys((6, 21, 22), 16)
)
CT_ADDRESSES = (8, 9)
FIXED_HEADER = {"ip": 20, "ip6": 40}


class Unknown(Exception):  # noqa: N818 - an outcome of reading, caught in this module
    """An expression that this module does not interpret."""


@dataclass(slots=True)
class _State:
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
                if ends != _everything(key)
            }
        if self.preds:
            self.steps.append(("if", frozenset(self.preds)))
        self.preds, self.bits, self.bounds = set(), {}, {}

    def act(self, *step: object) -> None:
        """Append something that is done, or that has a memory: its place in the order counts."""
        self.close()
        self.steps.append(step)


def _everything(value: tuple[Byte, ...]) -> tuple[int, int]:
    """Return the bounds that say nothing."""
    return 0, (1 << 8 * len(value)) - 1


def normal(rule: Rule, sets: Sets) -> tuple[Step, ...]:
    """Return the normal form of one rule, with the elements of the sets it looks up.

    Where an expression is not known, what was read before it is followed by the whole rule as it
    stands in the kernel.
    """
    state = _State(rule, sets)
    try:
        for expr in rule.exprs:
            _READERS.get(expr.name, _opaque)(state, expr)
    except Unknown as reason:
        state.act("raw", str(reason), tuple((e.name, e.data) for e in rule.exprs))
        return tuple(state.steps)
    state.close()
    return tuple(state.steps)


def _nat(state: _State, expr: Expr) -> None:
    """Record a translation by the addresses and ports in its registers."""
    registers, plain = NAT_REGISTERS[expr.name]
    width = 4 if state.rule.family == "ip" else 16
    found = expr.attrs
    values = tuple(
        (key, _read(state, found[key], width if size == 0 else size))
        for key, size in registers
        if key in found
    )
    state.act(expr.name, values, tuple(number(found.get(key, b"")) for key in plain))


# Attributes that name a register, with the width of what is in it (0: an address); the others.
NAT_REGISTERS = {
    "nat": (((3, 0), (4, 0), (5, 2), (6, 2)), (1, 2, 7)),
    "masq": (((2, 2), (3, 2)), (1,)),
    "redir": (((1, 2), (2, 2)), (3,)),
}


def _exthdr(state: _State, expr: Expr) -> None:
    """Read an IPv6 extension header or a TCP or IP option; or write one."""
    found = expr.attrs
    what = tuple(str(number(found.get(key, b""))) for key in (6, 2, 5))
    offset, length = number(found[3]), number(found[4])
    if 7 in found:
        state.act("exthdr set", what, offset, _read(state, found[7], length))
    elif 1 not in found:
        state.act("exthdr reset", what)
    else:
        source = ("exthdr", *what)
        state.preds.add(("has", source))
        state.regs.write(number(found[1]), load(source, offset, length))


def _fib(state: _State, expr: Expr) -> None:
    found = expr.attrs
    result, flags = number(found[2]), number(found[3])
    length = 16 if result == FIB_NAME and not flags & FIB_PRESENT else 4
    if flags & FIB_PRESENT:
        length = 1
    source = ("fib", str(result), str(flags))
    state.regs.write(number(found[1]), load(source, 0, length))


def _rt(state: _State, expr: Expr) -> None:
    """Load from the route: the realm, the next hop, the largest segment."""
    key = number(expr.attrs[2])
    source = ("rt", str(key))
    state.preds.add(("has", source))
    state.regs.write(number(expr.attrs[1]), load(source, 0, RT_LENGTHS[key]))


RT_LENGTHS = (4, 4, 16, 2, 1)
FIB_NAME, FIB_PRESENT = 2, 32


def _opaque(state: _State, expr: Expr) -> None:
    """Keep a statement that touches no register byte for byte."""
    if expr.name not in REGISTERLESS:
        raise Unknown(expr.name)
    state.act(expr.name, expr.data)


REGISTERLESS = frozenset({"quota", "connlimit", "reject", "notrack", "match", "target", "synproxy"})


def _payload(state: _State, expr: Expr) -> None:
    found = expr.attrs
    base, offset, length = BASES[number(found[2])], number(found[3]), number(found[4])
    if 5 in found:
        value = _read(state, found[5], length)
        extras = tuple(number(found[key]) if key in found else 0 for key in (6, 7, 8))
        state.act("payload set", base, offset, value, extras)
        return
    _need(state, base, offset + length)
    state.regs.write(number(found[1]), load((base,), offset, length))


def _need(state: _State, base: str, extent: int) -> None:
    """Note how much of a header must be there.

    A load that runs past the end of the packet ends the rule. Within the fixed part of the
    network header it cannot: the stack has checked that much before any hook runs.
    """
    if base == "nh" and extent <= FIXED_HEADER[state.rule.family]:
        return
    held = max((p[2] for p in state.preds if p[:2] == ("need", base)), default=0)
    state.preds = {p for p in state.preds if p[:2] != ("need", base)}
    state.preds.add(("need", base, max(extent, held)))


def _meta(state: _State, expr: Expr) -> None:
    found = expr.attrs
    key = number(found[2])
    length = _length(META_LENGTHS, key)
    if 3 in found:
        state.act("meta set", key, _read(state, found[3], length))
        return
    if key == META_L4PROTO and state.rule.family == "ip":
        state.regs.write(number(found[1]), _ipv4_protocol())
        return
    state.preds.add(("has", "meta", key))
    state.regs.write(number(found[1]), load(("meta", str(key)), 0, length))


def _ipv4_protocol() -> list[Byte]:
    """Return ``meta l4proto`` in the ip family as byte 9 of the header.

    ``nft_set_pktinfo_ipv4`` copies it from there for every packet. In ip6 it does not: there the
    extension headers are walked.
    """
    return load(("nh",), 9, 1)


def _ct(state: _State, expr: Expr) -> None:
    found = expr.attrs
    key = number(found[2])
    source = ("ct", str(key), found.get(3, b"").hex())
    address = 4 if state.rule.family == "ip" else 16
    length = address if key in CT_ADDRESSES else _length(CT_LENGTHS, key)
    if 4 in found:
        state.act("ct set", source, _read(state, found[4], length))
        return
    state.preds.add(("has", *source))
    state.regs.write(number(found[1]), load(source, 0, length))


def _length(known: dict[int, int], key: int) -> int:
    if key not in known:
        raise Unknown(str(key))
    return known[key]


def _bitwise(state: _State, expr: Expr) -> None:
    found = expr.attrs
    if 6 in found and number(found[6]) != 0:
        raise Unknown("bitwise shift")
    length = number(found[3])
    mask, xor = (_data(found[key]).ljust(length, b"\0") for key in (4, 5))
    value = _read(state, found[1], length)
    state.regs.write(
        number(found[2]),
        [byte.bitwise(m, x) for byte, m, x in zip(value, mask, xor, strict=False)],
    )


def _byteorder(state: _State, expr: Expr) -> None:
    found = expr.attrs
    value = _read(state, found[1], number(found[4]))
    state.regs.write(number(found[2]), swap(list(value), number(found[5])))


def _cmp(state: _State, expr: Expr) -> None:
    found = expr.attrs
    data = _data(found[3])
    value = _read(state, found[1], len(data))
    op, top = number(found[2]), (1 << 8 * len(data)) - 1
    wanted = int.from_bytes(data, "big")
    if op in (EQ, NEQ):
        _equality(state, value, data, negated=op == NEQ)
    elif op in (GT, GTE):
        _bound(state, value, wanted + (op == GT), top)
    else:
        _bound(state, value, 0, wanted - (op == LT))


def _equality(state: _State, value: tuple[Byte, ...], data: bytes, *, negated: bool) -> None:
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


def _conjoin(state: _State, wanted: dict[Bits, tuple[int, int]]) -> None:
    for key, demand in wanted.items():
        merged = _merge(state.bits.get(key, (0, 0)), demand)
        if merged is None:
            state.preds.add(("never",))
        else:
            state.bits[key] = merged


def _bound(state: _State, value: tuple[Byte, ...], low: int, high: int) -> None:
    """Record ``low <= value <= high``; two bounds on the same bytes are one interval."""
    held = state.bounds.get(value, _everything(value))
    both = max(low, held[0]), min(high, held[1])
    if both[0] > both[1]:
        state.preds.add(("never",))
    state.bounds[value] = both


def _range(state: _State, expr: Expr) -> None:
    found = expr.attrs
    low, high = _data(found[3]), _data(found[4])
    value = _read(state, found[1], len(low))
    ends = int.from_bytes(low, "big"), int.from_bytes(high, "big")
    if number(found[2]) == EQ:
        _bound(state, value, *ends)
    else:
        state.preds.add(("outside", value, *ends))


def _lookup(state: _State, expr: Expr) -> None:
    """Record a lookup by what the set holds; a map's result is a value, or the verdict."""
    found = expr.attrs
    elements = state.sets[state.rule.family, state.rule.table, text(found[1])]
    if not elements:
        raise Unknown("empty set")
    value = _read(state, found[2], len(elements[0].low))
    if 3 not in found:
        inverted = bool(number(found[5]) & 1) if 5 in found else False
        state.preds.add(("in", value, inverted, frozenset((e.low, e.high) for e in elements)))
    elif number(found[3]) == 0:
        state.act("vmap", value, frozenset((e.low, e.high, _verdict(e)) for e in elements))
    else:
        mapped = frozenset((e.low, e.high, _data(e.data)) for e in elements)
        source = ("map", repr((value, sorted(mapped))))
        state.preds.add(("has", source))
        length = len(_data(elements[0].data))
        state.regs.write(number(found[3]), load(source, 0, length))


def _verdict(element: Element) -> tuple[int, str]:
    verdict = attrs(attrs(element.data)[2])
    return number(verdict[1]), text(verdict.get(2, b""))


def _immediate(state: _State, expr: Expr) -> None:
    found = expr.attrs
    data = attrs(found[2])
    if number(found[1]) == 0:
        verdict = attrs(data[2])
        state.act("verdict", number(verdict[1]), text(verdict.get(2, b"")))
    else:
        state.regs.write(number(found[1]), constant(data[1]))


def _counter(_state: _State, _expr: Expr) -> None:
    """Forget a counter: it counts and lets pass; iptables always has one."""


def _log(state: _State, expr: Expr) -> None:
    found = expr.attrs
    if 1 in found:
        numbers = tuple(number(found.get(key, b"")) for key in (1, 3, 4))
        state.act("nflog", *numbers, text(found.get(2, b"")))
        return
    level = number(found[5]) if 5 in found else 4
    state.act("log", level, number(found.get(6, b"")), text(found.get(2, b"")))


def _target(state: _State, expr: Expr) -> None:
    step = as_log(expr)
    if step:
        state.act(*step)
    else:
        _opaque(state, expr)


def _limit(state: _State, expr: Expr) -> None:
    state.act("limit", *(number(expr.attrs.get(key, b"")) for key in range(1, 6)))


def _read(state: _State, register: bytes, length: int) -> tuple[Byte, ...]:
    value = state.regs.read(number(register), length)
    if value is None:
        raise Unknown("register")
    return tuple(value)


def _data(value: bytes) -> bytes:
    found: Attrs = attrs(value)
    return found.get(1, b"")


_READERS: dict[str, Callable[[_State, Expr], None]] = {
    "payload": _payload,
    "meta": _meta,
    "ct": _ct,
    "bitwise": _bitwise,
    "byteorder": _byteorder,
    "cmp": _cmp,
    "range": _range,
    "immediate": _immediate,
    "lookup": _lookup,
    "counter": _counter,
    "log": _log,
    "limit": _limit,
    "nat": _nat,
    "masq": _nat,
    "redir": _nat,
    "exthdr": _exthdr,
    "fib": _fib,
    "rt": _rt,
    "target": _target,
}
