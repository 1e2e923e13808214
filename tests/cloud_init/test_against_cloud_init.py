"""cloud-init's own package, as a process: what runcmd becomes, and what its schema says.

Runs where the package is installed (Debian's ``cloud-init``), or where ``NFTLINT_CLOUD_INIT`` names
a Python that has it, as in CI.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from nftlint.cli import main

sys.path.insert(0, str(Path(__file__).parents[1] / "yaml"))
from rewriting import rewritten, scanned

PYTHON = os.environ.get("NFTLINT_CLOUD_INIT", "/usr/bin/python3")
RENDER = """
import json, sys, yaml
from cloudinit.util import shellify
print(json.dumps(shellify(yaml.safe_load(sys.stdin.read())["runcmd"])))
"""


@cache
def missing() -> str:
    """Why cloud-init cannot be asked, empty if it can."""
    if not Path(PYTHON).exists():
        return f"there is no {PYTHON}"
    done = run(RENDER, "runcmd: []")
    return "" if done.returncode == 0 else f"{PYTHON} has no cloud-init"


def run(program: str, text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PYTHON, "-c", program], input=text, capture_output=True, text=True, check=False
    )


@pytest.fixture(autouse=True)
def _cloud_init() -> None:
    if missing() and os.environ.get("CI"):
        pytest.fail(f"CI must run this test, but: {missing()}", pytrace=False)
    if missing():
        pytest.skip(missing())


RUNCMD = r"""#cloud-config
runcmd:
  - nft add rule ip filter INPUT tcp dport 22 accept
  - [nft, add, rule, ip, filter, INPUT, tcp, dport, '23', accept]
  - - nft
    - add rule ip filter INPUT
    - 'tcp dport { 1, 2 } accept'
  - |
    if true; then
      nft add rule ip filter INPUT accept
    fi
  - >-
    nft add rule ip
    filter INPUT drop
  - ~
  - "nft \x61dd rule ip filter FORWARD accept"
  - 'nft add rule ip filter INPUT iifname ''eth0'' accept'
  - [sh, -c, "nft 'add rule ip filter OUTPUT accept'; echo done"]
  - &again nft add rule ip filter INPUT ip saddr 10.0.0.1 accept
"""
NUMBER = 9


def ran(text: str) -> list[list[str]]:
    """The arguments that a shell gives to nft and iptables in the script that runcmd becomes."""
    done = run(RENDER, text)
    assert done.returncode == 0, done.stderr
    script = json.loads(done.stdout)
    shown = 'printf "%s\\0" "$@"; printf "\\n"'
    stand_ins = "".join(f"{name}() {{ {shown} ; }}\n" for name in ("nft", "iptables"))
    # `sh -c` in a list runs a shell of its own, which knows no functions but bash's exported ones.
    head = f'{stand_ins}export -f nft iptables\nsh() {{ command bash "$@"; }}\n'
    output = subprocess.run(
        ["bash", "-c", head + script], capture_output=True, text=True, check=True
    ).stdout
    return [line.split("\0")[:-1] for line in output.splitlines() if "\0" in line]


def test_nft_gets_what_nftlint_reads() -> None:
    calls = [" ".join(words) for words in ran(RUNCMD)]
    assert len(calls) == NUMBER
    assert [call.script.text for call in scanned(RUNCMD, "cloud-config").calls] == calls


@pytest.mark.parametrize("rules", [1, 2])
def test_iptables_gets_what_was_written(rules: int) -> None:
    text = RUNCMD
    expected: list[list[str]] = []
    for number in range(NUMBER):
        new = [f"iptables -A N{number} it's_{rule}" for rule in range(rules)]
        after = rewritten(text, "cloud-config", new)
        assert not after.startswith("no: "), after
        text = after
        expected += [["-A", f"N{number}", f"it's {rule}"] for rule in range(rules)]
    assert ran(text) == expected


FIXED = {
    # an item of runcmd: what nft is given, what iptables is given after --fix
    "nft add rule ip filter INPUT tcp dport 22 accept": (
        ["add rule ip filter INPUT tcp dport 22 accept"],
        ["-A INPUT -p tcp --dport 22 -j ACCEPT"],
    ),
    "[nft, add, rule, ip, filter, INPUT, tcp, dport, '23', accept]": (
        ["add rule ip filter INPUT tcp dport 23 accept"],
        ["-A INPUT -p tcp --dport 23 -j ACCEPT"],
    ),
    "[sh, -xc, 'nft add rule ip filter INPUT udp dport 53 accept && echo done']": (
        ["add rule ip filter INPUT udp dport 53 accept"],
        ["-A INPUT -p udp --dport 53 -j ACCEPT"],
    ),
    "\"nft 'insert rule ip filter FORWARD ip saddr 10.0.0.0/8 drop'\"": (
        ["insert rule ip filter FORWARD ip saddr 10.0.0.0/8 drop"],
        ["-I FORWARD -s 10.0.0.0/8 -j DROP"],
    ),
    "|\n    set -e\n    nft add rule ip filter INPUT iifname eth0 accept\n    echo": (
        ["add rule ip filter INPUT iifname eth0 accept"],
        ["-A INPUT -i eth0 -j ACCEPT"],
    ),
    ">-\n    nft add rule ip\n    filter INPUT tcp dport 80\n    accept": (
        ["add rule ip filter INPUT tcp dport 80 accept"],
        ["-A INPUT -p tcp --dport 80 -j ACCEPT"],
    ),
    "- nft\n    - add rule ip filter INPUT\n    - udp dport 123 accept": (
        ["add rule ip filter INPUT udp dport 123 accept"],
        ["-A INPUT -p udp --dport 123 -j ACCEPT"],
    ),
    "[nft, 'add rule ip filter INPUT tcp dport 1 drop; add rule ip filter INPUT accept']": (
        ["add rule ip filter INPUT tcp dport 1 drop; add rule ip filter INPUT accept"],
        ["-A INPUT -p tcp --dport 1 -j DROP", "-A INPUT -j ACCEPT"],
    ),
}
CONFIG = "#cloud-config\nruncmd:\n" + "".join(f"  - {item}\n" for item in FIXED)


def fixed(path: Path) -> str:
    options = ["--assume-tag", "kube-router", "--fix-only", "--unsafe-fixes"]
    assert main(["check", *options, str(path)]) == 0
    return path.read_text()


def test_the_script_of_the_fixed_file_gives_iptables_the_same_rules(tmp_path: Path) -> None:
    path = tmp_path / "user-data"
    path.write_text(CONFIG)
    before, after = ran(CONFIG), ran(fixed(path))
    assert [" ".join(words) for words in before] == [c for old, _ in FIXED.values() for c in old]
    assert [" ".join(words) for words in after] == [c for _, new in FIXED.values() for c in new]


def valid(path: Path) -> bool:
    command = [PYTHON, "-m", "cloudinit.cmd.main", "schema", "-c", str(path)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_the_schema_takes_the_file_before_and_after(tmp_path: Path) -> None:
    path = tmp_path / "user-data"
    texts = [RUNCMD, rewritten(RUNCMD, "cloud-config", ["iptables -A X", "iptables -A Y"], 1)]
    for text in (*texts, CONFIG):
        path.write_text(text)
        assert valid(path)
    fixed(path)
    assert valid(path)
    path.write_text("#cloud-config\nruncmd: 5\n")
    assert not valid(path)
