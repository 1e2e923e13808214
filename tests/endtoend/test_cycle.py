"""kube-router's cycle over raw nft rules and over their fixes, with this machine's iptables.

One test, since what it judges takes seconds to play: each check yields what is wrong, in words.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from page import PAGE, render
from scenarios import local_version
from story import Row, Stage, Story, tell

from nftlint.readings import RANKS, VERSIONS


def predictions(story: Story) -> Iterator[str]:
    """What nftlint predicts for a script happens."""
    for row in (*story.rows, *story.running):
        seen = row.unfixed
        if seen.outcome != row.predicted:
            yield f"{row.script}: {row.predicted} is predicted, {seen.outcome} is seen: {seen}"
    for result, seen in story.alone:
        if seen.outcome != result.failure_mode:
            yield f"{result.message} is predicted, {seen.outcome} is seen: {seen}"


def fixes(story: Story) -> Iterator[str]:
    """What is fixed does not fail, and no packet fares otherwise; what has no fix still fails."""
    for row in (*story.rows, *story.running):
        if row.no_fix:
            if row.fixed.outcome != row.predicted:
                yield f"{row.script}: has no fix, and nothing happens"
        elif row.fixed.outcome != "none" or changed(row):
            yield f"{row.fixed_script}: {row.fixed.outcome}, {row.fixed.words}: {changed(row)[:3]}"


def changed(row: Row) -> list[tuple[object, object]]:
    """Return the packets that fare otherwise after the cycle over the fix."""
    pairs = zip(row.unfixed.before, row.fixed.after, strict=True)
    return [(one, two) for one, two in pairs if one != two]


def seeds(story: Story) -> Iterator[str]:
    """The scripts show every mode, and differ in what they do to packets."""
    if {row.predicted for row in story.rows} != set(RANKS):
        yield "a failure mode is not among the seeds"
    unfixed = [row.script for row in story.rows if row.no_fix]
    if any("@blocked" not in script and "hook" not in script for script in unfixed):
        yield "more seeds have no fix than a set and a base chain"
    if {row.predicted for row in story.running} != {"widening"}:
        yield "a script on a running node is said to do no harm"
    if {result.failure_mode for result, _ in story.alone} < {"none", "crash", "widening"}:
        yield "the image shows too little"
    if len({str(row.unfixed.before) for row in story.rows}) <= len(story.rows) / 2:
        yield "the packets hardly tell the seeds apart"


def shielding(story: Story) -> Iterator[str]:
    """To mend the unlistable rule alone lets in what the other never said."""
    yield from stages(story.shielding, ["crash", "widening", "none"], [True, False, True])
    opened = story.shielding[1].played
    pairs = zip(opened.before, opened.after, strict=True)
    if not any(one[-1] is None and two[-1] is not None for one, two in pairs):
        yield "taking the shield away lets nothing in"


def image(story: Story) -> Iterator[str]:
    """Safe fixes leave the shield standing; taking it away needs the rule behind it mended."""
    modes = ["crash", "crash", "widening", "none"]
    yield from stages(story.image, modes, [True, True, False, True])
    yield from stages(story.fixable, ["crash", "none"], [True, True])
    yield from stages(story.image_ip6, ["none", "none"], [True, True])


def stages(played: tuple[Stage, ...], modes: list[str], same: list[bool]) -> Iterator[str]:
    for stage, mode, alike in zip(played, modes, same, strict=True):
        if (stage.played.outcome, stage.same) != (mode, alike):
            yield f"{stage.title}: not {mode}: {stage.played}"


def page(story: Story) -> Iterator[str]:
    """The page tells the same, where it tells of this version."""
    text = PAGE.read_text()
    if f"the real iptables {local_version()} " in text and text != render(story, local_version()):
        yield f"{PAGE} is not what was seen: write it anew by page.py"


@pytest.mark.kernel
def test_nftlint_says_what_kube_router_does(tmp_path):
    if local_version() not in VERSIONS:
        pytest.skip(f"no model for iptables {local_version()}")
    story = tell(tmp_path)
    checks = (predictions, fixes, seeds, shielding, image, page)
    wrong = [problem for check in checks for problem in check(story)]
    assert not wrong, "\n".join(wrong)
