"""The normal form of a rule: what it asks of a packet and what it does, in one notation.

Two rules with the same normal form do the same with every packet. Each step that forgets a
difference is one small function with its argument; whatever is not recognised is kept byte for
byte, so that it is equal only to itself.
"""

from __future__ import annotations

from collections.abc import Callable

from nftlint.prove import loads
from nftlint.prove.asked import Pred, State, Step, Unknown, ask_between, ask_equal, data_of, read
from nftlint.prove.netlink import attrs, number, text
from nftlint.prove.registers import constant, load
from nftlint.prove.ruleset import Element, Expr, Rule, Sets
from nftlint.prove.xt.targets import TCP_RESET, as_step

__all__ = ["Pred", "Step", "normal"]

CONTINUE, JUMP = 0xFFFFFFFF, 0xFFFFFFFD
EQ, NEQ, LT, _LTE, GT, GTE = range(6)


def normal(rule: Rule, sets: Sets) -> tuple[Step, ...]:
    """Return the normal form of one rule, with the elements of the sets it looks up.

    Where an expression is not known, what was read before it is followed by the whole rule as it
    stands in the kernel.
    """
    state = State(rule, sets)
    try:
        for expr in rule.exprs:
            _READERS.get(expr.name, _opaque)(state, expr)
    except Unknown as reason:
        state.act("raw", str(reason), tuple((e.name, e.data) for e in rule.exprs))
        return tuple(state.steps)
    state.close()
    return tuple(state.steps)


def _nat(state: State, expr: Expr) -> None:
    """Record a translation by the addresses and ports in its registers."""
    registers, plain = NAT_REGISTERS[expr.name]
    width = 4 if state.rule.family == "ip" else 16
    found = expr.attrs
    values = tuple(
        (key, read(state, found[key], width if size == 0 else size))
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


def _opaque(state: State, expr: Expr) -> None:
    """Keep a statement that touches no register byte for byte."""
    if expr.name not in REGISTERLESS:
        raise Unknown(expr.name)
    state.act(expr.name, expr.data)


REGISTERLESS = frozenset({"quota", "connlimit", "notrack", "match", "target", "synproxy"})


def _match(state: State, expr: Expr) -> None:
    """Forget a comment: it matches every packet (``xt_comment.c``)."""
    if text(expr.attrs[1]) != "comment":
        _opaque(state, expr)


def _reject(state: State, expr: Expr) -> None:
    kind = number(expr.attrs[1])
    code = number(expr.attrs.get(2, b"")) if kind != TCP_RESET else 0
    state.act("reject", kind, code)


def _cmp(state: State, expr: Expr) -> None:
    found = expr.attrs
    data = data_of(found[3])
    value = read(state, found[1], len(data))
    op, top = number(found[2]), (1 << 8 * len(data)) - 1
    wanted = int.from_bytes(data, "big")
    if op in (EQ, NEQ):
        ask_equal(state, value, data, negated=op == NEQ)
    elif op in (GT, GTE):
        ask_between(state, value, wanted + (op == GT), top)
    else:
        ask_between(state, value, 0, wanted - (op == LT))


def _range(state: State, expr: Expr) -> None:
    found = expr.attrs
    low, high = data_of(found[3]), data_of(found[4])
    value = read(state, found[1], len(low))
    ends = int.from_bytes(low, "big"), int.from_bytes(high, "big")
    if number(found[2]) == EQ:
        ask_between(state, value, *ends)
    else:
        state.preds.add(("outside", value, *ends))


def _lookup(state: State, expr: Expr) -> None:
    """Record a lookup by what the set holds; a map's result is a value, or the verdict."""
    found = expr.attrs
    elements = state.sets[state.rule.family, state.rule.table, text(found[1])]
    if not elements:
        raise Unknown("empty set")
    value = read(state, found[2], max(len(element.low) for element in elements))
    if 3 not in found:
        inverted = bool(number(found[5]) & 1) if 5 in found else False
        state.preds.add(("in", value, inverted, frozenset((e.low, e.high) for e in elements)))
    elif number(found[3]) == 0:
        state.act("vmap", value, frozenset((e.low, e.high, _verdict(e)) for e in elements))
    else:
        mapped = frozenset((e.low, e.high, data_of(e.data)) for e in elements)
        source = ("map", repr((value, sorted(mapped))))
        state.preds.add(("has", source))
        length = len(data_of(elements[0].data))
        state.regs.write(number(found[3]), load(source, 0, length))


def _verdict(element: Element) -> tuple[int, str]:
    verdict = attrs(attrs(element.data)[2])
    return number(verdict[1]), text(verdict.get(2, b""))


def _immediate(state: State, expr: Expr) -> None:
    found = expr.attrs
    data = attrs(found[2])
    if number(found[1]) == 0:
        verdict = attrs(data[2])
        if number(verdict[1]) == CONTINUE:
            return  # the verdict that stands already, so that the rule goes on as it would
        state.act("verdict", number(verdict[1]), text(verdict.get(2, b"")))
    else:
        state.regs.write(number(found[1]), constant(data[1]))


def _counter(_state: State, _expr: Expr) -> None:
    """Forget a counter: it counts and lets pass; iptables always has one."""


def _log(state: State, expr: Expr) -> None:
    found = expr.attrs
    if 1 in found:
        numbers = tuple(number(found.get(key, b"")) for key in (1, 3, 4))
        state.act("nflog", *numbers, text(found.get(2, b"")))
        return
    level = number(found[5]) if 5 in found else 4
    state.act("log", level, number(found.get(6, b"")), text(found.get(2, b"")))


def _target(state: State, expr: Expr) -> None:
    step = as_step(state.rule.family, expr)
    if step:
        state.act(*step)
    else:
        _opaque(state, expr)


def _limit(state: State, expr: Expr) -> None:
    """Record a limit of packets by the time one costs, as ``nft_limit_init`` does: unit // rate."""
    rate, unit, *rest = (number(expr.attrs.get(key, b"")) for key in range(1, 6))
    of_bytes = bool(rest[1])
    cost = (rate, unit) if of_bytes or not rate else (unit * NANOSECONDS // rate,)
    state.act("limit", cost, *rest)


NANOSECONDS = 1_000_000_000


_READERS: dict[str, Callable[[State, Expr], None]] = {
    "payload": loads.payload,
    "meta": loads.meta,
    "ct": loads.ct,
    "bitwise": loads.bitwise,
    "byteorder": loads.byteorder,
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
    "exthdr": loads.exthdr,
    "fib": loads.fib,
    "rt": loads.rt,
    "target": _target,
    "match": _match,
    "reject": _reject,
}
