"""kube-router's cycle over raw nft rules and over their fixes, with this machine's iptables."""

from __future__ import annotations

import pytest
from page import PAGE, render
from scenarios import local_version, seeds
from story import Story, tell

from nftlint.readings import RANKS, VERSIONS

pytestmark = pytest.mark.kernel
SEEDS = range(len(seeds()))


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Story:
    if local_version() not in VERSIONS:
        pytest.skip(f"no model for iptables {local_version()}")
    return tell(tmp_path_factory.mktemp("story"))


@pytest.mark.parametrize("at", SEEDS)
def test_what_is_predicted_happens(story, at):
    row = story.rows[at]
    assert row.unfixed.outcome == row.predicted, (row.script, row.unfixed.step, row.unfixed.words)


@pytest.mark.parametrize("at", SEEDS)
def test_fixed_nothing_happens_and_packets_fare_as_before(story, at):
    row = story.rows[at]
    if row.no_fix:
        assert row.fixed.outcome == row.predicted
        return
    assert (row.fixed.mode, row.fixed.words) == ("", "")
    assert row.fixed.outcome == "none"
    changed = [
        (one, two)
        for one, two in zip(row.unfixed.before, row.fixed.after, strict=True)
        if one != two
    ]
    assert not changed, row.fixed_script


def test_the_seeds_show_something(story):
    """Every mode is among them, each rule but harmless ones changes the fate of some packet."""
    assert {row.predicted for row in story.rows} == set(RANKS)
    assert sum(bool(row.no_fix) for row in story.rows) <= 1
    fates = {str(row.unfixed.before) for row in story.rows}
    assert len(fates) > len(story.rows) / 2


def test_an_unlistable_rule_shields_a_misread_one(story):
    """Mending it alone lets through what the other never said; mending both lets nothing."""
    assert [stage.played.outcome for stage in story.shielding] == ["crash", "widening", "none"]
    assert [stage.same for stage in story.shielding] == [True, False, True]
    _, opened, _ = story.shielding
    passed = [
        after
        for before, after in zip(opened.played.before, opened.played.after, strict=True)
        if before[-1] is None and after[-1] is not None
    ]
    assert passed


def test_the_example_image(story):
    """Safe fixes leave the shield standing; taking it away needs the rule behind it mended."""
    outcomes = [stage.played.outcome for stage in story.image]
    assert outcomes == ["crash", "crash", "widening", "none"]
    assert [stage.same for stage in story.image] == [True, True, False, True]
    assert [stage.played.outcome for stage in story.image_ip6] == ["none", "none"]
    assert all(stage.same for stage in story.image_ip6)


def test_the_page_tells_the_same(story):
    page = PAGE.read_text()
    if f"the real iptables {local_version()} " not in page:
        pytest.skip("the page tells of another version of iptables")
    assert page == render(story, local_version())
