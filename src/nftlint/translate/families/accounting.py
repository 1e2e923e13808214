"""What a connection has counted, its time left, its labels: connbytes, ctexpire, connlabel."""

from __future__ import annotations

from nftlint.nft.expression import Literal
from nftlint.nft.statement import Match
from nftlint.patterns import compiled
from nftlint.translate.context import Context, cannot
from nftlint.translate.intervals import Field, Interval, intervals, outside
from nftlint.translate.operands import key_of, selector
from nftlint.translate.parts import Atom, Test, single
from nftlint.translate.values import constant, number

_LAST = 2**64 - 1
_UNCOUNTED = (
    "a connection that began before counting did has counted 0 to nft, and is passed by in iptables"
)
_WHAT = ("packets", "bytes", "avgpkt")
_SIDES = {(): "both", ("original",): "original", ("reply",): "reply"}
_SPAN = compiled(r"(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?\Z")
_UNITS = (86400, 3600, 60, 1)
_LONGEST = 2**32 // 1000
"""In seconds: nft counts the milliseconds in 32 bits."""
_LABELS = 128


def counted(match: Match, ctx: Context) -> Test:
    """Translate ``ct bytes``, ``ct original packets``, ``ct avgpkt`` and their like.

    A negation becomes the ranges beside it, as ``! --connbytes`` of one number is no negation.
    """
    selector(match)
    _, *side, what = key_of(match.left)
    wanted = intervals(match, Field("a count", _LAST, {}), ctx)
    items = outside(wanted, _LAST) if wanted.negated else wanted.items
    if any(item.first is None or item.final is None for item in items):
        cannot(match.right, "the count is not known here, and 0 means another thing in iptables")
    way = ("--connbytes-dir", _SIDES[tuple(side)], "--connbytes-mode", what)
    cases = tuple(
        (Atom("", ("-m", "connbytes", "--connbytes", _text(item), *way), match.span),)
        for item in items
    )
    doubts = (_UNCOUNTED,) if any(item.first == 0 for item in items) else ()
    return Test(cases, match.span, doubts=doubts)


def _text(item: Interval) -> str:
    return f"{item.low}:" if item.final == _LAST else f"{item.low}:{item.high}"


def expiration(match: Match, ctx: Context) -> Test:
    """Translate ``ct expiration >= 30s`` and ``< 30s``: at whole seconds both cut alike."""
    del ctx
    selector(match)
    if match.op not in {">=", "<"}:
        cannot(
            match,
            "iptables counts whole seconds of what is left, nft thousandths: "
            "write it with `>=` and `<`",
        )
    seconds = _seconds(constant(match.right, match.right, "a time"))
    if match.op == "<" and not seconds:
        cannot(match, "this is never true")
    text = f"{seconds}:" if match.op == ">=" else f"0:{seconds - 1}"
    return single(Atom("", ("-m", "conntrack", "--ctexpire", text), match.span))


def _seconds(literal: Literal) -> int:
    found = _SPAN.match(literal.text)
    if not literal.text or found is None:
        return cannot(literal, "a time in whole seconds is expected here, as `1m30s`")
    parts = (int(part or 0) for part in found.groups())
    seconds = sum(part * unit for part, unit in zip(parts, _UNITS, strict=True))
    if seconds >= _LONGEST:
        cannot(literal, "nft counts no time as long")
    return seconds


def label(match: Match, ctx: Context) -> Test:
    """Translate ``ct label 1``; of the names each program has a file of its own."""
    del ctx
    selector(match)
    if match.explicit or not isinstance(match.right, Literal):
        cannot(match, "iptables asks by `-m connlabel` for one label: write `ct label NUMBER`")
    bit = number(match.right.text)
    if bit is None or bit >= _LABELS:
        return cannot(
            match.right, "nft and iptables look up the names of labels in files of their own"
        )
    return single(Atom("", ("-m", "connlabel", "--label", str(bit)), match.span))


TESTS = {("ct", *side, what): counted for side in _SIDES for what in _WHAT} | {
    ("ct", "expiration"): expiration,
    ("ct", "label"): label,
}
