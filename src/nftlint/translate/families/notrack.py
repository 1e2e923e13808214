"""Before connection tracking: CT, which leaves packets out of it, or sets their zone."""

from __future__ import annotations

from nftlint.nft.statement import Assign, Notrack
from nftlint.translate.context import Context, only_in
from nftlint.translate.intervals import Field
from nftlint.translate.operands import Key, key_of
from nftlint.translate.parts import Part, going_on
from nftlint.translate.values import constant, settle

_OPTIONS: dict[Key, str] = {
    ("ct", "zone"): "--zone",
    ("ct", "original", "zone"): "--zone-orig",
    ("ct", "reply", "zone"): "--zone-reply",
}
_ZONE = Field("a zone above 0", 65535, {})
_UNTRACKED = "a packet that an earlier rule took out of tracking stays out, which nft takes back in"


def notrack(statement: Notrack, ctx: Context) -> tuple[Part, ...]:
    """Translate ``notrack``, which lets the packet go on."""
    only_in("raw", statement, "has `CT --notrack`", ctx)
    return (going_on(("-j", "CT", "--notrack"), statement.span, writes="ct"),)


def zone(statement: Assign, ctx: Context) -> tuple[Part, ...]:
    """Translate ``ct zone set``, for both directions or one, which lets the packet go on."""
    only_in("raw", statement, "has `CT --zone`", ctx)
    value = constant(statement.value, statement.value, _ZONE.name)
    doubts = settle(value, _ZONE.name, ctx, valid=lambda text: bool(_ZONE.parse(text)))
    words = ("-j", "CT", _OPTIONS[key_of(statement.target)], value.text)
    return (going_on(words, statement.span, writes="ct", doubts=(_UNTRACKED, *doubts)),)


STATEMENTS = {Notrack: notrack}
ASSIGNS = dict.fromkeys(_OPTIONS, zone)
