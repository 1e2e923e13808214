"""`ansible-playbook --syntax-check` over every playbook of the tests, fixed in both styles.

One process for all of them.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from playing import PLAY, environment, needs_ansible
from test_against_ansible import TASKS
from test_fixed_against_ansible import FILES
from test_tasks import ELSEWHERE, FORMS, OLD, playbook
from test_written_files import FOUND, RULE

from nftlint.cli import main

pytestmark = needs_ansible

HERE = [form for form, where in ELSEWHERE if not where]
TEXTS = [
    TASKS,
    *(playbook(form.replace("@", OLD)) for form, _ in FORMS),
    *(playbook(form.replace("@", OLD)) for form in HERE),
    *(playbook(form.replace("@@", RULE)) for form, _ in FOUND),
]
WRONG = "- hosts: all\n  tasks:\n    - command: ls\n      shell: ls\n"


def fixed(top: Path, settings: str) -> list[Path]:
    """The playbooks of the tests in a directory, after ``--fix --unsafe-fixes``."""
    files = {f"{number}.yml": text for number, text in enumerate(TEXTS)} | FILES
    for name, text in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)
    (top / "nftlint.toml").write_text(settings)
    options = ["--assume-tag", "kube-router", "--fix-only", "--unsafe-fixes", "-q"]
    main(["check", *options, str(top)])
    plays = [name for name in files if re.fullmatch(r"site\.yml|\d+\.yml", name)]
    return [top / name for name in plays if (top / name).read_text() != files[name]]


def test_ansible_takes_every_fixed_playbook(tmp_path: Path) -> None:
    plays = fixed(tmp_path / "command", "")
    assert len(plays) == len(TEXTS) + 1
    modules = fixed(tmp_path / "module", 'ansible-style = "module"\n')
    tasks = [play for play in modules if "ansible.builtin.iptables:" in play.read_text()]
    assert len(tasks) > len(plays) / 3
    plays += modules
    assert not refused(tmp_path, *plays)


def test_ansible_refuses_a_wrong_one(tmp_path: Path) -> None:
    (tmp_path / "wrong.yml").write_text(WRONG)
    assert "conflicting action statements" in refused(tmp_path, tmp_path / "wrong.yml")


def refused(folder: Path, *plays: Path) -> str:
    """What ansible says against the playbooks, if it does not take each of them."""
    command = [PLAY, "-i", "localhost,", "--syntax-check", *map(str, plays)]
    done = subprocess.run(
        command, env=environment(folder), cwd=folder, capture_output=True, text=True, check=False
    )
    taken = [line for line in done.stdout.splitlines() if line.startswith("playbook: ")]
    is_good = done.returncode == 0 and len(taken) == len(plays)
    return "" if is_good else f"refused: {done.stderr}"
