"""Counters: every iptables rule has one, so that they need no word but for first numbers."""

from __future__ import annotations

from nftlint.nft.expression import Expression
from nftlint.nft.statement import Counter
from nftlint.translate.context import Context
from nftlint.translate.parts import Count, Part
from nftlint.translate.values import at_most, constant, number, settle

_MOST = 2**64 - 1


def counter(statement: Counter, ctx: Context) -> tuple[Part, ...]:
    """Translate ``counter``; where a match follows it, the rule so far counts by itself."""
    if statement.packets is None and statement.bytes_ is None:
        return (Count(None, None, statement.span),)
    packets, doubts = _number(statement.packets, ctx)
    bytes_, more = _number(statement.bytes_, ctx)
    if (packets, bytes_) == ("0", "0"):
        return (Count(None, None, statement.span),)
    return (Count(packets, bytes_, statement.span, (*doubts, *more)),)


def _number(value: Expression | None, ctx: Context) -> tuple[str, tuple[str, ...]]:
    if value is None:
        return "0", ()
    literal = constant(value, value, "a count")
    return literal.text, settle(literal, "a count", ctx, valid=_is_count)


def _is_count(text: str) -> bool:
    return at_most(text, _MOST) and not (text.startswith("0") and number(text))


STATEMENTS = {Counter: counter}
