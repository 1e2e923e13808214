"""A tree of a kube-router node, and the program as users run it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

DIRTY = "#!/bin/sh\nnft add rule ip filter INPUT ct state new accept\n"


@pytest.fixture
def node(tmp_path: Path) -> Path:
    (tmp_path / "nftlint.toml").write_text('hosts = [{ tag = "kube-router" }]\n')
    (tmp_path / "a.sh").write_text(DIRTY)
    return tmp_path


@pytest.fixture
def nftlint(node: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*arguments: str, cwd_below: str = "", **options):
        command = [sys.executable, "-m", "nftlint", *arguments]
        env = {key: value for key, value in os.environ.items() if "COLOR" not in key}
        return subprocess.run(
            command,
            cwd=node / cwd_below,
            env=env,
            capture_output=True,
            text=True,
            check=False,
            **options,
        )

    return run
