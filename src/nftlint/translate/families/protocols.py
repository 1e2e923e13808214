"""The protocol of the packet's payload: ``-p``."""

from __future__ import annotations

from nftlint.holes import has_holes
from nftlint.nft.statement import Match
from nftlint.translate import protocols
from nftlint.translate.context import Context, cannot
from nftlint.translate.intervals import Field, Interval, intervals
from nftlint.translate.operands import key_of, operand, selector
from nftlint.translate.parts import Atom, Test, negation
from nftlint.translate.values import constant, fillings

_FIELD = Field("a protocol", 255, protocols.NUMBERS)
_MOST = 16
_EXTENSIONS = {0, 43, 44, 60}
"""IPv6 extension headers, which are never what ``-p`` compares."""


def layer4(match: Match, ctx: Context) -> Test:
    """Translate ``meta l4proto`` and, in IPv4, ``ip protocol``, which is the same there."""
    selector(match)
    if key_of(match.left)[0] == "ip" and ctx.family != "ip":
        cannot(match.left, "an ip6 rule has no ip header")
    wanted = intervals(match, _FIELD, ctx)
    words = tuple(word for item in wanted.items for word in _words(item, ctx))
    if wanted.negated and len(words) > 1:
        cannot(match, "iptables takes one negated protocol in a rule")
    atoms = (_atom(match, word, ctx, negated=wanted.negated) for word in words)
    return Test(
        tuple((atom,) for atom in atoms), match.span, overlap=wanted.overlap, doubts=wanted.doubts
    )


def _atom(match: Match, word: str, ctx: Context, *, negated: bool) -> Atom:
    """Return ``-p``, or the match for AH, which is an extension header to ip6tables."""
    if ctx.family == "ip" or word != "ah":
        known = fillings(word, ctx) if has_holes(word) else None
        return Atom("-p", (*negation(negated), "-p", word), match.span, known=known or ())
    if negated:
        cannot(match, "ip6tables asks for AH as an extension header, and cannot negate that")
    return Atom("", ("-m", "ah"), match.span)


def _words(item: Interval, ctx: Context) -> list[str]:
    if item.first is None or item.final is None:
        if has_holes(item.low) and item.one:
            return [item.low]
        return cannot(item, "iptables has no range of protocols")
    numbers = range(item.first, item.final + 1)
    if len(numbers) > _MOST:
        cannot(item, "iptables has no range of protocols")
    if 0 in numbers:
        cannot(item, "protocol 0 means all protocols to iptables")
    if ctx.family == "ip6" and _EXTENSIONS.intersection(numbers):
        cannot(item, "iptables cannot ask for an extension header by `-p`")
    return [protocols.word(number) for number in numbers]


def next_header(match: Match, ctx: Context) -> Test:
    """Translate ``ip6 nexthdr``: the protocol, and that no extension header comes before it."""
    selector(match)
    if ctx.family != "ip6":
        cannot(match.left, "an ip rule has no ip6 header")
    test = layer4(match, ctx)
    if any("!" in atom.words for case in test.cases for atom in case):
        cannot(match, "iptables asks for the last header, nft for the first: use `meta l4proto`")
    if any(atom.words[1] in {"50", "esp", "59", "ah"} for case in test.cases for atom in case):
        cannot(match, "ip6tables counts this as an extension header: use `meta l4proto`")
    plain = Atom("", ("-m", "ipv6header", "--header", "prot"), match.span)
    cases = tuple((*case, plain) for case in test.cases)
    return Test(cases, match.span, overlap=test.overlap, doubts=test.doubts)


def network(match: Match, ctx: Context) -> Test:
    """Translate ``meta protocol``: the family of the rule says it already."""
    wanted = operand(match, "a network protocol")
    words = {constant(item, match.right, "a network protocol").text for item in wanted.items}
    own = {"ip": {"ip", "0x0800", "0x800"}, "ip6": {"ip6", "0x86dd"}}[ctx.family]
    if wanted.negated or len(words) != 1 or not words & own:
        cannot(match, f"a rule of family {ctx.family} sees no other network protocol")
    return Test(((),), match.span)


TESTS = {
    ("meta", "l4proto"): layer4,
    ("ip", "protocol"): layer4,
    ("ip6", "nexthdr"): next_header,
    ("meta", "protocol"): network,
}
