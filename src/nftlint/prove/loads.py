"""The expressions that put something into a register, from the packet or from what is known of it.

Some of them can write as well; then they are something that is done.
"""

from __future__ import annotations

from nftlint.prove.asked import State, Unknown, data_of, read
from nftlint.prove.netlink import number
from nftlint.prove.packet import FIXED_HEADER
from nftlint.prove.registers import Byte, load, swap
from nftlint.prove.ruleset import Expr

BASES = ("ll", "nh", "th")
META_L4PROTO = 16
# Bytes each key fills, from nft_meta.c and nft_ct.c; a key that is not here is not interpreted.
META_LENGTHS = (
    dict.fromkeys((0, 2, 3, 4, 5, 10, 11, 13, 20, 21, 22, 23, 24, 32), 4)
    | dict.fromkeys((6, 7, 26, 27), 16)
    | dict.fromkeys((15, 16, 19, 31), 1)
    | {1: 2, 8: 2, 9: 2, 30: 8}
)
# Length, priority, mark and the kind of the packet: every packet has them (nft_meta_get_eval).
META_ALWAYS = frozenset({0, 2, 3, 19})
CT_LENGTHS = (
    dict.fromkeys((0, 2, 3, 4, 5, 18, 19, 20, 23), 4)
    | dict.fromkeys((1, 7, 10), 1)
    | dict.fromkeys((11, 12, 17), 2)
    | dict.fromkeys((13, 14, 15), 8)
    | dict.fromkeys((6, 21, 22), 16)
)
CT_ADDRESSES = (8, 9)


def exthdr(state: State, expr: Expr) -> None:
    """Read an IPv6 extension header or a TCP or IP option; or write one."""
    found = expr.attrs
    what = tuple(str(number(found.get(key, b""))) for key in (6, 2, 5))
    offset, length = number(found[3]), number(found[4])
    if 7 in found:
        state.act("exthdr set", what, offset, read(state, found[7], length))
    elif 1 not in found:
        state.act("exthdr reset", what)
    else:
        source = ("exthdr", *what)
        state.preds.add(("has", source))
        state.regs.write(number(found[1]), load(source, offset, length))


def fib(state: State, expr: Expr) -> None:
    """Load the answer of the routing table."""
    found = expr.attrs
    result, flags = number(found[2]), number(found[3])
    length = 16 if result == FIB_NAME and not flags & FIB_PRESENT else 4
    if flags & FIB_PRESENT:
        length = 1
    source = ("fib", str(result), str(flags))
    state.regs.write(number(found[1]), load(source, 0, length))


def rt(state: State, expr: Expr) -> None:
    """Load from the route: the realm, the next hop, the largest segment."""
    key = number(expr.attrs[2])
    source = ("rt", str(key))
    state.preds.add(("has", source))
    state.regs.write(number(expr.attrs[1]), load(source, 0, RT_LENGTHS[key]))


RT_LENGTHS = (4, 4, 16, 2, 1)
FIB_NAME, FIB_PRESENT = 2, 32


def payload(state: State, expr: Expr) -> None:
    """Load bytes of a header, or write them."""
    found = expr.attrs
    base, offset, length = BASES[number(found[2])], number(found[3]), number(found[4])
    if 5 in found:
        value = read(state, found[5], length)
        extras = tuple(number(found[key]) if key in found else 0 for key in (6, 7, 8))
        state.act("payload set", base, offset, value, extras)
        return
    _need(state, base, offset + length)
    state.regs.write(number(found[1]), load((base,), offset, length))


def _need(state: State, base: str, extent: int) -> None:
    """Note how much of a header must be there.

    A load that runs past the end of the packet ends the rule. Within the fixed part of the
    network header it cannot: the stack has checked that much before any hook runs.
    """
    if base == "nh" and extent <= FIXED_HEADER[state.rule.family]:
        return
    held = max((p[2] for p in state.preds if p[:2] == ("need", base)), default=0)
    state.preds = {p for p in state.preds if p[:2] != ("need", base)}
    state.preds.add(("need", base, max(extent, held)))


def meta(state: State, expr: Expr) -> None:
    """Load what the kernel knows of the packet, or set it."""
    found = expr.attrs
    key = number(found[2])
    length = length_of(META_LENGTHS, key)
    if 3 in found:
        state.act("meta set", key, tuple(map(Byte.settled, read(state, found[3], length))))
        return
    if key == META_L4PROTO and state.rule.family == "ip":
        state.regs.write(number(found[1]), _ipv4_protocol())
        return
    if key not in META_ALWAYS:
        state.preds.add(("has", "meta", key))
    state.regs.write(number(found[1]), load(("meta", str(key)), 0, length))


def _ipv4_protocol() -> list[Byte]:
    """Return ``meta l4proto`` in the ip family as byte 9 of the header.

    ``nft_set_pktinfo_ipv4`` copies it from there for every packet. In ip6 it does not: there the
    extension headers are walked.
    """
    return load(("nh",), 9, 1)


def ct(state: State, expr: Expr) -> None:
    """Load what conntrack knows of the flow, or set it."""
    found = expr.attrs
    key = number(found[2])
    source = ("ct", str(key), found.get(3, b"").hex())
    address = 4 if state.rule.family == "ip" else 16
    length = address if key in CT_ADDRESSES else length_of(CT_LENGTHS, key)
    if 4 in found:
        state.act("ct set", source, read(state, found[4], length))
        return
    state.preds.add(("has", *source))
    state.regs.write(number(found[1]), load(source, 0, length))


def length_of(known: dict[int, int], key: int) -> int:
    """Return how many bytes a key fills; raises Unknown where that is not known."""
    if key not in known:
        raise Unknown(str(key))
    return known[key]


def bitwise(state: State, expr: Expr) -> None:
    """Mask a register; raises Unknown for a shift."""
    found = expr.attrs
    if 6 in found and number(found[6]) != 0:
        raise Unknown("bitwise shift")
    length = number(found[3])
    mask, xor = (data_of(found[key]).ljust(length, b"\0") for key in (4, 5))
    value = read(state, found[1], length)
    state.regs.write(
        number(found[2]),
        [byte.bitwise(m, x) for byte, m, x in zip(value, mask, xor, strict=False)],
    )


def byteorder(state: State, expr: Expr) -> None:
    """Turn the byte order of a register round."""
    found = expr.attrs
    value = read(state, found[1], number(found[4]))
    state.regs.write(number(found[2]), swap(list(value), number(found[5])))
