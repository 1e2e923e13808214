"""Day of the week and time of day: ``-m time``."""

from __future__ import annotations

from nftlint.nft.expression import Expression, Literal, Range
from nftlint.nft.statement import Match
from nftlint.patterns import compiled
from nftlint.translate.context import Context, cannot
from nftlint.translate.operands import operand, selector
from nftlint.translate.parts import Atom, Test, negation, single
from nftlint.translate.values import constant

_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_CLOCK = compiled(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?\Z")
_ZONE = "nft reads the hour in the host's time zone of now, iptables in UTC"


def day(match: Match, ctx: Context) -> Test:
    """Translate ``meta day``, which nft reads in the kernel's time zone, iptables only if asked."""
    del ctx
    selector(match)
    wanted = operand(match, "a day")
    days = ",".join(dict.fromkeys(_day(item, match) for item in wanted.items))
    words = ("-m", "time", *negation(wanted.negated), "--weekdays", days, "--kerneltz")
    return single(Atom("", words, match.span))


def _day(item: Expression, match: Match) -> str:
    text = constant(item, match.right, "a day").text.lower()
    numbered = {str(number): name for number, name in enumerate(_DAYS)}
    name = numbered.get(text, text)
    if name not in _DAYS:
        cannot(item, "iptables knows the days of a week by their English names")
    return name[:3].capitalize()


def hour(match: Match, ctx: Context) -> Test:
    """Translate a range of ``meta hour``, both ends included; right where the host keeps UTC."""
    del ctx
    selector(match)
    wanted = operand(match, "an hour")
    value = wanted.items[0]
    if wanted.negated or len(wanted.items) != 1 or not isinstance(value, Range):
        return cannot(match, "iptables takes one range of the day")
    low, high = _clock(value.low, match), _clock(value.high, match)
    if low.text > high.text:
        cannot(value, "this range goes over midnight, which each cuts in its own way")
    words = ("-m", "time", "--timestart", low.text, "--timestop", high.text)
    return single(Atom("", words, match.span), doubts=(_ZONE,))


def _clock(value: Expression, match: Match) -> Literal:
    literal = constant(value, match.right, "a time of day")
    if not _CLOCK.match(literal.text):
        cannot(literal, "iptables reads a time of day as `HH:MM` or `HH:MM:SS`")
    return literal


TESTS = {("meta", "day"): day, ("meta", "hour"): hour}
