"""Scripts of our own, run before and after the fix with stand-ins that note what they are given.

The PATH holds the stand-ins and a few harmless tools: no firewall is in reach.
"""

from __future__ import annotations

import os
import shlex
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from nftlint.fragment import Refusal

NOTE = """#!/bin/bash
name=${0##*/}
case $name in
sudo) exec "$@" ;;
nft)
  if [ "$1" = -f ]; then text=$(cat); else text="$*"; fi
  if [[ $text == list* ]]; then echo nothing; exit 0; fi
  while IFS= read -r line; do
    set -- $line
    [[ $# -eq 0 || $1 == "#" ]] && continue
    if [ "$4" = filter ]; then
      shift 4; echo "ip: $*" >> "$LOG"
    else
      echo "nft: $*" >> "$LOG"
    fi
    [ "$FAIL" ] && exit "$FAIL"
  done <<< "${text//;/$'\\n'}"
  exit 0 ;;
iptables) shift; echo "ip: $*" >> "$LOG" ;;
iptables-restore)
  while read -r verb rest; do [ "$verb" = -A ] && echo "ip: $rest" >> "$LOG"
    [ "$verb" = -A ] && [ "$FAIL" ] && exit "$FAIL"
  done ;;
mark) echo "mark: $*" >> "$LOG"; exit "${2:-0}" ;;
esac
exit "${FAIL:-0}"
"""
TOOLS = ("bash", "sh", "cat", "grep", "tee", "true", "false")
R = "add rule ip filter INPUT"

SCRIPTS = {
    "one after the other": f"nft {R} a\nmark 1\nsudo nft {R} b\nmark 2\n",
    "errexit": f"set -e\nnft {R} a\nmark 1\n",
    "errexit, two": f"set -e\nnft '{R} a; {R} b'\nmark 1\n",
    "errexit, two, ignored": f"set -e\nnft '{R} a; {R} b' || mark failed\nmark 1\n",
    "errexit, two at the end of a list": f"set -e\nmark 0 && nft '{R} a; {R} b'\nmark 1\n",
    "list, after or": f"mark 0 || nft '{R} a; {R} b' || mark 1\nmark 2\n",
    "list, after failed or": f"mark 0 1 || nft '{R} a; {R} b' && mark 1\nmark 2\n",
    "condition": f"if nft '{R} a; {R} b'; then mark yes; else mark no; fi\n",
    "negated": f"if ! nft '{R} a; {R} b'; then mark no; fi\n! nft {R} c\nmark $?\n",
    "status": f"nft '{R} a; {R} b'\nmark $?\n",
    "pipe": f"set -o pipefail\nnft '{R} a; {R} b' | cat\nmark $?\n",
    "while": f"while nft {R} a; do mark in; break; done\nmark $?\n",
    "loop": f"for p in 22 80; do nft {R} tcp dport $p accept; done\n",
    "variables": f"x='a b'\nnft {R} $x y\nnft '{R} x'\n",
    "function": 'r() { nft add rule ip filter "$@"; }\nr INPUT a\nr INPUT b && mark 1\n',
    "wrapper": f'run() {{ mark run; "$@" || mark failed; }}\nrun nft {R} a\n',
    "heredoc, one": f"P=22\nnft -f - <<E || mark failed\n{R} dport $P\nE\nmark 1\n",
    "heredoc, several": f"P=22\nsudo nft -f - <<E\n{R} dport $P\n# why\n{R} b\nE\nmark $?\n",
    "heredoc, piped": f"cat <<'E' | nft -f -\n{R} a\n{R} b\nE\nmark $?\n",
    "echo": f'X=1\necho "{R} $X" | nft -f -\nmark $?\n',
    "here-string": f"nft -f - <<< '{R} a'\nmark $?\n",
    "sh -c": f"X=1 sh -c 'nft {R} $X && mark in'\nsh -c \"nft {R} b\" || mark failed\n",
    "eval": f"eval 'nft {R} a; mark 1'\n",
    "guard": f"nft list chain x | grep -q INPUT || nft {R} a\nmark $?\n",
    "background": f"nft '{R} a; {R} b' &\nwait $!\nmark $?\n",
    "written for later": f"cat > $LOG.sh <<E\nnft {R} a\nmark later\nE\nsh $LOG.sh\n",
    "continued": f"nft {R} \\\n  a \\\n  b\n",
}


@pytest.fixture(name="run")
def _run(tmp_path: Path) -> Callable[[str, str], tuple[list[str], int]]:
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in TOOLS:
        (tools / tool).symlink_to(shutil.which(tool) or pytest.skip(f"needs {tool}"))
    note = tools / "note"
    note.write_text(NOTE)
    note.chmod(note.stat().st_mode | stat.S_IXUSR)
    for name in ("nft", "iptables", "iptables-restore", "sudo", "mark"):
        (tools / name).symlink_to(note)

    def run(script: str, fail: str) -> tuple[list[str], int]:
        log = tmp_path / "log"
        log.write_text("")
        environment = {"PATH": os.fspath(tools), "LOG": os.fspath(log), "FAIL": fail}
        command = [shutil.which("bash") or "bash", "-c", script]
        done = subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, check=False, timeout=20
        )
        return log.read_text().splitlines(), done.returncode

    return run


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("fail", ["", "1"])
def test_the_same_calls_under_the_same_conditions(
    name: str,
    fail: str,
    run: Callable[[str, str], tuple[list[str], int]],
    rewrite: Callable[..., str | Refusal],
) -> None:
    before = SCRIPTS[name]
    after = rewrite(before, None)
    assert isinstance(after, str)
    assert after != before
    done = run(after, fail)
    assert done == run(before, fail)
    assert done[0], shlex.quote(after)
