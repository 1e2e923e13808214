"""Who a packet was sent to on the link: ``-m pkttype``."""

from __future__ import annotations

from nftlint.nft.expression import Expression
from nftlint.nft.statement import Match
from nftlint.translate.context import Context, cannot
from nftlint.translate.operands import operand, selector
from nftlint.translate.parts import Atom, Test, negation, one_of
from nftlint.translate.values import constant

_WORDS = {"host": "unicast", "unicast": "unicast", "broadcast": "broadcast"}
_WORDS |= {"multicast": "multicast", "0": "unicast", "1": "broadcast", "2": "multicast"}


def packet_type(match: Match, ctx: Context) -> Test:
    """Translate ``meta pkttype``."""
    del ctx
    selector(match)
    wanted = operand(match, "a packet type")
    words = dict.fromkeys(_word(item, match) for item in wanted.items)
    atoms = tuple(
        Atom("", ("-m", "pkttype", *negation(wanted.negated), "--pkt-type", word), match.span)
        for word in words
    )
    cases = one_of(atoms, negated=wanted.negated)
    return Test(cases, match.span)


def _word(item: Expression, match: Match) -> str:
    text = constant(item, match.right, "a packet type").text
    if text not in _WORDS:
        cannot(item, f"iptables has no packet type `{text}`")
    return _WORDS[text]


TESTS = {("meta", "pkttype"): packet_type}
