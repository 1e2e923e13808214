"""The kernel's word on the golden pages."""

from __future__ import annotations

import shlex

import pytest
from translation_pages import Golden, goldens

from nftlint.prove import Pair, prove

pytestmark = pytest.mark.kernel
CHAINS = ("FOO", "BAR")
TABLES = ("nat", "mangle", "raw")
"""The tables beside filter."""


def pair(golden: Golden) -> Pair:
    """Return what is proved, with the chains and rules that the command takes for given."""
    words = golden.nft.split()
    family = "ip6" if "ip6" in words else "ip"
    program = "ip6tables" if family == "ip6" else "iptables"
    table = next((name for name in TABLES if name in words), "filter")
    chains = [name for name in CHAINS if name in golden.nft.replace(";", " ").split()]
    if golden.nft.startswith(("add chain", "create chain")):
        chains = []
    nft = [f"add chain {family} {table} {name}" for name in chains]
    own = [(program, "-t", table, "-N", name) for name in chains]
    if "index" in words:
        nft += [f"add rule ip filter INPUT tcp dport {port}" for port in (1, 2, 3)]
        own += [("iptables", "-A", "INPUT", "-p", "tcp", "--dport", str(n)) for n in (1, 2, 3)]
    commands = tuple(tuple(shlex.split(command)) for command in golden.commands)
    return Pair(golden.nft, commands, tuple(nft), tuple(own))


def test_safe_pairs_are_proved_or_argued():
    chosen = [golden for golden in goldens() if golden.safe and "$" not in golden.nft]
    verdicts = prove([pair(golden) for golden in chosen])
    wrong = [
        f"{golden.nft}: {verdict.outcome}: {verdict.detail}"
        for golden, verdict in zip(chosen, verdicts, strict=True)
        if verdict.outcome != "equal" and not golden.argued
    ]
    assert wrong == []
