"""ansible-core itself, as a process: the calls before and after a fix correspond one to one.

Runs where `ansible-playbook` is installed; `nft` and `iptables` are stand-ins that write down
their arguments, in a network namespace of their own.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "yaml"))
from playing import PLAY, Run, all_at_once, in_namespace, needs_ansible
from rewriting import rewritten, scanned

pytestmark = [pytest.mark.kernel, needs_ansible]

STAND_IN = """#!/usr/bin/env python3
import json, os, sys
with open(os.environ["CALLS"], "a") as file:
    print(json.dumps(sys.argv[1:]), file=file)
"""

TASKS = r"""
- hosts: localhost
  connection: local
  gather_facts: false
  vars:
    port: 22
    words: "a b"
  tasks:
    - command: nft add rule ip filter INPUT tcp dport {{ port }} accept
    - command: nft "add rule ip filter INPUT tcp dport 1 accept comment \"{{ words }}\""
    - command: 'nft add rule ip filter INPUT tcp dport ''2'' accept chdir=/'
    - ansible.builtin.command: creates=/none nft add rule ip filter INPUT tcp dport 3 accept
    - command: nft add rule ip filter INPUT tcp dport { 22, 80 } accept; true
    - command: >-
        nft add rule ip filter INPUT
        tcp dport 4

        accept
    - command: |
        nft add rule ip filter INPUT
          tcp dport "$SOME" accept ${NONE} '$SOME'
      environment: {SOME: "5 6"}
    - command: "nft add rule ip\tfilter INPUT \x63ounter \
        accept"
    - command:
        cmd: nft it\'s "a\\b\"c" 'x"y' a\ b \{
    - command:
        argv: [nft, "add rule ip filter INPUT accept", "{{ words }}", 22]
    - command:
      args:
        argv:
          - nft
          - add rule
          - "{{ port }}"
    - action: command nft add rule ip filter INPUT drop
    - action:
        module: command
        cmd: nft add rule ip filter OUTPUT drop
    - local_action: command nft add rule ip filter FORWARD drop
    - shell: nft add rule ip filter INPUT tcp dport {{ port }} accept
    - shell: "if true; then nft add rule ip filter 'INPUT' udp dport \"53\" accept; fi"
    - raw: nft add rule ip filter INPUT drop
    - command: "{{ item }}"
      loop:
        - nft add rule ip filter A accept
        - nft add rule ip filter 'B C' accept
    - command: nft {{ item }}
      with_items: ['add rule ip filter D accept', 'add rule ip filter E accept']
"""
VALUES = {"port": "22", "words": "a b", "SOME": "5 6", "NONE": "${NONE}"}


def rewritten_text() -> str:
    """The play with every call written anew that can be."""
    text = TASKS
    number = 0
    while number < len(scanned(text, "ansible").calls):
        new = rewritten(text, "ansible", [f"iptables -A N{number} it's □"], number)
        number += new.startswith("no: ")
        text = text if new.startswith("no: ") else new
    return text


def prepared(text: str, folder: Path) -> Run:
    """A run of a playbook with stand-ins for nft and iptables, which note their arguments."""
    folder.mkdir()
    for name in ("nft", "iptables"):
        path = folder / name
        path.write_text(STAND_IN)
        path.chmod(0o755)
    (folder / "play.yml").write_text(text)
    calls = folder / "calls"
    calls.touch()
    variables = {"CALLS": str(calls), "PATH": f"{folder}:{os.environ['PATH']}"}
    return Run(in_namespace(PLAY, "-i", "localhost,", "play.yml"), folder, variables)


Calls = list[list[str]]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Calls, Calls]:
    """The arguments of nft and iptables in order, before and after the calls are written anew."""
    top = tmp_path_factory.mktemp("ansible")
    runs = prepared(TASKS, top / "before"), prepared(rewritten_text(), top / "after")
    all_at_once(top / "home", *runs)
    texts = [(run.folder / "calls").read_text() for run in runs]
    before, after = ([json.loads(line) for line in text.splitlines()] for text in texts)
    return before, after


def test_nft_gets_what_nftlint_reads(played: tuple[Calls, Calls]) -> None:
    played_calls = [" ".join(words) for words in played[0]]
    assert [filled(call) for call in scanned(TASKS, "ansible").calls] == played_calls


def filled(call) -> str:
    text = call.script.text
    for char, hole in call.script.holes.items():
        text = text.replace(char, VALUES[hole.name])
    return text


def test_iptables_gets_what_was_written(played: tuple[Calls, Calls]) -> None:
    before, after = played
    assert len(after) == len(before)
    kept = [words for words in after if words[0] != "-A"]
    assert kept == before[-2:]
    assert all(words[2] == "it's" and len(words) == 4 for words in after if words[0] == "-A")
