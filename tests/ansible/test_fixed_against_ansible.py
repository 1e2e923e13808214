"""A tree of plays, scripts and templates before and after ``--fix``, run by ansible-core.

The calls that the hosts make, written down by stand-ins for nft and iptables in a network
namespace of their own, correspond one to one.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from playing import PLAY, Run, all_at_once, in_namespace, needs_ansible

from nftlint.cli import main

pytestmark = [pytest.mark.kernel, needs_ansible]
STAND_IN = """#!{python}
import json, os, sys
with open(os.environ["CALLS"], "a") as file:
    print(json.dumps([os.path.basename(sys.argv[0]), *sys.argv[1:]]), file=file)
"""
ADD = "nft add rule ip filter INPUT"

FILES = {
    "site.yml": f"""
- hosts: localhost
  connection: local
  gather_facts: false
  vars:
    dir: "{{{{ lookup('env', 'WORK') }}}}"
    ssh: 22
  tasks:
    - name: free form
      command: {ADD} tcp dport {{{{ ssh }}}} accept
    - name: a script in the play
      shell: |
        set -e
        {{% for port in [23, 24] %}}
        {ADD} tcp dport {{{{ port }}}} accept
        {{% endfor %}}
        echo done
    - name: folded
      ansible.builtin.shell: >-
        {ADD}
        tcp dport 25
        accept && true
      args:
        executable: /bin/bash
    - name: a loop of ports
      command: {ADD} tcp dport {{{{ item }}}} accept
      with_items: [26, 27]
    - name: kept
      command: {ADD} tcp dport 28 accept
      args: {{creates: /none, chdir: /}}
      when: ssh == 22
      notify: told
    - script: fw.sh 29
    - copy: {{src: copied.sh, dest: "{{{{ dir }}}}/copied.sh", mode: "0755"}}
    - command: "{{{{ dir }}}}/copied.sh"
    - template: {{src: templated.sh.j2, dest: "{{{{ dir }}}}/templated.sh", mode: "0755"}}
    - command: "{{{{ dir }}}}/templated.sh"
    - copy:
        dest: "{{{{ dir }}}}/content.sh"
        mode: "0755"
        content: |
          #!/bin/sh
          {ADD} tcp dport 34 accept
    - command: "{{{{ dir }}}}/content.sh"
    - copy: {{src: rules.nft, dest: "{{{{ dir }}}}/rules.nft"}}
    - command: nft -f rules.nft chdir={{{{ dir }}}}
    - include_tasks: more.yml
  handlers:
    - name: told
      local_action: command {ADD} tcp dport 36 accept
""",
    "more.yml": f"""
- block:
    - raw: {ADD} tcp dport 35 accept
""",
    "files/fw.sh": f'#!/bin/sh\n{ADD} tcp dport "$1" accept\n',
    "files/copied.sh": f"#!/bin/sh\nfor p in 30 31; do\n  {ADD} tcp dport $p accept\ndone\n",
    "files/rules.nft": "add rule ip filter INPUT tcp dport 99 accept\n",
    "templates/templated.sh.j2": f"""#!/bin/sh
{{% if ssh == 22 %}}
{ADD} tcp dport {{{{ ssh + 10 }}}} accept
{{% endif %}}
{ADD} tcp dport 33 accept
""",
}
PORTS = [*range(22, 35), 99, 35, 36]
STAY = {99, 36}
"""What a fix leaves to nft: a file of nft, and the controller's own firewall."""


def written(folder: Path) -> Path:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def prepared(folder: Path) -> Run:
    """A run of the tree's play with stand-ins for nft and iptables."""
    work = folder.with_suffix(".work")
    work.mkdir()
    for name in ("nft", "iptables"):
        (work / name).write_text(STAND_IN.format(python=f"{sys.executable} -S"))
        (work / name).chmod(0o755)
    variables = {
        "CALLS": str(work / "calls"),
        "WORK": str(work),
        "PATH": f"{work}:{os.environ['PATH']}",
    }
    return Run(in_namespace(PLAY, "-i", "localhost,", "site.yml"), folder, variables)


def calls_of(run: Run) -> list[list[str]]:
    return [json.loads(line) for line in Path(run.variables["CALLS"]).read_text().splitlines()]


def words(call: list[str]) -> str:
    return " ".join(call)


def test_the_hosts_make_the_same_calls_by_iptables(tmp_path: Path) -> None:
    old, new = written(tmp_path / "old"), written(tmp_path / "new")
    options = ["--assume-tag", "kube-router", "--fix-only", "--unsafe-fixes"]
    assert main(["check", *options, str(new)]) == 0
    runs = prepared(old), prepared(new)
    all_at_once(tmp_path / "home", *runs)
    before, after = map(calls_of, runs)
    assert [words(call) for call in before] == [
        "nft -f rules.nft" if port == 99 else f"{ADD} tcp dport {port} accept" for port in PORTS
    ]
    assert [words(call) for call in after] == [
        words(call) if port in STAY else f"iptables -A INPUT -p tcp --dport {port} -j ACCEPT"
        for port, call in zip(PORTS, before, strict=True)
    ]
