"""What follows from a reading, by the chain and by the owner's data."""

from __future__ import annotations

import pytest
from readings_notation import command

from nftlint.owners import Owner, load_owner
from nftlint.readings import RANKS, failure_mode, worst

SET, CT, RIGHT = "tcp dport { 1, 2 } accept", "ct state new accept", "ip saddr 10.0.0.1 accept"

CASES = (
    (f"ip filter INPUT {CT}", "crash"),
    (f"ip6 filter FORWARD {CT}", "crash"),
    (f"ip filter DOCKER-USER {CT}", "sync-abort"),
    (f"ip filter input {CT}", "sync-abort"),
    (f"ip filter KUBE-ROUTER-INPUT {CT}", "sync-abort"),
    (f"ip filter INPUT {SET}", "widening"),
    (f"ip filter DOCKER-USER {SET}", "widening"),
    (f"ip filter INPUT {RIGHT}", "none"),
    ("ip filter INPUT tcp flags == syn drop", "crash"),
    ("ip filter OWN tcp flags == syn drop", "sync-abort"),
    ("ip filter INPUT ip dscp cs1 drop", "crash"),
    (f"ip nat POSTROUTING {CT}", "crash"),
    (f"ip nat PREROUTING {CT}", "sync-abort"),
    (f"ip mangle PREROUTING {CT}", "sync-abort"),
    (f"ip raw PREROUTING {CT}", "none"),
    (f"inet filter INPUT {CT}", "none"),
    (f"ip own INPUT {CT}", "none"),
    (f"ip kube-router-filter-ipv4 KUBE-ROUTER-INPUT {CT}", "none"),
    ("ip filter INPUT snat to 10.0.0.1", "none"),
)


def _owner(tag: str = "kube-router") -> Owner:
    owner = load_owner(tag)
    assert isinstance(owner, Owner)
    return owner


@pytest.mark.parametrize(("text", "mode"), CASES)
def test_failure_mode(text: str, mode: str) -> None:
    assert failure_mode(command(text), ("1.8.9",), _owner()) == mode


@pytest.mark.parametrize("tag", ["k3s", "k0s"])
def test_a_profile_fails_as_what_it_includes(tag: str) -> None:
    assert failure_mode(command(f"ip filter INPUT {CT}"), ("1.8.9",), _owner(tag)) == "crash"


def test_the_worst_of_several_versions_counts() -> None:
    mark = command("ip filter INPUT meta mark set 1")
    found = {v: failure_mode(mark, (v,), _owner()) for v in ("1.8.8", "1.8.9", "1.8.10")}
    assert found == {"1.8.8": "widening", "1.8.9": "crash", "1.8.10": "none"}
    assert failure_mode(mark, tuple(found), _owner()) == "widening"
    assert failure_mode(mark, (), _owner()) == "none"


def test_ranks() -> None:
    assert worst(reversed(RANKS)) == "widening"
    assert worst(["none", "sync-abort"]) == "sync-abort"
    assert worst([]) == "none"
