"""Trees on disk for tests of hosts: a text block per file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

NFT = "nft add rule ip filter INPUT ct state established accept\n"
"""A write that matters on a kube-router node."""

SHORT = "nft add rule ip filter INPUT drop"


def _write(tmp_path: Path, text: str) -> Path:
    for name, body in re.findall(r"(?ms)^=== (\S+)\n(.*?)(?=^=== |\Z)", text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body.replace("NFT\n", NFT).replace("NFT2", SHORT), "utf-8")
    return tmp_path


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Write files (``=== NAME`` before each) into an empty directory, and go there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ansible.cfg").touch()  # the top of the project
    return lambda text: _write(tmp_path, text)
