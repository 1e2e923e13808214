"""Changing packets: TTL, HL, DSCP, TCPMSS."""

from __future__ import annotations

from nftlint.nft.expression import Expression, Selector
from nftlint.nft.statement import Assign
from nftlint.translate.context import Context, cannot
from nftlint.translate.intervals import Field
from nftlint.translate.operands import Key, key_of
from nftlint.translate.parts import Part, Target
from nftlint.translate.symbols import DSCP
from nftlint.translate.values import constant, settle

_ADDS_OPTION = "iptables adds the option to SYN packets that have none, and nft does not"
_FIELDS: dict[Key, tuple[tuple[str, str], Field, str]] = {
    ("ip", "ttl"): (("TTL", "--ttl-set"), Field("a hop count", 255, {}), "hops"),
    ("ip6", "hoplimit"): (("HL", "--hl-set"), Field("a hop count", 255, {}), "hops"),
    ("ip", "dscp"): (("DSCP", "--set-dscp"), Field("a dscp", 63, DSCP), "tos"),
    ("ip6", "dscp"): (("DSCP", "--set-dscp"), Field("a dscp", 63, DSCP), "tos"),
}


def assign(statement: Assign, ctx: Context) -> tuple[Part, ...]:
    """Translate ``ip ttl set``, ``ip dscp set`` and their like, which let the packet go on."""
    key = key_of(statement.target)
    if key[0] != ctx.family:
        cannot(statement, f"a rule of family {ctx.family} has no {key[0]} header")
    (name, option), field, written = _FIELDS[key]
    if ctx.table != "mangle":
        cannot(statement, f"iptables has {name} in the table mangle only, not in {ctx.table}")
    value = constant(statement.value, statement.value, field.name)
    doubts = settle(value, field.name, ctx, valid=lambda text: field.parse(text) is not None)
    known = field.parse(value.text)
    text = value.text if known is None else str(known)
    words = ("-j", name, option, text)
    writes = frozenset({written})
    target = Target(words, statement.span, last=False, returns=True, writes=writes, doubts=doubts)
    return (target,)


def maximum_segment(statement: Assign, ctx: Context) -> tuple[Part, ...]:
    """Translate ``tcp option maxseg size set``, to a number or to what the route takes."""
    value = statement.value
    by_route = isinstance(value, Selector) and key_of(value) == ("rt", "mtu")
    words, doubts = (("--clamp-mss-to-pmtu",), ()) if by_route else _segment(value, ctx)
    target = Target(
        ("-j", "TCPMSS", *words),
        statement.span,
        last=False,
        returns=True,
        protocols=("tcp",),
        asks="--tcp-flags",
        doubts=(_ADDS_OPTION, *doubts),
    )
    return (target,)


def _segment(value: Expression, ctx: Context) -> tuple[tuple[str, ...], tuple[str, ...]]:
    literal = constant(value, value, "a segment size")
    field = Field("a segment size", 65535, {})
    doubts = settle(literal, field.name, ctx, valid=lambda text: field.parse(text) is not None)
    return ("--set-mss", literal.text), doubts


ASSIGNS = dict.fromkeys(_FIELDS, assign) | {("tcp", "option", "maxseg", "size"): maximum_segment}
