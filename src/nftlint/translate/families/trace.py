"""Tracing: TRACE."""

from __future__ import annotations

from nftlint.nft.expression import Literal
from nftlint.nft.statement import Assign
from nftlint.translate.context import Context, cannot, only_in
from nftlint.translate.parts import Part, going_on


def trace(statement: Assign, ctx: Context) -> tuple[Part, ...]:
    """Translate ``meta nftrace set 1``, which lets the packet go on."""
    only_in("raw", statement, "traces by TRACE,", ctx)
    value = statement.value
    if not isinstance(value, Literal) or value.text != "1":
        cannot(value, "iptables cannot end a trace")
    return (going_on(("-j", "TRACE"), statement.span),)


ASSIGNS = {("meta", "nftrace"): trace}
