"""TCP flags: ``--tcp-flags`` for six of them, ecn for the other two."""

from __future__ import annotations

from nftlint.nft.expression import (
    BinaryOp,
    Expression,
    FlagMask,
    Selector,
    SetLiteral,
)
from nftlint.nft.statement import Match
from nftlint.translate.context import Context, cannot
from nftlint.translate.flags import bits
from nftlint.translate.operands import items
from nftlint.translate.parts import Atom, Case, Test, negation, protocol

FLAGS = {"fin": 1, "syn": 2, "rst": 4, "psh": 8, "ack": 16, "urg": 32, "ecn": 64, "cwr": 128}
_WHAT = "a TCP flag"
_ALL = 255
_OLD = 63
"""The flags that ``--tcp-flags`` knows."""
_ECN = {64: "--ecn-tcp-ece", 128: "--ecn-tcp-cwr"}


def tcp_flags(match: Match, ctx: Context) -> Test:
    """Translate every form of ``tcp flags``: all come down to (flags & mask) == value."""
    del ctx
    mask, right = _left(match)
    if isinstance(right, FlagMask):
        mask, right = bits(right.mask, FLAGS, _WHAT), right.value
        return _equal(match, mask, (bits(right, FLAGS, _WHAT),))
    if isinstance(right, SetLiteral):
        values = tuple(bits(item, FLAGS, _WHAT) for item in items(right, _WHAT))
        return _equal(match, mask, values)
    value = bits(right, FLAGS, _WHAT)
    if match.op == "!":
        return _any(match, value, none=True)
    if not match.explicit and isinstance(match.left, Selector):
        return _any(match, value, none=False)
    return _equal(match, mask, (value,))


def _left(match: Match) -> tuple[int, Expression]:
    """Return the mask of the left side, all flags if there is none, and the right side."""
    left = match.left
    if match.op not in {"==", "!=", "!"}:
        cannot(match, f"iptables has no `{match.op}` for TCP flags")
    if isinstance(left, Selector):
        return _ALL, match.right
    if isinstance(left, BinaryOp) and left.op == "&" and isinstance(left.left, Selector):
        if match.op == "!":
            cannot(match, "iptables cannot ask this of masked flags")
        return bits(left.right, FLAGS, _WHAT), match.right
    return cannot(left, "iptables can mask TCP flags, and nothing else: put the mask in brackets")


def _any(match: Match, value: int, *, none: bool) -> Test:
    """Ask for any flag of ``value``, or for none."""
    if value == 0:
        cannot(match, "this names no flag")
    cases = (_exact(match, value, 0),) if none else _different(match, value, 0)
    return _test(match, cases)


def _equal(match: Match, mask: int, values: tuple[int, ...]) -> Test:
    if any(value & ~mask for value in values):
        cannot(
            match, "a flag that the mask leaves out can never be set: this is decided beforehand"
        )
    if match.op == "==":
        return _test(match, tuple(_exact(match, mask, value) for value in dict.fromkeys(values)))
    if len(set(values)) == 1:
        return _test(match, _different(match, mask, values[0]))
    return cannot(match, "iptables cannot ask that the flags are none of several values")


def _test(match: Match, cases: tuple[Case, ...]) -> Test:
    before = protocol("tcp", match.span)
    return Test(tuple((before, *case) for case in cases), match.span)


def _exact(match: Match, mask: int, value: int) -> Case:
    """Ask for (flags & mask) == value: the six by one option, the two by ecn."""
    old = (_old(match, mask, value, negated=False),) if mask & _OLD else ()
    new = tuple(_new(match, bit, wanted=bool(value & bit)) for bit in _ECN if mask & bit)
    return (*old, *new)


def _different(match: Match, mask: int, value: int) -> tuple[Case, ...]:
    """Ask for (flags & mask) != value, in cases of which only one can hold."""
    cases: list[Case] = []
    before: Case = ()
    if mask & _OLD:
        cases.append((_old(match, mask, value, negated=True),))
        before = (_old(match, mask, value, negated=False),)
    for bit in _ECN:
        if mask & bit:
            wanted = bool(value & bit)
            cases.append((*before, _new(match, bit, wanted=not wanted)))
            before = (*before, _new(match, bit, wanted=wanted))
    return tuple(cases)


def _old(match: Match, mask: int, value: int, *, negated: bool) -> Atom:
    mask, value = mask & _OLD, value & _OLD
    if negated and mask.bit_count() == 1:
        negated, value = False, mask ^ value
    words = (*negation(negated), "--tcp-flags", _names(mask), _names(value))
    return Atom("--tcp-flags", words, match.span)


def _new(match: Match, bit: int, *, wanted: bool) -> Atom:
    return Atom("", ("-m", "ecn", *negation(not wanted), _ECN[bit]), match.span)


def _names(value: int) -> str:
    if value == _OLD:
        return "ALL"
    return ",".join(name.upper() for name, bit in FLAGS.items() if value & bit) or "NONE"


TESTS = {("tcp", "flags"): tcp_flags}
