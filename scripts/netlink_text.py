"""Write expressions as ``nft --debug=netlink`` does, to compare what nft sends with the model.

Words of data are printed in the byte order of a little-endian machine.
"""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.readings.netlink import (
    Bitwise,
    Cmp,
    Counter,
    Expr,
    Immediate,
    InRange,
    Limit,
    Load,
    Log,
    Lookup,
    Lowered,
    Meta,
    MetaSet,
    Other,
    Shift,
    Store,
    Verdict,
)

BASES = {"ll": "link", "nh": "network", "th": "transport", "ih": "inner"}
OPS = {"==": "eq", "!=": "neq", "<": "lt", ">": "gt", "<=": "lte", ">=": "gte"}
UNITS = {1: "second", 60: "minute", 3600: "hour", 86400: "day", 604800: "week"}


def words(data: bytes) -> str:
    """Return data as the words that libnftnl prints."""
    cells = [data[at : at + 4] for at in range(0, len(data), 4)]
    return " ".join(f"0x{int.from_bytes(cell, 'little'):08x}" for cell in cells)


def line(expr: Expr) -> str:
    """Return the line of one expression, without brackets; of those that differ, the name."""
    match expr:
        case Load(base, offset, length, register):
            return f"payload load {length}b @ {BASES[base]} header + {offset} => reg {register}"
        case Store(base, offset, length, register):
            return f"payload write reg {register} => {length}b @ {BASES[base]} header + {offset}"
        case Meta(key, register):
            return f"meta load {key} => reg {register}"
        case MetaSet(key, register):
            return f"meta set {key} with reg {register}"
        case Bitwise(mask, xor, register):
            return f"bitwise reg {register} = ( reg {register} & {words(mask)} ) ^ {words(xor)}"
        case Shift(op, bits, register):
            return f"bitwise reg {register} = ( reg {register} {op} 0x{bits:08x} )"
        case Cmp(op, data, register):
            return f"cmp {OPS[op]} reg {register} {words(data)}"
        case InRange(op, low, high, register):
            return f"range {OPS[op]} reg {register} {words(low)} {words(high)}"
        case Lookup(name, negated, result, register):
            tail = "" if result is None else f" dreg {result}"
            return f"lookup reg {register} set {name}{tail}{' 0x1' if negated else ''}"
        case Immediate(data, register):
            return f"immediate reg {register} {words(data)}"
        case Verdict(kind, chain):
            return f"immediate reg 0 {kind}{f' -> {chain}' if chain else ''}"
        case Counter():
            return "counter"
        case Limit(rate, seconds, burst, True):
            return f"limit rate {rate}/{UNITS[seconds]} burst {burst} type packets flags 0x0"
        case Limit():
            return "limit"
        case Log(group):
            return "log" if group is None else f"log group {group}"
        case Other(name):
            return name


def debug_lines(text: str) -> Iterator[str]:
    """Yield the lines of ``nft --debug=netlink`` in the same form."""
    for raw in text.splitlines():
        item = raw.strip()
        if not item.startswith("["):
            continue
        item = item.strip("[] ").replace("__map%d", "__set%d")
        yield _shortened(item)


def _shortened(item: str) -> str:
    name = item.split(" ", 1)[0]
    if name == "payload" and "write" in item:
        return item.split(" csum_type", maxsplit=1)[0]
    if name == "counter":
        return name
    if name == "limit":
        return item if item.endswith("type packets flags 0x0") else name
    if name == "log":
        at = item.find("group ")
        return name if at < 0 else " ".join(["log", *item[at:].split()[:2]])
    known = {"payload", "meta", "bitwise", "cmp", "range", "lookup", "immediate"}
    names = {"socket": "socket", "nat": "nat", "flow": "flow_offload"}
    return item if name in known else names.get(name, name)


def model_lines(lowered: Lowered) -> list[str]:
    """Return the lines of a rule of the model."""
    return [line(expr) for expr in lowered.exprs]
