"""cloud-init's own package, as a process: what runcmd becomes, and what its schema says.

Runs where the package is installed (Debian's ``cloud-init``), or where ``NFTLINT_CLOUD_INIT`` names
a Python that has it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

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


SCHEMA = """
import io, sys, yaml, contextlib
from cloudinit.config import schema
config = yaml.safe_load(sys.stdin.read())
schema.validate_cloudconfig_schema(config, strict=True, schema=schema.get_schema())
"""


def test_the_schema_takes_the_file_before_and_after() -> None:
    assert run(SCHEMA, RUNCMD).returncode == 0
    after = rewritten(RUNCMD, "cloud-config", ["iptables -A X", "iptables -A Y"], 1)
    done = run(SCHEMA, after)
    assert done.returncode == 0, done.stderr
    assert run(SCHEMA, "runcmd: 5\n").returncode != 0
