"""A hole is read as one ordinary value, and shown where it would be printed."""

from __future__ import annotations

import pytest
from readings_notation import command

from nftlint.readings import read

HOLE, OTHER = "\U00100000", "\U00100001"

CASES = (
    (f"tcp dport {HOLE} accept", "right", f"-A INPUT -p tcp -m tcp --dport {HOLE} -j ACCEPT"),
    (f"tcp dport {HOLE}-{OTHER} accept", "right",
     f"-A INPUT -p tcp -m tcp --dport {HOLE}:{OTHER} -j ACCEPT"),
    (f"tcp dport {{ {HOLE}, 80 }} accept", "misread", "-A INPUT -p tcp -j ACCEPT"),
    (f"ip saddr {HOLE} drop", "right", f"-A INPUT -s {HOLE}/32 -j DROP"),
    (f"ip saddr 10.0.0.{HOLE} drop", "right", f"-A INPUT -s 10.0.0.{HOLE}/32 -j DROP"),
    (f"ip saddr {HOLE}/24 drop", "right", f"-A INPUT -s {HOLE}/24 -j DROP"),
    (f"ip saddr 10.0.0.0/{HOLE} drop", "right", f"-A INPUT -s 10.0.0.0/{HOLE} -j DROP"),
    (f"ip saddr {HOLE} ip daddr {OTHER} drop", "right",
     f"-A INPUT -s {HOLE}/32 -d {OTHER}/32 -j DROP"),
    (f'iifname "{HOLE}" accept', "right", f"-A INPUT -i {HOLE} -j ACCEPT"),
    (f"iifname {HOLE} ip saddr 10.0.0.1 accept", "right",
     f"-A INPUT -s 10.0.0.1/32 -i {HOLE} -j ACCEPT"),
    (f"meta mark {HOLE} accept", "right", f"-A INPUT -m mark --mark {HOLE} -j ACCEPT"),
    (f"jump {HOLE}", "right", f"-A INPUT -j {HOLE}"),
    (f'accept comment "{HOLE}"', "right", f'-A INPUT -m comment --comment "{HOLE}" -j ACCEPT'),
)  # fmt: skip


@pytest.mark.parametrize(("rule", "outcome", "printed"), CASES)
def test_holes(rule: str, outcome: str, printed: str) -> None:
    reading = read(command(f"ip filter INPUT {rule}"), "1.8.9")
    assert (reading.outcome, reading.printed) == (outcome, printed)


def test_a_hole_for_the_chain_is_shown_in_the_line() -> None:
    assert read(command(f"ip filter {HOLE} accept"), "1.8.9").printed == f"-A {HOLE} -j ACCEPT"


@pytest.mark.parametrize("rule", [f"tcp dport 22 {HOLE}", f"{HOLE} accept", f"accept {HOLE}"])
def test_a_hole_that_may_be_anything_is_no_crash(rule: str) -> None:
    assert read(command(f"ip filter INPUT {rule}"), "1.8.9").printed
