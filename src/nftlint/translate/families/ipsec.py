"""Security parameter indexes: ``-m esp``, ``-m ah``."""

from __future__ import annotations

from nftlint.nft.statement import Match
from nftlint.translate.context import Context, cannot
from nftlint.translate.intervals import Field, intervals
from nftlint.translate.operands import key_of, selector
from nftlint.translate.parts import Atom, Test, negation, protocol

_FIELD = Field("an index", 2**32 - 1, {})


def index(match: Match, ctx: Context) -> Test:
    """Translate ``esp spi`` and, in IPv4, ``ah spi``."""
    selector(match)
    name = key_of(match.left)[0]
    if name == "ah" and ctx.family != "ip":
        cannot(match.left, "ip6tables takes this for an extension header")
    wanted = intervals(match, _FIELD, ctx)
    before = protocol(name, match.span)
    atoms = tuple(
        Atom("", ("-m", name, *negation(wanted.negated), f"--{name}spi", item.text()), match.span)
        for item in wanted.items
    )
    cases = ((before, *atoms),) if wanted.negated else tuple((before, atom) for atom in atoms)
    return Test(cases, match.span, overlap=wanted.overlap, doubts=wanted.doubts)


TESTS = {("esp", "spi"): index, ("ah", "spi"): index}
