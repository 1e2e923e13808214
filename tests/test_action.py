"""The action's entry script as it is, with GitHub's variables set; and the action's own form."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ENTRY = ROOT / "action" / "entry.sh"
DIRTY = "#!/bin/sh\nnft add rule filter INPUT ct state established accept\n"


@pytest.fixture
def act(tmp_path):
    """Run the entry script in a repository with one file; the tool comes from this environment."""
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (workspace / "fw.sh").write_text(DIRTY)
    bin_dir = tmp_path / "temp" / "nftlint-venv" / "bin"
    bin_dir.mkdir(parents=True)
    (bin_dir / "python").symlink_to(sys.executable)
    (bin_dir / "nftlint").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m nftlint "$@"\n')
    (bin_dir / "nftlint").chmod(0o755)

    def run(**inputs):
        output, summary = tmp_path / "output", tmp_path / "summary"
        env = {
            "PATH": os.environ["PATH"],
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_WORKSPACE": str(workspace),
            "RUNNER_TEMP": str(tmp_path / "temp"),
            **{f"INPUT_{name.upper()}": value for name, value in inputs.items()},
        }
        done = subprocess.run(
            [str(ENTRY)], cwd=workspace, env=env, capture_output=True, text=True, check=False
        )
        pairs = output.read_text().splitlines() if output.exists() else []
        outputs = dict(line.split("=", 1) for line in pairs)
        return done, outputs, summary.read_text() if summary.exists() else ""

    run.workspace = workspace
    return run


def test_findings_fail_the_step_and_are_reported_everywhere(act):
    done, outputs, summary = act(assume_tag="kube-router")
    assert done.returncode == 1, done.stderr
    assert outputs == {"count": "1", "sarif-file": "nftlint.sarif"}
    log = json.loads((act.workspace / "nftlint.sarif").read_text())
    assert [item["ruleId"] for item in log["runs"][0]["results"]] == ["NFT101"]
    assert "file=fw.sh,line=2,endLine=2,col=1," in done.stdout
    assert re.search(r"^\s+fw\.sh:2:1: error: NFT101", summary, re.MULTILINE)


def test_the_log_cannot_issue_workflow_commands(act):
    done, *_ = act(assume_tag="kube-router", annotations="false")
    token = re.search(r"^::stop-commands::(\w{32})$", done.stdout, re.MULTILINE)[1]
    before, _, rest = done.stdout.partition(f"::stop-commands::{token}\n")
    inside, _, after = rest.partition(f"::{token}::\n")
    assert "NFT101" in inside
    assert (before, after) == ("", "")


def test_it_lints_once(act, tmp_path):
    program = tmp_path / "temp" / "nftlint-venv" / "bin" / "nftlint"
    program.write_text(program.read_text().replace("exec", f"echo run >>{tmp_path}/runs\nexec"))
    act(assume_tag="kube-router")
    assert (tmp_path / "runs").read_text() == "run\n"
    assert list((tmp_path / "temp").iterdir()) == [tmp_path / "temp" / "nftlint-venv"]


def test_what_is_suppressed_is_not_counted(act):
    (act.workspace / "fw.sh").write_text(f"# nftlint: ignore-file[NFT101] why\n{DIRTY}")
    done, outputs, _ = act(assume_tag="kube-router")
    assert (done.returncode, outputs["count"]) == (0, "0")


def test_safe_fixes_are_suggested_by_reviewdog(act, tmp_path, monkeypatch):
    fake = tmp_path / "fake" / "reviewdog"
    fake.parent.mkdir()
    fake.write_text(f'#!/bin/sh\necho "$@" >{tmp_path}/arguments\ncat >{tmp_path}/given\nexit 1\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    done, *_ = act(assume_tag="kube-router", suggestions="true", fail_on_findings="false")
    assert done.returncode == 0, done.stderr
    assert "::warning title=nftlint::reviewdog" in done.stdout
    assert "-reporter=github-pr-review" in (tmp_path / "arguments").read_text()
    (found,) = json.loads((tmp_path / "given").read_text())["diagnostics"]
    assert found["suggestions"][0]["text"].startswith("iptables -A INPUT")


def test_suggestions_without_reviewdog_fail_clearly(act):
    done, *_ = act(assume_tag="kube-router", suggestions="true")
    assert done.returncode == 2
    assert "reviewdog/action-setup" in done.stdout


def test_a_clean_tree_passes(act):
    (act.workspace / "fw.sh").write_text("#!/bin/sh\nnft list ruleset\n")
    done, outputs, _ = act(assume_tag="kube-router")
    assert (done.returncode, outputs["count"]) == (0, "0")


def test_findings_need_not_fail_the_step(act):
    done, outputs, _ = act(
        assume_tag="kube-router", fail_on_findings="false", sarif_file="out dir.sarif"
    )
    assert done.returncode == 0
    assert outputs == {"count": "1", "sarif-file": "out dir.sarif"}


def test_paths_are_taken_as_they_are(act):
    (act.workspace / "fw.sh").unlink()
    odd = "a b; touch owned $(touch owned) *.sh"
    for name in (odd, "-v.sh"):
        (act.workspace / name).write_text(DIRTY)
    done, outputs, _ = act(assume_tag="kube-router", paths=f"{odd}\n\n-v.sh\n")
    assert outputs["count"] == "2", done.stderr
    assert not (act.workspace / "owned").exists()


def test_directories_of_the_log_are_made(act):
    _, outputs, _ = act(assume_tag="kube-router", sarif_file="out/more/x.sarif")
    assert outputs["sarif-file"] == "out/more/x.sarif"
    assert json.loads((act.workspace / "out/more/x.sarif").read_text())["version"] == "2.1.0"


def test_a_log_from_before_is_not_taken_for_this_run(act):
    act(assume_tag="kube-router")
    (act.workspace.parent / "output").unlink()
    done, outputs, _ = act(assume_tag="no-such-tag")
    assert (done.returncode, outputs) == (2, {})
    assert "::error title=nftlint::nftlint could not run" in done.stdout


@pytest.mark.parametrize(
    "inputs",
    [
        {"paths": "missing.sh"},
        {"config": "missing.toml"},
        {"fail_on_findings": "maybe"},
        {"sarif_file": "a\nb"},
        {"sarif_file": "-"},
        {"sarif_file": "fw.sh/x.sarif"},
        {"suggestions": "yes"},
        {"assume_tag": "no-such-tag"},
    ],
    ids=str,
)
def test_wrong_inputs_fail_clearly(act, inputs):
    done, *_ = act(**inputs)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr or "::error" in done.stdout


@pytest.mark.network
def test_it_installs_itself(act, tmp_path):
    venv = tmp_path / "temp" / "nftlint-venv"
    for file in (venv / "bin").iterdir():
        file.unlink()
    done, outputs, _ = act(assume_tag="kube-router", python=sys.executable)
    assert outputs["count"] == "1", done.stderr
    assert (venv / "bin" / "nftlint").exists()


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-actions", "action.yml"),
        ("vendor.github-workflows", ".github/workflows/ci.yml"),
    ],
)
def test_the_action_and_the_workflow_are_valid(schema, file):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, ROOT / file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_input_is_pasted_into_a_script():
    from ruamel.yaml import YAML

    action = YAML(typ="safe").load((ROOT / "action.yml").read_text())
    steps = action["runs"]["steps"]
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []
    for used in (step["uses"] for step in steps if "uses" in step):
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", used)
    given = set(re.findall(r"inputs\.([\w-]+)", (ROOT / "action.yml").read_text()))
    assert given == set(action["inputs"])
