"""A sample of small changes to pairs known equal: the engine must see each of them."""

from __future__ import annotations

import random
from pathlib import Path

import prove_mutants as script
import pytest

from nftlint.prove import Pair, prove

PAIRS = Path(__file__).with_name("equal.txt")


@pytest.mark.kernel
def test_no_mutant_is_called_equal():
    pairs = script.read(PAIRS)
    made = [Pair(pair.nft, m) for pair in pairs for m in script.mutants(pair.iptables)]
    sample = random.Random(7).sample(made, 25)
    outcomes = {p: v.outcome for p, v in zip(sample, prove(sample), strict=True)}
    assert [pair for pair, outcome in outcomes.items() if outcome == "equal"] == []
    assert list(outcomes.values()).count("different") > 10


def test_a_mutant_changes_one_thing():
    command = ("iptables", "-A", "INPUT", "-p", "tcp", "--dport", "22:25", "-j", "ACCEPT")
    made = set(script.mutants((command,)))
    assert ((*command[:6], "22:24", *command[7:]),) in made
    assert ((*command[:-1], "DROP"),) in made
    assert ((*command[:5], "!", *command[5:]),) in made
    assert (command,) not in made
