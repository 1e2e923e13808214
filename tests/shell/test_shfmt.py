"""An independent reader of shell (shfmt) sees the same commands and heredocs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import shell_conformance as script

from nftlint.shell.parse import parse

ROOT = Path(__file__).parents[2]

TEXTS = [
    "[[ a =~ $(b) ]]\n",
    "a[${b[0]}]=c\n",
    "nft -f - <<EOF 2>&1 | tail; echo ok\nx\nEOF\ny\n",
    "if nft -f - <<EOF; then\nx\nEOF\n  y\nfi\n",
    "cat <<A <<-'B' | c\na $x\nA\n\tb\n\tB\nd\n",
    "cat <<EOF|nft\nx\\\n EOF\nEOF\n",
    "x=$(cat <<E\n)\nE\n) && y `z $(w)`\n",
    "case x in (a|b) c;; d) e;& *) f <<E\ng\nE\nesac\n",
    "f() { a; }; function g { b; }; function h() (c)\n",
    "a=(b $(c) 'd)'); e; declare -A f=([g]=h); i+=(j)\n",
    "[[ a =~ ^(b|c)$ && -f d ]] || ((e << 2)) || (( f )) && (g; (h))\n",
    "for a in b c; do d; done; for ((i=0;i<3;i++)); do e; done; while f; do g; done <h\n",
    'a 2>&1 >b {c}<d <<< "e $(f)" &>g; >h i; ! j | k |& l &\n',
    'echo ${a:-$(b)} ${c//x/y} ${#d[@]} $\'e\\\'f\' $"g" "${h:-"i"}"\n',
    "a <(b) >(c) @(d|e) f=1 g\\\n h\n",
    "{ a; } 2>b & (c) || { d; e; }; time f; until g; do h; done\n",
    "a # b $(c)\n#d\ne#f 'g\nh' \"i\nj\" k\n",
]


EXPLAINED = {
    "escapes in backticks": "x=`a \\`b\\``\n",
    "heredoc without lines": "cat <<E\nE\n",
    "posix": "[[ -n a b ]]\n",
}
"""A text for each construct of scripts/shell_conformance.tsv by which the two differ for good."""

WEAK = {
    "element with brackets": "a[${b[${c[0]}]}]=d\n",
    "quotes in a subscript": 'mapfile a < <(b "${c["${d[0]}"]}")\n',
}
"""Texts that nftlint may come to read as shfmt does."""


@pytest.fixture(autouse=True)
def _needs_shfmt() -> None:
    if not Path(script.SHFMT).exists():
        pytest.skip("needs shfmt")


def _names(data: bytes) -> set[str]:
    """Return what explains the differences in a script; an empty name is for those left."""
    explanations = script.read_explanations(script.EXPLAINED)
    found = script.compare(data)
    assert found is not None
    return {script.explained_by(item, explanations) for item in script.differences(data, *found)}


@pytest.mark.parametrize("text", TEXTS)
def test_shfmt_sees_the_same(text: str) -> None:
    assert _names(text.encode()) == set()


def test_shfmt_sees_the_same_in_our_own_scripts() -> None:
    paths = list(script.scripts_of([ROOT / "examples", ROOT / ".ci"]))
    assert paths
    assert {path for path in paths if _names(path.read_bytes())} == set()


@pytest.mark.parametrize("name", EXPLAINED)
def test_what_is_explained(name: str) -> None:
    assert name in _names(EXPLAINED[name].encode())


@pytest.mark.parametrize("name", WEAK)
def test_known_weaknesses(name: str) -> None:
    assert _names(WEAK[name].encode()) <= {name}


def test_every_explanation_has_its_text() -> None:
    names = [item.name for item in script.read_explanations(script.EXPLAINED)]
    assert names == [*EXPLAINED, *WEAK]


def test_what_is_not_explained_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.sh").write_text("nft add rule ip filter INPUT drop\n")
    monkeypatch.setattr(sys, "argv", ["shell_conformance.py", str(tmp_path)])
    assert script.main() == 0
    monkeypatch.setattr(script, "parse", lambda _text: parse(""))
    assert script.main() == 1
    assert "x.sh:1: only shfmt (calls nft)" in capsys.readouterr().out
