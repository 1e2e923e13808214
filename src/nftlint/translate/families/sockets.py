"""What the packet's socket says: ``-m socket``, ``-m cgroup``."""

from __future__ import annotations

from nftlint.nft.statement import Match
from nftlint.record import replace
from nftlint.translate.asking import asked, exists, one_number
from nftlint.translate.context import Context, cannot, reach
from nftlint.translate.intervals import Field, intervals
from nftlint.translate.operands import selector
from nftlint.translate.parts import Atom, Test, single

_SOCKET_HOOKS = ("PREROUTING", "INPUT")
_GROUP_HOOKS = ("INPUT", "OUTPUT", "POSTROUTING")
_ANSWERS = "iptables finds no control group for the answer to a SYN, nft that of the listener"


def transparent(match: Match, ctx: Context) -> Test:
    """Translate ``socket transparent 1``: both look up the same socket by the same function."""
    doubts = reach(match, "-m socket", _SOCKET_HOOKS, ctx)
    if not exists(match):
        cannot(match, "iptables cannot ask for a socket that is not transparent")
    words = ("-m", "socket", "--transparent", "--nowildcard")
    return single(Atom("", words, match.span), doubts=doubts)


def control_group(match: Match, ctx: Context) -> Test:
    """Translate ``meta cgroup``: the class of the net_cls controller."""
    selector(match)
    reached = reach(match, "-m cgroup", _GROUP_HOOKS, ctx)
    wanted = intervals(match, Field("a class of control groups", 2**32 - 1, {}), ctx)
    one_number(match, wanted)
    test = asked(match, wanted, ("-m", "cgroup", "--cgroup"))
    return replace(test, doubts=(*reached, *test.doubts, _ANSWERS))


TESTS = {("socket", "transparent"): transparent, ("meta", "cgroup"): control_group}
