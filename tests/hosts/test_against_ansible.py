"""A short form of ``scripts/hosts_agreement.py``: ansible-core reads the same hosts."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "hosts_agreement.py"

needs_ansible = pytest.mark.skipif(
    shutil.which("ansible-playbook") is None, reason="ansible-core is not installed"
)


@needs_ansible
def test_generated_patterns_name_the_same_hosts(capsys: pytest.CaptureFixture[str]) -> None:
    spec = importlib.util.spec_from_file_location("hosts_agreement", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    differences = script.compare_patterns(100, 3, None)
    assert differences == 0, capsys.readouterr().out
