"""IPv6 extension headers: ``-m hbh``, ``dst``, ``rt``, ``frag``, ``ah``, ``mh``, ``ipv6header``."""

from __future__ import annotations

from nftlint.nft.statement import Match
from nftlint.record import replace
from nftlint.translate.asking import asked, exists, number_of, one_number
from nftlint.translate.context import Context, cannot
from nftlint.translate.intervals import Field, Interval, Intervals, intervals
from nftlint.translate.operands import key_of, selector
from nftlint.translate.parts import Atom, Test, negation, protocol, single

_HEADERS = {"hbh": "hop", "dst": "dst", "rt": "route", "frag": "frag"}
"""Names of the matches, and what ``-m ipv6header`` calls the same header."""
_MOBILITY = "135"
_DROPS = "iptables drops a mobility header that names another header behind it, nft does not"
_BYTE = Field("a number", 255, {})
_INDEX = Field("an index", 2**32 - 1, {})
_LENGTHS = {
    ("hbh", "hdrlength"): ("-m", "hbh", "--hbh-len"),
    ("dst", "hdrlength"): ("-m", "dst", "--dst-len"),
    ("rt", "hdrlength"): ("-m", "rt", "--rt-len"),
    ("ah", "hdrlength"): ("-m", "ah", "--ahlen"),
}
_RANGES = {
    ("rt", "seg-left"): (_BYTE, ("-m", "rt", "--rt-segsleft")),
    ("frag", "id"): (_INDEX, ("-m", "frag", "--fragid")),
}
_TYPES = {
    "binding-refresh-request": 0,
    "home-test-init": 1,
    "careof-test-init": 2,
    "home-test": 3,
    "careof-test": 4,
    "binding-update": 5,
    "binding-acknowledgement": 6,
    "binding-error": 7,
    "fast-binding-update": 8,
    "fast-binding-acknowledgement": 9,
    "fast-binding-advertisement": 10,
    "experimental-mobility-header": 11,
    "home-agent-switch-message": 12,
}


def presence(match: Match, ctx: Context) -> Test:
    """Translate ``exthdr hbh exists`` and its like."""
    _check(match, ctx)
    name, there = key_of(match.left)[1], exists(match)
    if name == "mh":
        return single(Atom("-p", (*negation(not there), "-p", _MOBILITY), match.span))
    if there:
        return single(Atom("", ("-m", name), match.span))
    words = ("-m", "ipv6header", "--soft", "!", "--header", _HEADERS[name])
    return single(Atom("", words, match.span))


def _check(match: Match, ctx: Context) -> None:
    if ctx.family != "ip6":
        cannot(match.left, "an ip rule has no IPv6 extension headers")


def length(match: Match, ctx: Context) -> Test:
    """Translate ``hbh hdrlength`` and its like; iptables counts all bytes of the header."""
    if key_of(match.left)[0] == "ah" and ctx.family == "ip":
        cannot(match.left, "iptables asks of an AH header for its index alone, by `--ahspi`")
    _check(match, ctx)
    selector(match)
    wanted = intervals(match, _BYTE, ctx)
    one_number(match, wanted)
    key = key_of(match.left)
    return asked(match, replace(wanted, items=_in_bytes(wanted, key[0])), _LENGTHS[key[0], key[1]])


def _in_bytes(wanted: Intervals, header: str) -> tuple[Interval, ...]:
    """Return header lengths in bytes: nft's are units of eight behind the first, or AH's."""
    found = []
    for item in wanted.items:
        if item.first is None:
            return cannot(item, "iptables counts in bytes, for which the number is needed")
        text = str(4 * (item.first + 2) if header == "ah" else 8 * (item.first + 1))
        found.append(replace(item, low=text, high=text))
    return tuple(found)


def ranged(match: Match, ctx: Context) -> Test:
    """Translate ``rt seg-left`` and ``frag id``."""
    _check(match, ctx)
    key = key_of(match.left)
    return number_of(match, *_RANGES[key[0], key[1]], ctx)


def routing_type(match: Match, ctx: Context) -> Test:
    """Translate ``rt type``."""
    _check(match, ctx)
    selector(match)
    wanted = intervals(match, _BYTE, ctx)
    one_number(match, wanted)
    return asked(match, wanted, ("-m", "rt", "--rt-type"))


def more_fragments(match: Match, ctx: Context) -> Test:
    """Translate ``frag more-fragments``: a single bit."""
    _check(match, ctx)
    wanted = _known(match, Field("a bit", 1, {}), ctx)
    more = (wanted.items[0].first == 1) != wanted.negated
    return single(Atom("", ("-m", "frag", "--fragmore" if more else "--fraglast"), match.span))


def _known(match: Match, field: Field, ctx: Context) -> Intervals:
    selector(match)
    wanted = intervals(match, field, ctx)
    if len(wanted.items) != 1 or not wanted.items[0].one or wanted.items[0].first is None:
        cannot(match.right, f"{field.name} is expected here")
    return wanted


def zero(match: Match, ctx: Context) -> Test:
    """Translate ``frag frag-off 0`` and ``ah reserved 0``, of which iptables asks nothing else."""
    name, what = key_of(match.left)[:2]
    if name == "ah" and ctx.family == "ip":
        cannot(match.left, "iptables asks of an AH header for its index alone, by `--ahspi`")
    _check(match, ctx)
    wanted = _known(match, Field("a number", 65535, {}), ctx)
    if wanted.items[0].first != 0 or wanted.negated:
        cannot(match, f"iptables asks of `{name} {what}` whether it is 0, and nothing else")
    option = "--fragfirst" if name == "frag" else "--ahres"
    return single(Atom("", ("-m", name, option), match.span))


def mobility(match: Match, ctx: Context) -> Test:
    """Translate ``mh type``."""
    _check(match, ctx)
    selector(match)
    wanted = intervals(match, Field("a mobility type", 255, _TYPES), ctx)
    known = tuple(_by_number(item) for item in wanted.items)
    before = protocol(_MOBILITY, match.span)
    words = ("-m", "mh", "--mh-type")
    test = asked(match, replace(wanted, items=known), words, before)
    return replace(test, doubts=(*test.doubts, _DROPS))


def _by_number(item: Interval) -> Interval:
    if item.first is None or item.final is None:
        return item
    return replace(item, low=str(item.first), high=str(item.final))


TESTS = (
    {("exthdr", name): presence for name in (*_HEADERS, "mh")}
    | dict.fromkeys(_LENGTHS, length)
    | dict.fromkeys(_RANGES, ranged)
    | {
        ("rt", "type"): routing_type,
        ("frag", "more-fragments"): more_fragments,
        ("frag", "frag-off"): zero,
        ("ah", "reserved"): zero,
        ("mh", "type"): mobility,
    }
)
