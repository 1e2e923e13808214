"""Changing packets: TTL, HL, DSCP, TOS, TCPMSS, CLASSIFY."""

from __future__ import annotations

from nftlint.nft.expression import Expression, Selector
from nftlint.nft.statement import Assign
from nftlint.patterns import compiled
from nftlint.record import replace
from nftlint.translate.context import Context, cannot, only_in, reach
from nftlint.translate.intervals import Field
from nftlint.translate.operands import Key, key_of
from nftlint.translate.parts import Part, going_on
from nftlint.translate.symbols import DSCP
from nftlint.translate.values import constant, settle

_ADDS_OPTION = "iptables adds the option to SYN packets that have none, and nft does not"
_FIELDS: dict[Key, tuple[tuple[str, str], Field, str]] = {
    ("ip", "ttl"): (("TTL", "--ttl-set"), Field("a hop count", 255, {}), "hops"),
    ("ip6", "hoplimit"): (("HL", "--hl-set"), Field("a hop count", 255, {}), "hops"),
    ("ip", "dscp"): (("DSCP", "--set-dscp"), Field("a dscp", 63, DSCP), "tos"),
    ("ip6", "dscp"): (("DSCP", "--set-dscp"), Field("a dscp", 63, DSCP), "tos"),
}
_ECN = Field("an ecn codepoint", 3, {"not-ect": 0, "ect1": 1, "ect0": 2, "ce": 3})
_CLASS = compiled(r"[0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,4}\Z")
_CLASSIFY_HOOKS = ("FORWARD", "OUTPUT", "POSTROUTING")


def assign(statement: Assign, ctx: Context) -> tuple[Part, ...]:
    """Translate ``ip ttl set``, ``ip dscp set`` and their like, which let the packet go on."""
    key = key_of(statement.target)
    if key[0] != ctx.family:
        cannot(statement, f"a rule of family {ctx.family} has no {key[0]} header")
    (name, option), field, written = _FIELDS[key]
    only_in("mangle", statement, f"has {name}", ctx)
    value = constant(statement.value, statement.value, field.name)
    doubts = settle(value, field.name, ctx, valid=lambda text: field.parse(text) is not None)
    known = field.parse(value.text)
    text = value.text if known is None else str(known)
    words = ("-j", name, option, text)
    return (going_on(words, statement.span, writes=written, doubts=doubts),)


def maximum_segment(statement: Assign, ctx: Context) -> tuple[Part, ...]:
    """Translate ``tcp option maxseg size set``, to a number or to what the route takes."""
    value = statement.value
    by_route = isinstance(value, Selector) and key_of(value) == ("rt", "mtu")
    words, doubts = (("--clamp-mss-to-pmtu",), ()) if by_route else _segment(value, ctx)
    words, doubts = ("-j", "TCPMSS", *words), (_ADDS_OPTION, *doubts)
    target = going_on(words, statement.span, protocols=("tcp",), doubts=doubts)
    return (replace(target, asks="--tcp-flags"),)


def _segment(value: Expression, ctx: Context) -> tuple[tuple[str, ...], tuple[str, ...]]:
    literal = constant(value, value, "a segment size")
    field = Field("a segment size", 65535, {})
    doubts = settle(literal, field.name, ctx, valid=lambda text: field.parse(text) is not None)
    return ("--set-mss", literal.text), doubts


def congestion(statement: Assign, ctx: Context) -> tuple[Part, ...]:
    """Translate ``ip ecn set``: the two lower bits of the type of service."""
    only_in("mangle", statement, "has TOS", ctx)
    if key_of(statement.target)[0] != ctx.family:
        cannot(statement, f"a rule of family {ctx.family} has no such header")
    value = constant(statement.value, statement.value, _ECN.name)
    known = _ECN.parse(value.text)
    if known is None:
        return cannot(value, f"`{value.text}` is not {_ECN.name} that is known here")
    words = ("-j", "TOS", "--set-tos", f"0x{known:02x}/0x03")
    return (going_on(words, statement.span, writes="tos"),)


def priority(statement: Assign, ctx: Context) -> tuple[Part, ...]:
    """Translate ``meta priority set``, to a class of a queue."""
    doubts = reach(statement, "CLASSIFY", _CLASSIFY_HOOKS, ctx)
    value = constant(statement.value, statement.value, "a class")
    more = settle(value, "a class `MAJOR:MINOR`", ctx, valid=lambda text: bool(_CLASS.match(text)))
    words = ("-j", "CLASSIFY", "--set-class", value.text)
    return (going_on(words, statement.span, writes="priority", doubts=(*doubts, *more)),)


ASSIGNS = dict.fromkeys(_FIELDS, assign) | {
    ("tcp", "option", "maxseg", "size"): maximum_segment,
    ("ip", "ecn"): congestion,
    ("ip6", "ecn"): congestion,
    ("meta", "priority"): priority,
}
