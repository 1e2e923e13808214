"""What a clean run loads: a module that is not in the budget costs every user of every hook."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BUDGET = Path(__file__).with_name("clean-run-modules.txt")
SHOW = """
import sys
before = set(sys.modules)
from nftlint.cli import main
status = main(sys.argv[1:])
print(status, *sorted(set(sys.modules) - before))
"""
CLEAN = "#!/bin/sh\necho hello\n"
SPEAKS = "#!/bin/sh\napt-get install -y nftables\n"


def loaded(directory: Path, *arguments: str) -> list[str]:
    command = [sys.executable, "-I", "-S", "-c", SHOW, "check", *arguments]
    source = str(Path(__file__).parents[2] / "src")
    command[4] = f"import sys; sys.path.insert(0, {source!r}){SHOW}"
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=True)
    status, *modules = done.stdout.splitlines()[-1].split()
    assert status == "0", done.stdout
    return modules


def budget(section: str) -> set[str]:
    _, _, rest = BUDGET.read_text().partition(f"[{section}]\n")
    return set(rest.partition("\n[")[0].split())


@pytest.mark.parametrize(
    "arguments",
    [[], ["."], ["a.sh"], ["--assume-tag", "kube-router", "-q", "."], ["--fix", "a.sh"]],
)
def test_a_clean_run_loads_no_more_than_its_budget(tmp_path, arguments):
    (tmp_path / "a.sh").write_text(CLEAN)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    new = set(loaded(tmp_path, *arguments)) - budget("clean")
    assert not new, f"a clean run loads {', '.join(sorted(new))}; see {BUDGET.name}"


def test_a_file_that_only_speaks_of_nftables_loads_hardly_more(tmp_path):
    (tmp_path / "a.sh").write_text(SPEAKS)
    new = set(loaded(tmp_path, "a.sh")) - budget("clean") - budget("speaks")
    assert not new, f"it loads {', '.join(sorted(new))}; see {BUDGET.name}"


def test_git_s_ignore_files_load_no_more(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("*.log\n/out/\nnode_modules\n")
    (tmp_path / "a.sh").write_text(CLEAN)
    assert not set(loaded(tmp_path)) - budget("clean") - budget("ignores")


def test_a_tree_that_is_shared_loads_hardly_more(tmp_path):
    for number in range(1000):
        (tmp_path / f"{number}.sh").write_text(CLEAN)
    new = set(loaded(tmp_path, "--jobs", "2")) - budget("clean")
    assert new == budget("shared")
