"""The examples in ``docs/`` are true: each page's, in order, in a directory of its own.

``console`` blocks are run; ``…`` stands for anything. A block whose head names a file is that file.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
DOCS = sorted((ROOT / "docs").glob("*.md"))
SCRIPT = "#!/bin/sh\nnft add rule ip filter INPUT ct state new accept\n"

BLOCK = re.compile(r"^(`{3,})(\w+)(?: (\S+))?\n(.*?)^\1$", re.DOTALL | re.MULTILINE)


def blocks(page):
    return [(kind, about or "", body) for _, kind, about, body in BLOCK.findall(page.read_text())]


@pytest.fixture
def copy(tmp_path):
    """The source, with room for what a page adds to it, and a directory to work in."""
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=ignore)
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    work = tmp_path / "work"
    work.mkdir()
    (work / "fw.sh").write_text(SCRIPT)
    return tmp_path


def matches(said, expected):
    parts = [re.escape(part) for part in expected.split("…")]
    return re.fullmatch(".*".join(parts), said, re.DOTALL) is not None


def run(body, copy):
    env = {key: value for key, value in os.environ.items() if "COLOR" not in key}
    env |= {"PYTHONPATH": str(copy / "src"), "COLUMNS": "110"}
    for step in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        line, _, expected = step.partition("\n")
        program, *arguments = shlex.split(line)
        assert program == "nftlint"
        command = [sys.executable, "-m", "nftlint", *arguments]
        done = subprocess.run(
            command, cwd=copy / "work", env=env, capture_output=True, text=True, check=False
        )
        said = "".join(f"{row.rstrip()}\n" for row in done.stdout.splitlines())
        assert matches(said, expected), f"$ {line}\n{said}{done.stderr}"


def tell(page, copy, consoles):
    """Write a page's files, and run those of its consoles of which that is said in their heads."""
    for kind, about, body in blocks(page):
        if kind == "console" and about in consoles:
            run(body, copy)
        elif "." in about:
            path = copy / (about if "/" in about else f"work/{about}")
            path.write_text(body)


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_the_examples_are_true(page, copy):
    tell(page, copy, {""})


@pytest.mark.kernel
@pytest.mark.parametrize("name", ["proof.md", "extending.md"])
def test_the_examples_that_ask_the_kernel_are_true(name, copy):
    tell(ROOT / "docs" / name, copy, {"kernel"})


def test_the_example_rule_is_as_its_page_says(copy):
    """The page on extending shows a rule's page, whose examples are tests like all others."""
    tell(ROOT / "docs" / "extending.md", copy, set())
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "NFT190"]
    env = {**os.environ, "PYTHONPATH": str(copy / "src")}
    done = subprocess.run(
        [*command, str(ROOT / "tests" / "test_pages.py")],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "5 passed" in done.stdout


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        ("github-workflow", "vendor.github-workflows"),
        ("pre-commit-config", None),
        ("gitlab-ci", "vendor.gitlab-ci"),
    ],
)
def test_the_examples_of_other_programs_are_valid(tmp_path, kind, schema):
    if kind == "gitlab-ci":
        text = (ROOT / "docs" / "gitlab-ci.yml").read_text()
    else:
        (text,) = (body for _, about, body in blocks(ROOT / "docs" / "ci.md") if about == kind)
    path = tmp_path / "example.yml"
    path.write_text(text)
    if schema is None:
        command = [sys.executable, "-m", "pre_commit", "validate-config", str(path)]
    else:
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_page_on_ci_has_every_input_of_the_action():
    action = YAML(typ="safe").load((ROOT / "action.yml").read_text())
    rows = re.findall(r"^\| `([\w-]+)` \|", (ROOT / "docs" / "ci.md").read_text(), re.MULTILINE)
    assert rows == list(action["inputs"])


def test_the_gitlab_job_writes_reports(copy):
    job = YAML(typ="safe").load((ROOT / "docs" / "gitlab-ci.yml").read_text())["nftlint"]
    (line,) = job["script"]
    words = shlex.split(line.replace("$NFTLINT_PATHS", "fw.sh"))[1:]
    work = copy / "work"
    command = [sys.executable, "-m", "nftlint", *words, "--assume-tag", "kube-router"]
    done = subprocess.run(command, cwd=work, capture_output=True, check=False)
    assert done.returncode == 1
    report = job["artifacts"]["reports"]
    assert len(json.loads((work / report["codequality"]).read_text())) == 1
    assert "<testsuite" in (work / report["junit"]).read_text()


@pytest.mark.parametrize("page", [*DOCS, ROOT / "README.md"], ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
        assert (page.parent / target).exists(), target
