"""What the engine says at its borders: nothing installed, nothing to compare, nothing allowed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nftlint.prove import Pair, available, prove
from nftlint.prove.conditions import Condition, Conditions, equals, within
from nftlint.prove.coverage import uncovered
from nftlint.prove.load import named_devices, places, user_chains
from nftlint.prove.observe import Met, Seen
from nftlint.prove.packets import Trial

ACCEPT = ("iptables", "-A", "INPUT", "-p", "tcp", "--dport", "22", "-j", "ACCEPT")
SSH = "add rule ip filter INPUT tcp dport 22 accept"


def test_a_missing_program_is_a_reason(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None if name == "nft" else name)
    assert available() == "nft is not installed"
    (verdict,) = prove([Pair(SSH, (ACCEPT,))])
    assert (verdict.outcome, verdict.detail) == ("unproved", "nft is not installed")


def test_a_namespace_that_is_refused_is_a_reason(monkeypatch):
    monkeypatch.setattr("nftlint.prove.world.unshare_argv", lambda: ["false"])
    assert available()
    (verdict,) = prove([Pair(SSH, (ACCEPT,))])
    assert verdict.outcome == "unproved"


def test_nothing_runs_outside_of_a_namespace():
    here = str(Path("/proc/self/ns/net").readlink())
    asked = json.dumps({"op": "run", "argv": ["true"]})
    command = [sys.executable, "-m", "nftlint.prove", here]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")


def test_chains_and_devices_are_read_from_the_command():
    pair = Pair('add rule ip filter mine iif { "eth7", lo } jump other', ())
    assert [place.chain for place in places(pair)] == ["mine", "other"]
    assert [place.chain for place in user_chains(pair)] == ["mine", "other"]
    assert named_devices(pair) == ("eth7", "lo")


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("pair", "outcome", "said"),
    [
        (Pair("add rule ip filter INPUT tcp dport nonsense", (ACCEPT,)), "not-loadable", "nft:"),
        (Pair(SSH, ((*ACCEPT[:-1], "NOWHERE"),)), "not-loadable", "iptables:"),
        (Pair(SSH, (("rm", "-rf", "x"),)), "not-loadable", "not a command"),
        (Pair(SSH, ((),)), "not-loadable", "not a command"),
        (Pair("add rule inet filter input accept", (ACCEPT,)), "unproved", "not a rule"),
        (Pair("list ruleset", (ACCEPT,)), "unproved", "not a rule"),
        (Pair(SSH, ()), "different", "no rule matched"),
        (Pair(SSH, (ACCEPT, ACCEPT)), "equal", ""),
    ],
    ids=lambda value: value.nft if isinstance(value, Pair) else str(value),
)
def test_what_is_said_of_odd_pairs(pair, outcome, said):
    (verdict,) = prove([pair])
    assert verdict.outcome == outcome
    assert said in verdict.detail


@pytest.mark.kernel
def test_setup_stands_on_both_sides_and_an_index_counts_from_it():
    first = "add rule ip filter INPUT udp dport 53 accept"
    setup = ("iptables", "-A", "INPUT", "-p", "udp", "--dport", "53", "-j", "ACCEPT")
    drop = ("-p", "udp", "--dport", "53:54", "-j", "DROP")
    nft = "insert rule ip filter INPUT udp dport 53-54 drop"
    right = Pair(nft, (("iptables", "-I", "INPUT", "1", *drop),), (first,), (setup,))
    wrong = Pair(nft, (("iptables", "-I", "INPUT", "2", *drop),), (first,), (setup,))
    outcomes = [verdict.outcome for verdict in prove([right, wrong])]
    assert outcomes == ["equal", "different"]


def trial(value, *, hit):
    seen = Seen((Met(("ip", "filter", "INPUT"), 1, "accept"),) if hit else (), (), {})
    return Trial({}, {("th", 2, 2): value}, seen, seen)


PORTS = Condition(("th", 2, 2), ((0xFFFF, 22, 22), (0xFFFF, 80, 90)))


@pytest.mark.parametrize(
    ("trials", "gap"),
    [
        ([trial(22, hit=True), trial(80, hit=True), trial(23, hit=False)], ""),
        ([trial(22, hit=True), trial(23, hit=False)], "no packet matched th 2 = 0x50"),
        ([trial(22, hit=True), trial(80, hit=True)], "nothing but th 2 was seen"),
        ([trial(23, hit=False)], "no packet matched"),
    ],
)
def test_coverage_names_what_was_not_seen(trials, gap):
    side = [(1, Conditions("ip", (PORTS,), ()))]
    found = uncovered(side, trials, left=True)
    assert found.startswith(gap)
    assert bool(found) == bool(gap)


def test_conditions_hold_for_what_they_name():
    assert within(("th", 2, 2), 5, 7).holds(7)
    assert not within(("th", 2, 2), 5, 7).holds(8)
    assert equals(("th", 2, 2), 5, negated=True).holds(6)
