"""Rate limits: ``-m limit``."""

from __future__ import annotations

from nftlint.nft.expression import Literal
from nftlint.nft.statement import Limit
from nftlint.translate.context import Context, cannot
from nftlint.translate.parts import Atom, Part, Test
from nftlint.translate.values import constant, number, settle

_SCALE = 10_000
_BYTES = "`-m limit` counts packets, not bytes: `-m hashlimit` has rates of bytes, in other steps"
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_DEFAULT_BURST = "5"
"""Of nft and of iptables alike."""


def limit(statement: Limit, ctx: Context) -> tuple[Part, ...]:
    """Translate ``limit rate N/unit burst N packets``."""
    if statement.over:
        cannot(
            statement,
            "iptables has no `limit over`: let what is within the limit `-j RETURN` by "
            "`-m limit` in a chain of its own, or use hashlimit, which counts in coarser steps",
        )
    if statement.unit != "packets":
        cannot(statement, _BYTES)
    if statement.per not in _SECONDS:
        cannot(statement, f"iptables has no limit per {statement.per}: write it per day")
    rate = constant(statement.rate, statement.rate, "a rate")
    _check_rate(rate, statement.per)
    doubts = settle(rate, "a rate", ctx, valid=lambda text: exact(text, statement.per))
    words = ("-m", "limit", "--limit", f"{rate.text}/{statement.per}")
    burst, more = _burst(statement, ctx)
    atom = Atom("limit", (*words, *burst), statement.span)
    test = Test(((atom,),), statement.span, stateful=True, doubts=(*doubts, *more))
    return (test,)


def _check_rate(rate: Literal, per: str) -> None:
    value = number(rate.text)
    if value and not exact(rate.text, per):
        same, unit = kept(value, per)
        cannot(
            rate,
            f"iptables would make {same}/{unit} of this rate"
            if same
            else "iptables has no rate so high",
        )


def _burst(statement: Limit, ctx: Context) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if statement.burst is None:
        return (), ()
    burst = constant(statement.burst, statement.burst, "a burst")
    doubts = settle(burst, "a burst", ctx, valid=_is_burst)
    return (() if burst.text == _DEFAULT_BURST else ("--limit-burst", burst.text)), doubts


def _is_burst(text: str) -> bool:
    value = number(text)
    return value is not None and 0 < value <= _SCALE


def kept(rate: int, per: str) -> tuple[int, str]:
    """Return the rate that iptables makes of this one, ``(0, per)`` if it takes none so high.

    It keeps the time between two packets in ten-thousandths of a second, and from that works out a
    rate again, by the largest unit that divides it well enough. Measured with iptables 1.8.9 for
    1,306 rates, all of which this computes alike.
    """
    time = _SCALE * _SECONDS[per] // rate
    if time == 0:
        return 0, per
    chosen, *smaller = reversed(_SECONDS)
    for unit in smaller:
        whole = _SCALE * _SECONDS[unit]
        if time > whole or whole // time < whole % time:
            break
        chosen = unit
    return _SCALE * _SECONDS[chosen] // time, chosen


def exact(text: str, per: str) -> bool:
    """Tell whether iptables keeps this rate as it is written."""
    rate = number(text)
    if not rate or text.startswith("0"):
        return False
    same, unit = kept(rate, per)
    return same * _SECONDS[per] == rate * _SECONDS[unit]


STATEMENTS = {Limit: limit}
