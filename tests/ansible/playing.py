"""ansible-playbook as a process: in a network namespace of its own, several plays at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PLAY = shutil.which("ansible-playbook") or str(Path(sys.executable).parent / "ansible-playbook")
needs_ansible = pytest.mark.skipif(not Path(PLAY).exists(), reason="ansible-core is not installed")


@dataclass(frozen=True)
class Run:
    """A command, the directory that it runs in, and the variables that it has beside the usual."""

    command: Sequence[str]
    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict)


def in_namespace(*command: str) -> list[str]:
    return ["unshare", "-Urn", *command]


def all_at_once(home: Path, *runs: Run) -> list[str]:
    """Run all commands side by side; what each of them printed. One that fails is an error."""
    usual = environment(home)
    outputs = [home / f"output-{number}" for number in range(len(runs))]
    started = []
    for run, output in zip(runs, outputs, strict=True):
        with output.open("w") as file:
            process = subprocess.Popen(
                run.command,
                env={**usual, **run.variables},
                cwd=run.folder,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        started.append(process)
    statuses = [process.wait() for process in started]
    texts = [output.read_text() for output in outputs]
    assert not any(statuses), "\n".join(texts)
    return texts


def environment(home: Path) -> dict[str, str]:
    """What keeps ansible quiet and quick. Its modules need nothing that is installed: so ``-S``."""
    home.mkdir(exist_ok=True)
    python = home / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S -E "$@"\n')
    python.chmod(0o755)
    return os.environ | {
        "ANSIBLE_LOCALHOST_WARNING": "False",
        "ANSIBLE_DEPRECATION_WARNINGS": "False",
        "ANSIBLE_PYTHON_INTERPRETER": str(python),
        "ANSIBLE_PIPELINING": "True",
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
    }
