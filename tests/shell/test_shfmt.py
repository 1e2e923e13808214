"""An independent reader of shell (shfmt) sees the same commands and heredocs."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]

TEXTS = [
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


@pytest.fixture(name="script", scope="module")
def _script() -> ModuleType:
    path = ROOT / "scripts" / "shell_conformance.py"
    spec = importlib.util.spec_from_file_location("shell_conformance", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if not Path(module.SHFMT).exists():
        pytest.skip("needs shfmt")
    return module


@pytest.mark.parametrize("text", TEXTS)
def test_shfmt_sees_the_same(text: str, script: ModuleType) -> None:
    assert script.compare(text.encode()) == (set(), set())


def test_shfmt_sees_the_same_in_our_own_scripts(script: ModuleType) -> None:
    paths = list(script.scripts_of([ROOT / "examples", ROOT / ".ci"]))
    found = {path: script.compare(path.read_bytes()) for path in paths}
    assert {path: diff for path, diff in found.items() if diff not in (None, (set(), set()))} == {}
