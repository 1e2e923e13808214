"""A short form of ``scripts/hosts_agreement.py``: ansible-core reads the same hosts."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "hosts_agreement.py"

# The development extra puts ansible-core beside this Python, which need not be on the path.
PATH = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))

needs_ansible = pytest.mark.skipif(
    shutil.which("ansible-playbook", path=PATH) is None, reason="ansible-core is not installed"
)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the campaign's script as a module."""
    monkeypatch.setenv("PATH", PATH)
    spec = importlib.util.spec_from_file_location("hosts_agreement", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@needs_ansible
@pytest.mark.parametrize(("what", "count"), [("compare_patterns", 100), ("compare_variables", 2)])
def test_generated_projects_are_read_alike(
    what: str,
    count: int,
    script: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    differences = getattr(script, what)(count, 3, None)
    assert differences == 0, capsys.readouterr().out
