"""Scripts of our own, run before and after the fix: the same calls under the same conditions.

Every note that a script makes may be the one that fails; what follows has to be the same.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from standins import make_tools, run

from nftlint.fragment import Refusal

R = "add rule ip filter INPUT"
SIX = "add rule ip6 filter INPUT"

SCRIPTS = {
    "one after the other": f"nft {R} a\nmark 1\nsudo nft {R} b\nmark 2\n",
    "families": f"nft {R} a\nnft {SIX} b\nnft insert rule ip6 filter INPUT c\n",
    "another table stays": f"nft {R} a\nnft add rule inet t c x\nnft {R} b\n",
    "another table in one call": f"nft '{R} a; add rule inet t c x; {R} b' || mark failed\n",
    "sudo with options": f"sudo -n nft '{R} a; {R} b' && mark 1\n",
    "timeout": f"timeout 5 nft '{R} a; {R} b' && mark 1\n",
    "environment": f"env X=1 nft {R} a\nX=1 nft {R} b\n",
    "in a variable": f"NFT=nft\n$NFT {R} a && mark 1\nN='sudo nft'\n$N {R} b && mark 2\n",
    "in an array": f'NFT=(sudo nft)\n"${{NFT[@]}}" {R} a && mark 1\n',
    # errexit
    "errexit": f"set -e\nnft {R} a\nmark 1\n",
    "errexit, two": f"set -e\nnft '{R} a; {R} b'\nmark 1\n",
    "errexit, two, ignored": f"set -e\nnft '{R} a; {R} b' || mark failed\nmark 1\n",
    "errexit, two at the end of a list": f"set -e\nmark 0 && nft '{R} a; {R} b'\nmark 1\n",
    "errexit, function": f"set -e\nf() {{ nft '{R} a; {R} b'; mark in; }}\nf\nmark 1\n",
    "errexit, function tested": f"set -e\nf() {{ nft '{R} a; {R} b'; mark in; }}\nf || mark 2\n",
    "errexit, subshell": f"set -e\n( nft '{R} a; {R} b'; mark in ) || mark no\nmark 1\n",
    "errexit, subshell alone": f"set -e\n( nft '{R} a; {R} b'; mark in )\nmark 1\n",
    "errexit, substitution": f"set -e\nx=$(nft '{R} a; {R} b'; mark in)\nmark 1\n",
    "errexit, substitution tested": f"set -e\nif x=$(nft '{R} a; {R} b'); then mark 1; fi\n",
    "errexit, negated": f"set -e\n! nft '{R} a; {R} b'\nmark 1\n",
    "errexit, pipe": f"set -e\nnft '{R} a; {R} b' | cat\nmark 1\n",
    "errexit, pipefail": f"set -eo pipefail\nnft '{R} a; {R} b' | cat\nmark 1\n",
    "errexit, condition": f"set -e\nif nft '{R} a; {R} b'; then mark 1; else mark 2; fi\nmark 3\n",
    "errexit, heredoc": f"set -e\nnft -f - <<E\n{R} a\n{R} b\nE\nmark 1\n",
    "errexit, loop": f"set -e\nfor p in 1 2 3; do nft '{R} p; {R} q'; mark $p; done\n",
    "errexit, eval": f"set -e\neval 'nft {R} a'\nmark 1\n",
    "errexit, trap": f"set -e\ntrap 'mark end' EXIT\nnft '{R} a; {R} b'\nmark 1\n",
    "error trap": f"trap 'mark error' ERR\nnft '{R} a; {R} b'\nmark 1\n",
    "error trap, condition": f"trap 'mark error' ERR\nnft '{R} a; {R} b' || mark 2\n",
    "exit trap": f"trap 'nft {R} a; mark end' EXIT\nmark 1\n",
    # lists and conditions
    "list, after or": f"mark 0 || nft '{R} a; {R} b' || mark 1\nmark 2\n",
    "list, after failed or": f"mark 0 1 || nft '{R} a; {R} b' && mark 1\nmark 2\n",
    "list, long": f"nft {R} a && nft '{R} b; {R} c' && nft {R} d || mark no\nmark $?\n",
    "condition": f"if nft '{R} a; {R} b'; then mark yes; else mark no; fi\n",
    "condition of several": f"if mark 1; nft '{R} a; {R} b'; then mark 2; else mark 3; fi\n",
    "branches": f"if mark 0 1; then nft {R} a; elif nft {R} b; then nft {R} c; else mark e; fi\n",
    "negated": f"if ! nft '{R} a; {R} b'; then mark no; fi\n! nft {R} c\nmark $?\n",
    "status": f"nft '{R} a; {R} b'\nmark $?\n",
    "status kept": f"nft '{R} a; {R} b'; s=$?\nmark 1\nexit $s\n",
    "last of the script": f"mark 1\nnft '{R} a; {R} b'\n",
    "pipe": f"set -o pipefail\nnft '{R} a; {R} b' | cat\nmark $?\n",
    "pipe status": f"nft '{R} a; {R} b' | cat\nmark ${{PIPESTATUS[0]}}\n",
    "while": f"while nft {R} a; do mark in; break; done\nmark $?\n",
    "until": f"until nft '{R} a; {R} b'; do mark in; break; done\nmark $?\n",
    "retry": f"for i in 1 2 3; do nft '{R} a; {R} b' && break; mark again; done\n",
    "loop": f"for p in 22 80; do nft {R} tcp dport $p accept; done\n",
    "loop over words in a variable": (
        f'L="1 2"\nfor p in $L; do nft {R} "$p" || continue; mark $p; done\n'
    ),
    "read loop": f'while read -r p q; do nft {R} "$p" || break; mark $q; done <<E\n1 2\n3 4\nE\n',
    "case": f'case a in\na|b) nft {R} "a b"; mark 1;;\n*) nft {R} c;;\nesac\n',
    "case of a variable": (
        f"for v in x y; do case $v in x) nft {R} a;; y) nft {SIX} b;; esac; done\n"
    ),
    "arithmetic": f"i=0\nwhile ((i++ < 2)); do nft '{R} a; {R} b' || mark $i; done\n",
    "group": f"{{ nft {R} a; nft '{R} b; {R} c'; }} && mark 1\n",
    "group, redirected": f"{{ nft '{R} a; {R} b'; mark 1; }} > /dev/null 2>&1 || mark 2\n",
    "subshell": f"( nft '{R} a; {R} b' && mark 1 ) || mark 2\n",
    "substitution": f'mark "$(nft {R} a && echo 1 || echo 2)"\n',
    "backticks": f"mark `nft {R} a && echo 1 || echo 2`\n",
    "variables": f"x='a b'\nnft {R} $x y\nnft '{R} x'\n",
    "no glob": f"nft {R} 'a*'\nnft '{R} b*'\n",
    # functions
    "function": 'r() { nft add rule ip filter "$@"; }\nr INPUT a\nr INPUT b && mark 1\n',
    "function, its status": f"f() {{ nft '{R} a; {R} b'; }}\nif f; then mark 1; else mark 2; fi\n",
    "function, return": f"f() {{ nft '{R} a; {R} b' || return 7; mark 1; }}\nf\nmark $?\n",
    "function in a loop": f'f() {{ nft {R} "$1"; }}\nfor x in a b c; do f $x || mark $x; done\n',
    "function in a function": f"f() {{ nft {R} a; }}\ng() {{ f && mark 1; f; }}\ng || mark 2\n",
    "function, subshell body": f"f() ( nft '{R} a; {R} b'; mark 1 )\nf || mark 2\n",
    "wrapper": f'run() {{ mark run; "$@" || mark failed; }}\nrun nft {R} a\n',
    "wrapper that dies": f'must() {{ "$@" || exit 3; }}\nmust nft {R} a\nmust mark 1\n',
    # standard input
    "heredoc, one": f"P=22\nnft -f - <<E || mark failed\n{R} dport $P\nE\nmark 1\n",
    "heredoc, several": f"P=22\nsudo nft -f - <<E\n{R} dport $P\n# why\n{R} b\nE\nmark $?\n",
    "heredoc, tabs": f"if true; then\n\tnft -f - <<-E && mark 1\n\t\t{R} a\n\t\t{R} b\n\tE\nfi\n",
    "heredoc, condition": f"if nft -f - <<'E'\n{R} a\n{R} b\nE\nthen mark 1; else mark 2; fi\n",
    "heredoc, in a function": f"f() {{\nnft -f - <<E\n{R} $1\n{R} b\nE\n}}\nf x && mark 1\n",
    "heredoc, two families": f"nft -f - <<'E' || mark no\n{R} a\n{SIX} b\n{R} c\nE\nmark $?\n",
    "heredoc, another table": f"nft -f - <<'E'\n{R} a\nadd rule inet t c x\nE\nmark $?\n",
    "heredoc, two on a line": f"nft -f - <<A; nft -f - <<B\n{R} a\nA\n{R} b\nB\nmark $?\n",
    "heredoc, piped": f"cat <<'E' | nft -f -\n{R} a\n{R} b\nE\nmark $?\n",
    "echo": f'X=1\necho "{R} $X" | nft -f -\nmark $?\n',
    "printf": f"printf '%s\\n' '{R} a' '{R} b' | nft -f - || mark no\n",
    "here-string": f"nft -f - <<< '{R} a'\nmark $?\n",
    # shells
    "sh -c": f"X=1 sh -c 'nft {R} $X && mark in'\nsh -c \"nft {R} b\" || mark failed\n",
    "sh -c, errexit": f"sh -ec 'nft {R} a; mark in' || mark failed\n",
    "bash heredoc": f"bash -s <<'E' || mark failed\nset -e\nnft '{R} a; {R} b'\nmark in\nE\n",
    "sh -c in sh -c": f"sh -c 'sh -c \"nft {R} a\" && mark in' || mark failed\n",
    "eval": f"eval 'nft {R} a; mark 1'\n",
    "xargs": f"echo 1 | xargs sh -c 'nft {R} a; mark $0'\n",
    # guards, background, later
    "guard": f"nft list chain x | grep -q INPUT || nft {R} a\nmark $?\n",
    "guard of an if": f"if ! nft list ruleset | grep -q x; then nft '{R} a; {R} b'; fi\nmark $?\n",
    "background": f"nft '{R} a; {R} b' &\nwait $!\nmark $?\n",
    "written for later": f"cat > $LOG.sh <<E\nnft {R} a\nmark later\nE\nsh $LOG.sh\n",
    "continued": f"nft {R} \\\n  a \\\n  b\n",
    "commented": f"nft {R} a # why\nnft '{R} a; {R} b' # and why\nmark $?\n",
    "one line": f"nft {R} a; nft '{R} b; {R} c'; mark $?; nft {R} d\n",
    "redirected": f"nft '{R} a; {R} b' > /dev/null 2>&1 || mark 1\nnft {R} c 2>/dev/null || :\n",
}
FAILS = ("-", "all", "1", "2", "3")


@pytest.fixture(name="tools")
def _tools(tmp_path: Path) -> Path:
    make_tools(tmp_path / "bin")
    return tmp_path / "bin"


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_same_calls_under_the_same_conditions(
    name: str, tools: Path, rewrite: Callable[..., str | Refusal]
) -> None:
    before = SCRIPTS[name]
    after = rewrite(before, None)
    assert isinstance(after, str), after
    assert after != before
    done = run(after, tools, FAILS)
    assert dict(zip(FAILS, done, strict=True)) == dict(
        zip(FAILS, run(before, tools, FAILS), strict=True)
    )
    assert any(note.startswith("ip") for notes in done for note in notes), after
