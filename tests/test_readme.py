"""What the README shows is what happens."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from nftlint.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_finding_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "104")
    Path("provision").mkdir()
    script = next(block for block in blocks("sh") if block.startswith("#!/bin/sh"))
    Path("provision/firewall.sh").write_text(script)
    Path("nftlint.toml").write_text('[[hosts]]\ntag = "kube-router"\npaths = ["provision/**"]\n')
    command, _, output = blocks("console")[0].partition("\n")
    assert main(shlex.split(command.removeprefix("$ nftlint "))) == 1
    assert capsys.readouterr().out == output


def test_the_commands_it_names_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    named = [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("nftlint ")]
    assert len(named) > 5
    for arguments in named:
        with pytest.raises(SystemExit) as stopped:
            main([arguments[0], "--help"])
        assert stopped.value.code == 0
        text = capsys.readouterr().out
        assert all(word in text for word in arguments if word.startswith("--"))


def test_the_configuration_it_shows_is_taken(tmp_path: Path) -> None:
    from nftlint.config import read_config

    (path := tmp_path / "nftlint.toml").write_text(blocks("toml")[0])
    config = read_config(path)
    assert config.hosts[0].except_
    assert config.exclude


@pytest.mark.kernel
def test_the_picture_shows_what_happens() -> None:
    """What iptables makes of the raw rule depends on its version; Debian's 1.8.9 was drawn."""
    version = subprocess.run(["iptables", "-V"], capture_output=True, text=True, check=True).stdout
    if "v1.8.9 " not in version:
        assert "now kube-router reads" in (ROOT / "docs" / "incident.svg").read_text()
        return
    command = [sys.executable, str(ROOT / "scripts" / "readme_picture.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
