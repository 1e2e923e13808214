"""The number of connections: ``-m connlimit``."""

from __future__ import annotations

from nftlint.nft.statement import CtCount
from nftlint.translate.context import Context
from nftlint.translate.parts import Atom, Part, Test
from nftlint.translate.values import at_most, constant, settle

_MOST = 2**32 - 1
_ZONES = "iptables counts the connections of each conntrack zone by themselves, nft all of them"


def count(statement: CtCount, ctx: Context) -> tuple[Part, ...]:
    """Translate ``ct count``: over all connections that come to the rule."""
    literal = constant(statement.count, statement.count, "a number of connections")
    doubts = settle(
        literal, "a number of connections", ctx, valid=lambda text: at_most(text, _MOST)
    )
    option = "--connlimit-above" if statement.over else "--connlimit-upto"
    words = ("-m", "connlimit", option, literal.text, "--connlimit-mask", "0")
    atom = Atom("connlimit", words, statement.span)
    test = Test(((atom,),), statement.span, stateful=True, doubts=(_ZONES, *doubts))
    return (test,)


STATEMENTS = {CtCount: count}
