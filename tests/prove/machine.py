"""A plain interpreter of nf_tables expressions: the independent oracle of the normal form."""

from __future__ import annotations

from nftlint.prove.netlink import attr, nest
from nftlint.prove.ruleset import Expr, Rule

OPS = {
    0: bytes.__eq__,
    1: bytes.__ne__,
    2: bytes.__lt__,
    3: bytes.__le__,
    4: bytes.__gt__,
    5: bytes.__ge__,
}


def be(value):
    return value.to_bytes(4, "big")


def payload(register, base, offset, length):
    parts = zip((1, 2, 3, 4), (register, base, offset, length), strict=True)
    return Expr("payload", b"".join(attr(kind, be(value)) for kind, value in parts))


def bitwise(register, mask, xor):
    data = attr(1, be(register)) + attr(2, be(register)) + attr(3, be(len(mask))) + attr(6, be(0))
    return Expr("bitwise", data + nest(4, attr(1, mask)) + nest(5, attr(1, xor)))


def compare(register, op, data):
    return Expr("cmp", attr(1, be(register)) + attr(2, be(op)) + nest(3, attr(1, data)))


def between(register, low, high, *, negated=False):
    data = attr(1, be(register)) + attr(2, be(int(negated)))
    return Expr("range", data + nest(3, attr(1, low)) + nest(4, attr(1, high)))


def verdict(code):
    return Expr("immediate", attr(1, be(0)) + nest(2, nest(2, attr(1, be(code)))))


def rule(*exprs):
    return Rule("ip", "filter", "INPUT", 1, tuple(exprs))


def run(exprs, packet):
    """Return the verdict for ``packet`` (base -> bytes), None where the rule does not match."""
    registers = {}
    for expr in exprs:
        found = expr.attrs
        number = {k: int.from_bytes(v, "big") for k, v in found.items() if len(v) == 4}
        match expr.name:
            case "payload":
                data = packet[number[2]][number[3] : number[3] + number[4]]
                if len(data) < number[4]:
                    return None
                registers[number[1]] = data
            case "bitwise":
                mask, xor = inner(found[4]), inner(found[5])
                old = registers[number[1]]
                registers[number[2]] = bytes(
                    a & m ^ x for a, m, x in zip(old, mask, xor, strict=True)
                )
            case "cmp":
                data = inner(found[3])
                if not OPS[number[2]](registers[number[1]][: len(data)], data):
                    return None
            case "range":
                low, high = inner(found[3]), inner(found[4])
                inside = low <= registers[number[1]][: len(low)] <= high
                if inside == bool(number[2]):
                    return None
            case "immediate":
                return found[2][-4:]
    return b"continue"


def inner(data):
    length = int.from_bytes(data[:2], "little") - 4
    return data[4 : 4 + length]
