"""Link layer and socket facts: mac, cgroup, cpu, realm."""

from __future__ import annotations

from nftlint.nft.expression import Literal
from nftlint.nft.statement import Match
from nftlint.patterns import compiled
from nftlint.translate.context import Context, cannot, reach
from nftlint.translate.intervals import Field, intervals
from nftlint.translate.operands import key_of, operand, selector
from nftlint.translate.parts import Atom, Test, negation, single
from nftlint.translate.values import constant, settle

_MAC = compiled(r"[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}\Z")
_MAC_HOOKS = ("PREROUTING", "INPUT", "FORWARD")
_REALM_HOOKS = ("INPUT", "FORWARD", "OUTPUT", "POSTROUTING")
_NUMBERS = {
    "cpu": ("cpu", "--cpu"),
    "rtclassid": ("realm", "--realm"),
    "classid": ("realm", "--realm"),
}


def source_mac(match: Match, ctx: Context) -> Test:
    """Translate ``ether saddr``, where a packet has come over a link."""
    selector(match)
    reached = reach(match, "-m mac", _MAC_HOOKS, ctx)
    wanted = operand(match, "a hardware address")
    literals = [constant(item, match.right, "a hardware address") for item in wanted.items]
    if wanted.negated:
        cannot(match, "iptables' negation is also true of packets without a hardware address")
    doubts = tuple(doubt for each in literals for doubt in _settle_mac(each, ctx))
    cases = tuple(
        (Atom("", ("-m", "mac", "--mac-source", text), match.span),)
        for text in dict.fromkeys(each.text for each in literals)
    )
    return Test(
        cases, match.span, overlap=len(cases) > 1 and bool(doubts), doubts=(*reached, *doubts)
    )


def _settle_mac(literal: Literal, ctx: Context) -> tuple[str, ...]:
    return settle(literal, "a hardware address", ctx, valid=lambda text: bool(_MAC.match(text)))


def numbered(match: Match, ctx: Context) -> Test:
    """Translate ``meta cpu``, ``meta rtclassid`` and ``rt classid``: one number."""
    selector(match)
    module, option = _NUMBERS[key_of(match.left)[1]]
    if module == "realm" and ctx.family != "ip":
        cannot(match.left, "ip6tables has no `-m realm`")
    reached = reach(match, "-m realm", _REALM_HOOKS, ctx) if module == "realm" else ()
    wanted = intervals(match, Field("a number", 2**32 - 1, {}), ctx)
    if len(wanted.items) != 1 or not wanted.items[0].one:
        cannot(match, "iptables asks for one number in a rule")
    words = ("-m", module, *negation(wanted.negated), option, wanted.items[0].low)
    return single(Atom("", words, match.span), doubts=(*reached, *wanted.doubts))


TESTS = {("ether", "saddr"): source_mac} | {
    ("meta", "cpu"): numbered,
    ("meta", "rtclassid"): numbered,
    ("rt", "classid"): numbered,
}
