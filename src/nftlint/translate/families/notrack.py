"""Leaving packets out of connection tracking: CT."""

from __future__ import annotations

from nftlint.nft.statement import Notrack
from nftlint.translate.context import Context, cannot
from nftlint.translate.parts import Part, Target


def notrack(statement: Notrack, ctx: Context) -> tuple[Part, ...]:
    """Translate ``notrack``, which lets the packet go on."""
    if ctx.table != "raw":
        cannot(statement, f"iptables has `CT --notrack` in the table raw only, not in {ctx.table}")
    words = ("-j", "CT", "--notrack")
    writes = frozenset({"ct"})
    return (Target(words, statement.span, last=False, returns=True, writes=writes),)


STATEMENTS = {Notrack: notrack}
