"""A short form of ``scripts/readings_live.py``: the nft and iptables of this machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.mark.kernel
def test_the_model_agrees_with_this_machine() -> None:
    argv = [sys.executable, str(SCRIPTS / "readings_live.py"), "--count", "150", "--seed", "3"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)
    if "no model for iptables" in done.stderr:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stdout + done.stderr
