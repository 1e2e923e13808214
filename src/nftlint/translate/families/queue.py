"""Handing packets to a program: NFQUEUE."""

from __future__ import annotations

from nftlint.nft.expression import Hash, Literal, MapLookup, NumGen, Range
from nftlint.nft.statement import Queue
from nftlint.translate.context import Context, cannot
from nftlint.translate.parts import Part, Target
from nftlint.translate.values import at_most, constant, settle

_LAST = 65535
_FLAGS = {"bypass": "--queue-bypass", "fanout": "--queue-cpu-fanout"}


def queue(statement: Queue, ctx: Context) -> tuple[Part, ...]:
    """Translate ``queue``, to one number or a range of them."""
    words, doubts = _numbers(statement, ctx)
    if "fanout" in statement.flags and not isinstance(statement.numbers, Range):
        cannot(statement, "iptables fans out over several queues only")
    flags = tuple(option for flag, option in _FLAGS.items() if flag in statement.flags)
    words = ("-j", "NFQUEUE", *words, *flags)
    return (Target(words, statement.span, last=True, returns=False, doubts=doubts),)


def _numbers(statement: Queue, ctx: Context) -> tuple[tuple[str, ...], tuple[str, ...]]:
    value = statement.numbers
    if value is None:
        return (), ()
    if isinstance(value, Range):
        low, high = (constant(end, value, "a queue number") for end in (value.low, value.high))
        doubts = (*_settle(low, ctx), *_settle(high, ctx))
        return ("--queue-balance", f"{low.text}:{high.text}"), doubts
    if isinstance(value, Hash | NumGen | MapLookup):
        cannot(value, "iptables spreads packets over queues by its own hash alone: `queue to 0-3`")
    literal = constant(value, value, "a queue number")
    return ("--queue-num", literal.text), _settle(literal, ctx)


def _settle(literal: Literal, ctx: Context) -> tuple[str, ...]:
    return settle(literal, "a queue number", ctx, valid=lambda text: at_most(text, _LAST))


STATEMENTS = {Queue: queue}
