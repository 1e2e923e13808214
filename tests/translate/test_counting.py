"""Matches beyond the reach of the proof engine: they must let the same packets through."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from translation_pages import said

pytestmark = pytest.mark.kernel
BY_COUNT = (
    "quota 1000 bytes",
    "quota over 500 bytes",
    "quota 1 kbytes",
    "quota 600 bytes used 100 bytes",
    "udp dport 9 quota over 300 bytes",
    "numgen inc mod 3 == 0",
    "numgen inc mod 7 == 4",
    "udp dport 9 numgen inc mod 2 == 1",
    "limit rate 1/hour",
    "limit rate 1/day burst 9 packets",
    "udp dport 9 limit rate 2/hour burst 12 packets",
)
BY_HEADER = ("ip6 nexthdr udp", "ip6 nexthdr tcp", "meta l4proto udp")


def _counted(rules: tuple[str, ...], family: str) -> dict[str, list[list[int]]]:
    """Return the counts of nft's rule and of the first iptables rule after each packet."""
    lines = [said(f"add rule {family} filter OUTPUT {rule}") for rule in rules]
    words = [next(shlex.split(line)[3:] for line in each if line[0] != "#") for each in lines]
    done = subprocess.run(
        ["unshare", "-Urn", sys.executable, str(Path(__file__).with_name("counting.py"))],
        input=json.dumps([(family, rule, each) for rule, each in zip(rules, words, strict=True)]),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(rules, json.loads(done.stdout), strict=True))


def test_rules_that_count_let_the_same_packets_through():
    seen = _counted(BY_COUNT, "ip")
    assert {rule: each for rule, each in seen.items() if any(a != b for a, b in each)} == {}
    assert all(each[0] != each[-1] for each in seen.values())


def test_the_next_header_is_the_protocol_where_there_are_no_others():
    seen = _counted(BY_HEADER, "ip6")
    assert {rule: each for rule, each in seen.items() if any(a != b for a, b in each)} == {}
    assert seen["ip6 nexthdr udp"][-1] < seen["meta l4proto udp"][-1]
