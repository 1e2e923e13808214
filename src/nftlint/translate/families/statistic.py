"""Every n-th packet, or some at random: ``-m statistic``."""

from __future__ import annotations

from nftlint.nft.expression import NumGen
from nftlint.nft.statement import Match
from nftlint.translate.context import Context, cannot
from nftlint.translate.operands import operand
from nftlint.translate.parts import Atom, Test
from nftlint.translate.values import constant, number


def statistic(match: Match, ctx: Context) -> Test:
    """Translate ``numgen inc mod N == K``, which begins with 0 as iptables does."""
    del ctx
    if not isinstance(match.left, NumGen) or match.left.mode != "inc" or match.left.offset:
        return cannot(
            match.left, "iptables draws by a probability of 31 bits, which is not quite the same"
        )
    wanted = operand(match, "a number")
    if wanted.negated or len(wanted.items) != 1:
        cannot(match, "iptables takes one packet of every few")
    every = number(constant(match.left.modulus, match.left, "a number").text)
    packet = number(constant(wanted.items[0], match.right, "a number").text)
    if every is None or packet is None or not packet < every:
        return cannot(match, "this is never true, or its numbers are not known here")
    words = ("-m", "statistic", "--mode", "nth", "--every", str(every), "--packet", str(packet))
    return Test(((Atom("statistic", words, match.span),),), match.span, stateful=True)


TESTS = {("numgen",): statistic}
