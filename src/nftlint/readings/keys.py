"""The left side of a match: which field a selector means, and what else the rule must test."""

from __future__ import annotations

from typing import TypeAlias

from nftlint.holes import has_holes
from nftlint.nft.model import (
    BinaryOp,
    Concat,
    Expression,
    Fib,
    Hash,
    Literal,
    NumGen,
    Payload,
    Selector,
    Variable,
)
from nftlint.readings.constants import RefusedError, constant, numeral, text_of
from nftlint.readings.context import Context
from nftlint.readings.emit import bits_behind, byte_span
from nftlint.readings.facts import Field, description, meta_field, payload_field
from nftlint.readings.relation import Relation
from nftlint.readings.standins import StandIns
from nftlint.record import dataclass

NAMED = {
    "ct": "ct",
    "rt": "rt",
    "socket": "socket",
    "osf": "osf",
    "ipsec": "xfrm",
    "tunnel": "tunnel",
    "exthdr": "exthdr",
    "hbh": "exthdr",
    "dst": "exthdr",
    "frag": "exthdr",
    "mh": "exthdr",
    "rt0": "exthdr",
    "rt2": "exthdr",
    "rt4": "exthdr",
    "srh": "exthdr",
    "vxlan": "inner",
    "geneve": "inner",
    "gre": "inner",
    "gretap": "inner",
}


ROUTING_HEADER = frozenset({"type", "seg-left", "hdrlength", "nexthdr"})


@dataclass(frozen=True, slots=True)
class Key:
    """A field with the masks of ``field & mask ^ xor``, and the tests that go before.

    ``outer_xor`` is the value of a ``^`` that is applied last, ``inner`` mask and xor without it.
    """

    field: Field
    before: tuple[Relation, ...]
    mask: int | None = None
    xor: int = 0
    outer_xor: int | None = None
    inner: tuple[int | None, int] = (None, 0)

    @property
    def shifted(self) -> bool:
        """Tell whether nft shifts the field before it applies the operations to it."""
        return self.mask is not None and bits_behind(self.field) > 0


@dataclass(frozen=True, slots=True)
class Foreign:
    """Something that iptables-nft knows by name only; ``detail`` as in ``netlink.Other``."""

    name: str
    detail: str = ""


Left: TypeAlias = Key | Foreign


def left_side(expr: Expression, context: Context, standins: StandIns) -> Left:
    """Return what an expression looks at; raises ``RefusedError``."""
    match expr:
        case Selector():
            return _selector(expr, context)
        case Payload(base, offset, length):
            return Key(_raw(base, offset, length), ())
        case BinaryOp(op, left, right):
            return _operation(op, left_side(left, context, standins), right, standins)
        case Fib(inputs, result):
            return Foreign("fib", "iif" if "iif" in inputs else result)
        case NumGen():
            return Foreign("numgen")
        case Hash(key=key):
            _ask(key, context, standins)
            return Foreign("hash")
        case _:
            raise RefusedError("Relational expression has constant value")


def _ask(key: Expression | None, context: Context, standins: StandIns) -> None:
    """Take note of the protocols that a hashed key, or each part of it, is about."""
    for part in key.parts if isinstance(key, Concat) else (key,):
        if part is not None:
            left_side(part, context, standins)


def _raw(base: str, offset: Expression, length: Expression) -> Field:
    start, bits = (numeral(text_of(part), 32) for part in (offset, length))
    return Field(base, "raw", start, bits, "integer")


def _selector(expr: Selector, context: Context) -> Left:
    keys = expr.keys
    if keys[0] == "osf":
        return Foreign("osf", context.family)
    if keys[0] == "arp":
        context.require("arp", "")
    if len(keys) != 2 or keys[0] in NAMED or keys[1] == "option":
        return _foreign(keys)
    protocol, name = keys
    if protocol == "meta":
        return Key(_meta(name), ())
    if has_holes(protocol):
        protocol = _ordinary_protocol(name, context)
    found = payload_field(protocol, name) or payload_field(protocol, _ordinary_name(protocol, name))
    if found is None:
        return _foreign(keys)
    return Key(found, tuple(context.require(protocol, name)))


def _foreign(keys: tuple[str, ...]) -> Foreign:
    rest = keys[1:]
    if "option" in rest or (keys[0] == "rt" and rest and rest[0] in ROUTING_HEADER):
        return Foreign("exthdr")
    name = NAMED.get(keys[0], "exthdr")
    return Foreign(name, rest[0] if rest and name in {"ct", "rt", "xfrm"} else "")


def _meta(name: str) -> Field:
    if name == "nfproto":
        raise RefusedError("meta nfproto is only useful in the inet family")
    found = meta_field("mark" if has_holes(name) else name)
    if found is None:
        raise RefusedError(f"unknown meta key {name}")
    return found


def _ordinary_protocol(name: str, context: Context) -> str:
    """Return a protocol for a hole: the one that the rule is about, else tcp."""
    if name in {"saddr", "daddr"}:
        return context.family
    return context.transports[-1] if context.transports else "tcp"


def _ordinary_name(protocol: str, name: str) -> str:
    if not has_holes(name):
        return name
    return "saddr" if protocol in {"ip", "ip6"} else "dport"


def _operation(op: str, left: Left, right: Expression, standins: StandIns) -> Left:
    if isinstance(left, Foreign):
        return left
    if not isinstance(right, Literal | BinaryOp | Variable):
        raise RefusedError("Right hand side of binary operation must be constant")
    if op in {"<<", ">>"}:
        raise RefusedError(
            f"datatype mismatch, expected {description(left.field.type)}, "
            "expression has type integer"
        )
    value = constant(right, left.field, standins)
    return _masked(op, left, value)


def _masked(op: str, key: Key, value: int) -> Key:
    """Fold one more bit operation into mask and xor."""
    width = 8 * byte_span(key.field)[1] if bits_behind(key.field) else key.field.bits
    full = (1 << width) - 1
    mask = full if key.mask is None else key.mask
    keep, flip = {"&": (value, 0), "|": (full & ~value, value), "^": (full, value)}[op]
    return Key(
        key.field,
        key.before,
        mask & keep,
        flip ^ (key.xor & keep),
        outer_xor=value if op == "^" else None,
        inner=(key.mask, key.xor),
    )
