"""Every n-th packet, or some at random: ``-m statistic``."""

from __future__ import annotations

from nftlint.nft.expression import NumGen
from nftlint.nft.statement import Match
from nftlint.translate.context import Context, cannot
from nftlint.translate.intervals import Field, intervals
from nftlint.translate.operands import items, selector
from nftlint.translate.parts import Atom, Test
from nftlint.translate.values import constant, number

_DRAWN = 2**32
"""How many numbers nft draws from."""
_ROUNDED = "iptables rounds the probability to 31 bits"


def statistic(match: Match, ctx: Context) -> Test:
    """Translate ``numgen`` compared with one number."""
    del ctx
    left = match.left
    if not isinstance(left, NumGen) or left.offset is not None:
        return cannot(match.left, "iptables has no offset for these numbers")
    modulus = number(constant(left.modulus, left, "a number").text)
    values = [constant(item, match.right, "a number") for item in items(match.right, "a number")]
    value = number(values[0].text) if len(values) == 1 else None
    if not modulus or value is None:
        return cannot(match, "iptables takes one number, which has to be known here")
    return (_nth if left.mode == "inc" else _random)(match, modulus, value)


def _nth(match: Match, every: int, packet: int) -> Test:
    """Take the packet of one number; both begin with 0."""
    if match.op != "==" or packet >= every:
        cannot(match, "iptables takes one packet of every few")
    words = ("-m", "statistic", "--mode", "nth", "--every", str(every), "--packet", str(packet))
    return Test(((Atom("statistic", words, match.span),),), match.span, stateful=True)


def _random(match: Match, modulus: int, value: int) -> Test:
    """Take a share of the packets; one of 2**n parts is exact in both."""
    share = {"==": 1, "<": value, "<=": value + 1}.get(match.op, 0)
    if not 0 < share < modulus or (match.op == "==" and value >= modulus):
        cannot(match, "iptables takes a share of the packets, more than none and less than all")
    text = _probability(share, modulus)
    return _drawn(match, text, exact=float(text) * modulus == share and modulus.bit_count() == 1)


def share(match: Match, ctx: Context) -> Test:
    """Translate ``meta random < N``: a share of the packets, exact where N is even."""
    selector(match)
    wanted = intervals(match, Field("a random number", _DRAWN - 1, {}), ctx)
    item = wanted.items[0]
    if len(wanted.items) != 1 or wanted.negated or item.first is None or item.final is None:
        return cannot(match, "iptables takes one share of the packets, which has to be known here")
    size = item.final - item.first + 1
    if size == _DRAWN:
        return cannot(match, "this is always true")
    text = _probability(size, _DRAWN)
    return _drawn(match, text, exact=round(float(text) * _DRAWN / 2) * 2 == size)


def _probability(share: int, of: int) -> str:
    return f"{share / of:.10f}".rstrip("0")


def _drawn(match: Match, probability: str, *, exact: bool) -> Test:
    words = ("-m", "statistic", "--mode", "random", "--probability", probability)
    atom = Atom("statistic", words, match.span)
    return Test(((atom,),), match.span, stateful=True, doubts=() if exact else (_ROUNDED,))


TESTS = {("numgen",): statistic, ("meta", "random"): share}
