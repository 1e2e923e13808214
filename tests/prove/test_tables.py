"""The engine against pairs whose answer is known. A wrong pair called equal is the worst defect."""

from __future__ import annotations

import cases
import pytest

from nftlint.prove import Known, prove

pytestmark = pytest.mark.kernel


def table(name):
    return [pytest.param(at, case, id=str(case)) for at, case in enumerate(cases.read(name))]


@pytest.mark.parametrize(("at", "case"), table("equal.txt"))
def test_pairs_that_do_the_same(at, case):
    verdict = cases.verdicts("equal.txt")[at]
    assert verdict.outcome == "equal", verdict.detail
    assert case.method in {None, verdict.method}
    if verdict.method == "packets":
        assert verdict.hits


@pytest.mark.parametrize(("at", "case"), table("parts.txt"))
def test_pairs_that_only_their_parts_show(at, case):
    verdict = cases.verdicts("parts.txt")[at]
    assert verdict.outcome == "equal", verdict.detail
    assert case.method == verdict.method


@pytest.mark.parametrize(("at", "case"), table("different.txt"))
def test_pairs_that_a_packet_tells_apart(at, case):
    verdict = cases.verdicts("different.txt")[at]
    assert verdict.outcome == "different", verdict.detail
    assert verdict.method == "packets"
    assert verdict.detail


@pytest.mark.parametrize("name", ["parts.txt", "unequal.txt"])
def test_asking_the_parts_first_says_the_same(name):
    pairs = [case.pair for case in cases.read(name)]
    outcomes = [verdict.outcome == "equal" for verdict in prove(pairs, Known(whole=False))]
    assert set(outcomes) == {name == "parts.txt"}


@pytest.mark.parametrize(("at", "case"), table("unequal.txt"))
def test_pairs_that_must_not_be_called_equal(at, case):
    assert cases.verdicts("unequal.txt")[at].outcome != "equal"
