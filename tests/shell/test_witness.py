"""The second reader of shell: what it must see alike, and what it is known to misread."""

from __future__ import annotations

import pytest

from nftlint.applicability import Applicability
from nftlint.lint import lint_text
from nftlint.results import Fix
from nftlint.shell import witness
from nftlint.shell.witness import DISAGREE

AGREED = [
    "nft add rule ip filter INPUT tcp dport { 22, 80 } accept",
    "nft add rule ip filter INPUT tcp dport {22,80} accept",
    "! sudo -n nft 'add rule ip filter INPUT accept' 2>&1 | tee x",
    "A=1 nft add rule ip filter INPUT tcp flags \\& \\(fin\\|syn\\) == syn accept || true",
    "nft add rule ip filter INPUT \\\n    tcp dport 22 accept # ü",
    "echo 'ü€'; nft add rule ip filter INPUT tcp dport 22 accept",
    "cat >f <<'X'\nit's\nX\nnft add rule ip filter INPUT tcp dport 22 accept",
    "nft -f - <<EOF\nadd rule ip filter INPUT tcp dport 22 accept\nEOF",
    "! sudo nft -f - 2>&1 <<'EOF'; true\nadd rule ip filter INPUT tcp dport 22 accept\nEOF",
    "nft -f - <<< 'add rule ip filter INPUT tcp dport 22 accept'",
    "echo 'add rule ip filter INPUT tcp dport 22 accept' | sudo nft -f - || exit 1",
    "cat <<EOF | nft -f -\nadd rule ip filter INPUT tcp dport 22 accept\nEOF",
]


@pytest.mark.parametrize("script", AGREED)
def test_both_see_the_same_words(script: str) -> None:
    (result,) = lint_text(script, "x.sh", ("kube-router",)).results
    assert isinstance(result.fix, Fix)
    assert result.fix.replacements


@pytest.mark.parametrize("script", AGREED)
def test_where_they_disagree_nothing_is_changed(
    script: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness, "_commands", lambda _: {})
    (result,) = lint_text(script, "x.sh", ("kube-router",)).results
    assert isinstance(result.fix, Fix)
    assert result.fix.applicability is Applicability.DISPLAY_ONLY
    assert result.fix.reasons[0] == DISAGREE
