"""Matches that change by being asked: they must let the same packets through, one by one."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from translation_pages import said

pytestmark = pytest.mark.kernel
RULES = (
    "quota 1000 bytes",
    "quota until 999 bytes",
    "quota over 500 bytes",
    "quota 1 kbytes",
    "quota 600 bytes used 100 bytes",
    "quota 28 bytes",
    "quota 30 bytes",
    "udp dport 9 quota over 300 bytes",
    "numgen inc mod 3 == 0",
    "numgen inc mod 3 == 2",
    "numgen inc mod 7 == 4",
    "udp dport 9 numgen inc mod 2 == 1",
    "limit rate 1/hour",
    "limit rate 1/day burst 9 packets",
    "udp dport 9 limit rate 2/hour burst 12 packets",
)
SMALL = {"quota 28 bytes", "quota 30 bytes"}
"""Beside the length of the first packet: of 29 it depends on the kernel."""


def test_rules_that_count_let_the_same_packets_through():
    lines = [said(f"add rule ip filter OUTPUT {rule}") for rule in RULES]
    words = [shlex.split(each[-1])[3:] for each in lines]
    done = subprocess.run(
        ["unshare", "-Urn", sys.executable, str(Path(__file__).with_name("counting.py"))],
        input=json.dumps(list(zip(RULES, words, strict=True))),
        capture_output=True,
        text=True,
        check=True,
    )
    seen = dict(zip(RULES, json.loads(done.stdout), strict=True))
    assert {rule: each for rule, each in seen.items() if any(a != b for a, b in each)} == {}
    assert all(each[0] != each[-1] or rule in SMALL for rule, each in seen.items())
