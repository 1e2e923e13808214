"""IPsec: indexes by ``-m esp`` and ``-m ah``, and that a packet is transformed by ``-m policy``."""

from __future__ import annotations

from nftlint.nft.statement import Match
from nftlint.translate.asking import exists, number_of
from nftlint.translate.context import Context, reach
from nftlint.translate.intervals import Field
from nftlint.translate.operands import key_of
from nftlint.translate.parts import Atom, Test, protocol, single

_FIELD = Field("an index", 2**32 - 1, {})
_SIDES = {
    ("meta", "ipsec"): ("in", ("PREROUTING", "INPUT", "FORWARD")),
    ("rt", "ipsec"): ("out", ("FORWARD", "OUTPUT", "POSTROUTING")),
}


def index(match: Match, ctx: Context) -> Test:
    """Translate ``esp spi`` and ``ah spi``; AH is an extension header to ip6tables."""
    name = key_of(match.left)[0]
    extension = name == "ah" and ctx.family == "ip6"
    before = () if extension else (protocol(name, match.span),)
    return number_of(match, _FIELD, ("-m", name, f"--{name}spi"), ctx, *before)


def transformed(match: Match, ctx: Context) -> Test:
    """Translate ``meta ipsec`` (it came through IPsec) and ``rt ipsec`` (it will go through it)."""
    key = key_of(match.left)
    side, hooks = _SIDES[key[0], key[1]]
    doubts = reach(match, f"--dir {side}", hooks, ctx)
    policy = "ipsec" if exists(match) else "none"
    words = ("-m", "policy", "--dir", side, "--pol", policy)
    return single(Atom("", words, match.span), doubts=doubts)


TESTS = {("esp", "spi"): index, ("ah", "spi"): index} | dict.fromkeys(_SIDES, transformed)
