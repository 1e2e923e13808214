"""Fields of the IP header and the length: ttl, hl, dscp, ecn, length, fragments."""

from __future__ import annotations

from nftlint.nft.expression import BinaryOp
from nftlint.nft.statement import Match
from nftlint.translate.context import Context, cannot
from nftlint.translate.intervals import Field, Interval, Intervals, intervals, outside
from nftlint.translate.operands import key_of, operand, selector
from nftlint.translate.parts import Atom, Case, Test, negation, one_of, single
from nftlint.translate.symbols import DSCP
from nftlint.translate.values import constant, number

_MOST = 16
_HOPS = {"ttl": ("ttl", "--ttl"), "hoplimit": ("hl", "--hl")}
_ECN = {"not-ect": 0, "ect1": 1, "ect0": 2, "ce": 3}
_IP6_HEADER = 40
_LONGEST = 65535
_FRAGMENT = 0x1FFF


def _family(match: Match, ctx: Context) -> None:
    name = key_of(match.left)[0]
    if name in {"ip", "ip6"} and name != ctx.family:
        cannot(match.left, f"a rule of family {ctx.family} has no {name} header")
    selector(match)


def hops(match: Match, ctx: Context) -> Test:
    """Translate ``ip ttl`` and ``ip6 hoplimit``."""
    _family(match, ctx)
    module, option = _HOPS[key_of(match.left)[1]]
    wanted = intervals(match, Field("a hop count", 255, {}), ctx)
    if wanted.negated and all(item.one for item in wanted.items):
        atoms = tuple(_unlike(match, module, option, item) for item in wanted.items)
        return Test((atoms,), match.span, frozenset({"hops"}), doubts=wanted.doubts)
    ranges = outside(wanted, 255) if wanted.negated else wanted.items
    cases = tuple(_within(match, module, option, item) for item in ranges)
    return Test(
        cases, match.span, frozenset({"hops"}), overlap=wanted.overlap, doubts=wanted.doubts
    )


def _unlike(match: Match, module: str, option: str, item: Interval) -> Atom:
    return Atom("", ("-m", module, "!", f"{option}-eq", item.low), match.span)


def _within(match: Match, module: str, option: str, item: Interval) -> Case:
    if item.one:
        return (Atom("", ("-m", module, f"{option}-eq", item.low), match.span),)
    if item.first is None or item.final is None:
        return cannot(item, "iptables has less and greater, for which the numbers are needed")
    atoms: list[Atom] = []
    if item.first > 0:
        words = ("-m", module, f"{option}-gt", str(item.first - 1))
        atoms.append(Atom("", words, match.span))
    if item.final < 255:
        words = ("-m", module, f"{option}-lt", str(item.final + 1))
        atoms.append(Atom("", words, match.span))
    return tuple(atoms)


def dscp(match: Match, ctx: Context) -> Test:
    """Translate ``ip dscp`` and ``ip6 dscp``."""
    _family(match, ctx)
    wanted = intervals(match, Field("a dscp", 63, DSCP), ctx)
    return _numbers(match, wanted, "dscp", "--dscp")


def ecn(match: Match, ctx: Context) -> Test:
    """Translate ``ip ecn`` and ``ip6 ecn``."""
    _family(match, ctx)
    wanted = intervals(match, Field("an ecn value", 3, _ECN), ctx)
    return _numbers(match, wanted, "ecn", "--ecn-ip-ect")


def _numbers(match: Match, wanted: Intervals, module: str, option: str) -> Test:
    """Ask for each number by a match of its own: all of them if negated."""
    texts = [text for item in wanted.items for text in _texts(item)]
    atoms = tuple(
        Atom("", ("-m", module, *negation(wanted.negated), option, text), match.span)
        for text in texts
    )
    cases = one_of(atoms, negated=wanted.negated)
    return Test(cases, match.span, frozenset({"tos"}), overlap=wanted.overlap, doubts=wanted.doubts)


def _texts(item: Interval) -> list[str]:
    if item.first is None or item.final is None:
        if item.one:
            return [item.low]
        return cannot(item, "iptables has no range here")
    if item.final - item.first >= _MOST:
        cannot(item, "iptables has no range here")
    return [str(value) for value in range(item.first, item.final + 1)]


def length(match: Match, ctx: Context) -> Test:
    """Translate ``meta length``, ``ip length``, and ``ip6 length``, which leaves out the header."""
    _family(match, ctx)
    more = _IP6_HEADER if key_of(match.left) == ("ip6", "length") else 0
    wanted = intervals(match, Field("a length", _LONGEST - more, {}), ctx)
    if more and any(item.first is None for item in wanted.items):
        cannot(match, "iptables counts the header too, for which the number is needed")
    atoms = tuple(
        Atom("", ("-m", "length", *negation(wanted.negated), "--length", text), match.span)
        for text in (_length(item, more) for item in wanted.items)
    )
    cases = one_of(atoms, negated=wanted.negated)
    return Test(cases, match.span, overlap=wanted.overlap, doubts=wanted.doubts)


def _length(item: Interval, more: int) -> str:
    if item.first is None or item.final is None or not more:
        return item.text()
    first, final = str(item.first + more), str(item.final + more)
    return first if first == final else f"{first}:{final}"


def fragment(match: Match, ctx: Context) -> Test:
    """Translate ``ip frag-off & 0x1fff != 0``: ``-f``, any fragment but the first."""
    left = match.left
    wanted = operand(match, "a fragment offset")
    zero = [number(constant(item, match.right, "zero").text) for item in wanted.items] == [0]
    masked = isinstance(left, BinaryOp) and left.op == "&" and not isinstance(left.left, BinaryOp)
    if ctx.family != "ip" or not zero or not isinstance(left, BinaryOp) or not masked:
        return cannot(match, "iptables asks of this field only whether `& 0x1fff` is zero")
    if number(constant(left.right, left, "a mask").text) != _FRAGMENT:
        cannot(left.right, "iptables asks of this field only whether `& 0x1fff` is zero")
    return single(Atom("-f", (*negation(not wanted.negated), "-f"), match.span))


TESTS = {
    ("ip", "ttl"): hops,
    ("ip6", "hoplimit"): hops,
    ("ip", "dscp"): dscp,
    ("ip6", "dscp"): dscp,
    ("ip", "ecn"): ecn,
    ("ip6", "ecn"): ecn,
    ("meta", "length"): length,
    ("ip", "length"): length,
    ("ip6", "length"): length,
    ("ip", "frag-off"): fragment,
}
