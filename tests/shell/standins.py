"""Runs scripts of our own with stand-ins that note what they are given, in a private namespace.

The PATH holds the stand-ins and a few harmless tools: no firewall is in reach, and the network
namespace has none to change. The note of each rule is the same for nft and for iptables: family,
verb, chain, and the rest of the words, or the port alone where there is one (so that a rule may
be said in the words of either). ``FAIL`` numbers the notes, from 1, whose command fails.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

NAMESPACES = (("unshare", "-n"), ("unshare", "-Urn"))
"""Ways to get a private network namespace: as root, and without."""

STAND_IN = r"""#!/bin/bash
note() {
  local line=$1 lines port='^(ip6? [AI] [A-Z]+) .*dport ([0-9]+)'
  [[ $line =~ $port ]] && line="${BASH_REMATCH[1]} ${BASH_REMATCH[2]}"
  echo "$line" >> "$LOG"
  mapfile -t lines < "$LOG"
  [[ ",$FAIL," != *",${#lines[@]},"* && $FAIL != all ]] || exit 1
}
statement() {
  local verb=$1 family=$3 table=$4
  [[ $1 == add ]] && verb=A
  [[ $1 == insert ]] && verb=I
  if [[ $2 == rule && ( $3 == ip || $3 == ip6 ) && $4 == filter ]]; then
    shift 4
    if [[ $* == *"l4proto { tcp, udp }"* ]]; then
      note "$family $verb $*"
    fi
    note "$family $verb $*"
  else
    note "nft $*"
  fi
}
command() {
  local family=ip
  [[ $name == ip6* ]] && family=ip6
  note "$family ${1#-} ${*:2}"
}
set -f
name=${0##*/}
case $name in
sudo) while [[ $1 == -* ]]; do shift; done; exec "$@" ;;
nft)
  while [[ $1 == -[aens]* ]]; do shift; done
  if [[ $1 == -f ]]; then text=$(cat "${2/#-//dev/stdin}"); else text="$*"; fi
  [[ $text != list* ]] || { echo nothing; exit 0; }
  while IFS= read -r line; do
    words=($line)
    [[ ${#words[@]} -eq 0 || ${words[0]} == "#"* ]] || statement "${words[@]}"
  done <<< "${text//;/$'\n'}" ;;
ip*tables-restore)
  while IFS= read -r line; do
    words=(${line//\"/})
    [[ ${words[0]} != -* ]] || command "${words[@]}"
  done ;;
ip*tables) while [[ $1 == -w ]]; do shift; done; command "$@" ;;
mark) note "mark $1"; exit "${2:-0}" ;;
esac
exit 0
"""

DRIVER = r"""
for fail in $FAILS; do
  : > "$LOG"
  FAIL=${fail#-} bash "$1" > /dev/null 2>&1
  echo "exit $?" >> "$LOG"
  cat "$LOG"
  echo
done
"""

NAMES = ("nft", "iptables", "ip6tables", "iptables-restore", "ip6tables-restore", "sudo", "mark")
TOOLS = ("bash", "sh", "cat", "grep", "tee", "true", "false", "timeout", "env", "xargs", "rm")

Notes = list[str]
"""What was noted in one run, and the script's exit status at the end."""


def make_tools(directory: Path) -> None:
    """Put the stand-ins and the harmless tools into a directory."""
    directory.mkdir()
    for tool in TOOLS:
        (directory / tool).symlink_to(shutil.which(tool) or pytest.skip(f"needs {tool}"))
    note = directory / "note"
    note.write_text(STAND_IN)
    note.chmod(note.stat().st_mode | stat.S_IXUSR)
    for name in NAMES:
        (directory / name).symlink_to(note)


@cache
def namespace() -> tuple[str, ...]:
    """Return the command that enters a private network namespace; skips where there is none."""
    for command in NAMESPACES:
        if shutil.which(command[0]) is None:
            break
        listed = ["cat", "/proc/net/dev"]
        done = subprocess.run([*command, *listed], capture_output=True, check=False, timeout=20)
        if done.returncode == 0 and done.stdout.count(b":") == 1:
            return command
    pytest.skip("needs a private network namespace")


def run(script: str, tools: Path, fails: Sequence[str]) -> list[Notes]:
    """Run a bash script once for each of ``fails``: numbers of notes, ``all``, ``-`` for none."""
    place = tools.parent / "script"
    place.write_text(script)
    log = tools.parent / "log"
    environment = {"PATH": os.fspath(tools), "LOG": os.fspath(log), "FAILS": " ".join(fails)}
    enter = [shutil.which(namespace()[0]) or "", *namespace()[1:]]
    command = [*enter, shutil.which("bash") or "bash", "-c", DRIVER, "driver", os.fspath(place)]
    done = subprocess.run(
        command,
        env=environment,
        cwd=tools.parent,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return [notes.split("\n") for notes in done.stdout.split("\n\n")[:-1]]
