"""The search for rules in real scripts, over a small checkout of our own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import shell_recall as script
from shell_conformance import SHFMT

SCRIPT = """\
#!/bin/sh
nft add rule ip filter INPUT tcp dport 22 accept
# nft add rule ip filter INPUT tcp dport 23 accept
true # nft add rule ip filter INPUT tcp dport 24 accept
add() { nft "$@"; }
add add rule ip filter INPUT tcp dport 26 accept
nft -f - <<EOF
add rule ip filter INPUT tcp dport 27 accept
EOF
nft -f - <<EOF
table ip t { chain c { type filter hook input priority 0; policy accept; drop; }; }
EOF
RULES='insert rule ip filter INPUT drop'
nft "$RULES"
unheard "add rule inet $x y drop"
echo "we replace rule by rule" >&2
nft list ruleset
nft 'add chain ip filter x { type filter hook input priority 0; policy drop; }'
"""
STATES = {2: "plain", 6: "other", 8: "other", 10: "extra", 13: "other", 15: "missed", 16: "missed"}


@pytest.fixture(name="checkout")
def _checkout(tmp_path: Path) -> Path:
    if not Path(SHFMT).exists():
        pytest.skip("needs shfmt")
    top = tmp_path / "a+b"
    top.mkdir()
    (top / "x.sh").write_text(SCRIPT)
    return top


def test_states(checkout: Path) -> None:
    found = {line.number: line.state for line in script.states_of(checkout.name, "x.sh", SCRIPT)}
    used = found.pop(14, "extra")
    assert used == "extra"
    assert found == STATES


def test_a_miss_without_a_reason_fails(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reasons = checkout.parent / "reasons.tsv"
    reasons.write_text("# repository …\na+b\tx.sh\t16\tno call\ta message\n")
    arguments = [str(checkout), "--explained", str(reasons), "--table", "--list", "missed"]
    monkeypatch.setattr(sys, "argv", ["shell_recall.py", *arguments])
    assert script.main() == 1
    reasons.write_text("a+b\tx.sh\t15-16\tno call\ta message\n")
    assert script.main() == 0
    told = capsys.readouterr()
    assert "a+b/x.sh:15: not explained" in told.err
    assert "a+b/x.sh:16: not explained" not in told.err
    assert "| a/b |" in told.out
