"""``nftlint prove`` and ``check --prove``: the kernel has the last word."""

from __future__ import annotations

from pathlib import Path

import pytest

from nftlint import proofs
from nftlint.cli import main
from nftlint.prove import Verdict

RULE = "add rule ip filter INPUT tcp dport { 22, 80 } accept"


@pytest.mark.kernel
def test_what_is_equal_is_proved(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", RULE, "nft add rule ip filter INPUT tcp dport 22 drop"]) == 0
    out = capsys.readouterr().out
    assert "equal, by packets (" in out
    assert "equal, by bytecode" in out


@pytest.mark.kernel
def test_what_has_no_translation_is_unproved(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "add rule inet filter input accept", RULE]) == 1
    first, *_, last = capsys.readouterr().out.splitlines()
    assert first == "add rule inet filter input accept"
    assert last.strip().startswith("equal, by packets")


@pytest.mark.kernel
def test_fixes_say_how_they_are_proved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "x.sh"
    script.write_text(f"# nftlint: host=kube-router\nnft '{RULE}'\nnft add rule filter INPUT $X\n")
    assert main(["check", "--prove", str(script)]) == 1
    assert "= proof: equal, by packets (" in capsys.readouterr().out


def test_a_fix_that_the_kernel_refutes_is_not_applied(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nftlint.prove.available", lambda: None)
    wrong = Verdict("different", "packets", "tcp 10.0.0.1 -> 10.0.0.2:22")
    monkeypatch.setattr(proofs, "prove", lambda pairs: [wrong for _ in pairs])
    script = tmp_path / "x.sh"
    before = f"# nftlint: host=kube-router\nnft '{RULE}'\n"
    script.write_text(before)
    assert main(["check", "--prove", "--fix", str(script)]) == 1
    assert script.read_text() == before
    assert main(["check", "--prove", str(script)]) == 1
    out = capsys.readouterr().out
    assert "fix (display-only)" in out
    assert "10.0.0.2:22" in out
