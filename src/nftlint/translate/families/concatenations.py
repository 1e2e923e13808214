"""Concatenations: ``ip saddr . tcp dport { 10.0.0.1 . 22 }``, one case for each element."""

from __future__ import annotations

from itertools import product

from nftlint.nft.expression import Concat, Expression, Literal
from nftlint.nft.statement import Match
from nftlint.record import replace
from nftlint.translate.context import Context, cannot
from nftlint.translate.operands import operand
from nftlint.translate.parts import Case, Test

_WHAT = "a concatenation"
_MOST = 64


def concatenation(match: Match, ctx: Context) -> Test:
    """Translate a match of several fields at once: each element is a match of each field."""
    wanted = operand(match, _WHAT)
    if wanted.negated:
        cannot(match, "iptables cannot negate several fields at once")
    elements = [_element(match, item, ctx) for item in wanted.items]
    cases = tuple(case for tests in elements for case in _combined(tests))
    if len(cases) > _MOST:
        cannot(match.right, "this takes too many rules: use an ipset")
    tests = [test for each in elements for test in each]
    return Test(
        cases,
        match.span,
        reads=frozenset(field for test in tests for field in test.reads),
        overlap=len(elements) > 1 and not all(_literal(item) for item in wanted.items),
        doubts=tuple(dict.fromkeys(doubt for test in tests for doubt in test.doubts)),
    )


def _element(match: Match, item: Expression, ctx: Context) -> list[Test]:
    from nftlint.translate.statements import test_of  # the registry reads this module

    if not isinstance(match.left, Concat) or not isinstance(item, Concat):
        return cannot(item, "this element has to be a concatenation")
    if len(match.left.parts) != len(item.parts):
        cannot(item, "this element has not as many parts as the left side")
    pairs = zip(match.left.parts, item.parts, strict=True)
    return [
        test_of(replace(match, left=left, op="==", right=right, explicit=True), ctx)
        for left, right in pairs
    ]


def _combined(tests: list[Test]) -> list[Case]:
    return [
        tuple(atom for case in cases for atom in case)
        for cases in product(*(test.cases for test in tests))
    ]


def _literal(item: Expression) -> bool:
    return isinstance(item, Concat) and all(isinstance(part, Literal) for part in item.parts)


TESTS = {("concatenation",): concatenation}
