"""The example image: each finding in it at its place, and nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from nftlint.cli import main
from nftlint.lint import Options, lint
from nftlint.output.regions import Places
from nftlint.results import Fix

ROOT = Path(__file__).parents[1]
PINNED = Path(__file__).with_name("example-findings.tsv")


@pytest.fixture
def image(tmp_path, monkeypatch):
    """A copy of the image to work in, so that paths are as a user sees them."""
    shutil.copytree(ROOT / "examples" / "node-image", tmp_path / "image")
    monkeypatch.chdir(tmp_path / "image")


def expected():
    lines = PINNED.read_text("utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if not line.startswith("#")]


def found(report):
    places = Places(report.artifacts)
    for result in report.results:
        region = places.region(result.location)
        fix = result.fix.applicability.label if isinstance(result.fix, Fix) else "none"
        place = (result.location.uri, str(region.start_line), str(region.start_column))
        yield (*place, result.rule, result.failure_mode, fix)


@pytest.mark.usefixtures("image")
def test_every_finding_is_at_its_place():
    report = lint([Path()], Options()).report
    assert list(found(report)) == expected()
    assert report.failures == ()


@pytest.mark.usefixtures("image")
def test_the_untagged_bastion_is_counted_not_judged():
    report = lint([Path()], Options()).report
    uris = [item.location.uri for item in report.untagged]
    assert uris == ["ansible/roles/bastion/tasks/main.yml"]


@pytest.mark.usefixtures("image")
def test_every_part_has_a_defect():
    parts = {uri.split("/")[0] for uri, *_ in expected()}
    assert parts == {"Dockerfile", "ansible", "cloud-init", "provision"}


def texts():
    return {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}


@pytest.mark.usefixtures("image")
@pytest.mark.parametrize(
    ("options", "left"), [((), ("unsafe", "none")), (("--unsafe-fixes",), ("none",))], ids=str
)
def test_fixing_leaves_only_what_it_may_not_touch(options, left, capsys):
    before = texts()
    assert main(["check", "--fix", *options]) == 1
    after = texts()
    report = lint([Path()], Options()).report
    fixes = [row[-1] for row in found(report)]
    assert fixes == [row[-1] for row in expected() if row[-1] in left]
    changed = {path.as_posix() for path in before if before[path] != after[path]}
    assert changed == {row[0] for row in expected() if row[-1] not in left}
    subprocess.run(["bash", "-n", "provision/setup-node.sh"], check=True)
    assert main(["check", "--fix", *options]) == 1
    assert texts() == after
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.usefixtures("image")
def test_the_diff_is_what_fixing_does(capsys):
    assert main(["check", "--diff"]) == 1
    diff = capsys.readouterr().out
    subprocess.run(["git", "apply", "-"], input=diff.encode(), check=True)
    applied = texts()
    assert main(["check", "--fix"]) == 1
    assert texts() == applied


@pytest.mark.usefixtures("image")
def test_the_fixes_of_the_sarif_log_are_those_of_fix(apply_sarif, tmp_path):
    log = tmp_path / "log.sarif"
    assert main(["check", "--output-format", "sarif", "-o", str(log)]) == 1
    by_file = {}
    for result in json.loads(log.read_text())["runs"][0]["results"]:
        for fix in result.get("fixes", ()):
            if fix["properties"]["applicability"] == "safe":
                uri = fix["artifactChanges"][0]["artifactLocation"]["uri"]
                by_file.setdefault(Path(uri), []).append(fix)
    expected_texts = texts()
    for path, fixes in by_file.items():
        expected_texts[path] = apply_sarif(expected_texts[path].decode(), fixes).encode()
    assert main(["check", "--fix"]) == 1
    assert texts() == expected_texts
