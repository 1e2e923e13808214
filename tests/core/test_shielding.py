"""A rule that cannot be listed shields the misread ones of its table."""

from __future__ import annotations

from pathlib import Path

import pytest

from nftlint.configs import Options
from nftlint.lint import lint
from nftlint.results import Fix, Result

UNLISTABLE = "nft add rule ip filter INPUT ct state established accept"
MISREAD = "nft add rule ip filter INPUT ip saddr @blocked drop"
MISREAD_AND_FIXABLE = "nft add rule ip filter INPUT tcp dport { 22, 80 } accept"
RIGHT_AND_UNFIXABLE = "nft add rule ip filter INPUT $WHATEVER"


def judged(tmp_path: Path, **files: str) -> dict[str, Result]:
    tag = '[[hosts]]\ntag = "kube-router"\npaths = ["%s/**"]\n'
    (tmp_path / "nftlint.toml").write_text(tag % "one" + tag % "other")
    for name, text in files.items():
        path = tmp_path / name.replace("_", "/")
        path.parent.mkdir(exist_ok=True)
        path.with_suffix(".sh").write_text(text + "\n")
    results = lint([tmp_path], Options()).report.results
    return {result.subject.statement: result for result in results if result.subject is not None}


def applicability(results: dict[str, Result], call: str) -> str:
    fix = results[call.removeprefix("nft ")].fix
    return fix.applicability.label if isinstance(fix, Fix) else "none"


def test_a_shield_is_not_taken_away_alone(tmp_path: Path) -> None:
    results = judged(tmp_path, one_a=UNLISTABLE, one_b=MISREAD)
    assert applicability(results, UNLISTABLE) == "unsafe"
    fix = results[UNLISTABLE.removeprefix("nft ")].fix
    assert isinstance(fix, Fix)
    assert "b.sh:1 is misread in the same table" in fix.reasons[-1]


@pytest.mark.parametrize("beside", [MISREAD_AND_FIXABLE, RIGHT_AND_UNFIXABLE, ""])
def test_it_is_where_nothing_is_opened(tmp_path: Path, beside: str) -> None:
    results = judged(tmp_path, one_a=UNLISTABLE, one_b=beside)
    assert applicability(results, UNLISTABLE) == "safe"


def test_another_host_and_another_table_are_others(tmp_path: Path) -> None:
    results = judged(tmp_path, one_a=UNLISTABLE, other_b=MISREAD)
    assert applicability(results, UNLISTABLE) == "safe"
    results = judged(tmp_path, one_a=UNLISTABLE, one_b=MISREAD.replace("ip filter", "ip6 filter"))
    assert applicability(results, UNLISTABLE) == "safe"


def test_it_holds_when_the_file_is_linted_again_to_be_fixed(tmp_path: Path) -> None:
    judged(tmp_path, one_a=UNLISTABLE, one_b=MISREAD)
    linted = lint([tmp_path], Options())
    unit = next(unit for uri, unit in linted.units.items() if uri.endswith("a.sh"))
    (result,) = linted.again(unit)(unit.artifact)
    assert isinstance(result.fix, Fix)
    assert result.fix.applicability.label == "unsafe"
