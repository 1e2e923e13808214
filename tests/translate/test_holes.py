"""Holes: what is not known when a script is read, and what is."""

from __future__ import annotations

import pytest
from translation_pages import said

SAFE = {
    ("tcp dport $P accept", ("22", "80")): "-p tcp --dport $P -j ACCEPT",
    ("ip saddr $P accept", ("10.0.0.1", "10.0.0.0/8")): "-s $P -j ACCEPT",
    ('iifname "$P" accept', ("eth0", "wg0")): "-i $P -j ACCEPT",
    ("tcp dport { 22, $P } accept", ("23",)): "-p tcp -m multiport --dports 22,$P -j ACCEPT",
    ("meta mark $P accept", ("0x1", "7")): "-m mark --mark $P -j ACCEPT",
    ("limit rate $P/second accept", ("5", "10")): "-m limit --limit $P/second -j ACCEPT",
    ('log prefix "$P: "', ("short", "a")): '-j LOG --log-prefix "$P: "',
}
REFUSED = {
    ("tcp dport $P accept", ("22", "80-90")): "`$P` can be `80-90`",
    ("tcp dport $P accept", ("22", "{ 80, 90 }")): "`$P` can be `{ 80, 90 }`",
    ("tcp dport $P accept", ("",)): "`$P` can be ``",
    ('iifname "$P" accept', ("eth0", "eth+")): "`$P` can be `eth+`",
    ('iifname "$P" accept', ("eth*",)): "`$P` can be `eth*`",
    ("ip saddr $P accept", ("10.0.0.1-10.0.0.5",)): "`$P` can be `10.0.0.1-10.0.0.5`",
    ("ip saddr 10.0.0.$P accept", ("1", "256")): "`10.0.0.$P` can be `10.0.0.256`",
    ("limit rate $P/second accept", ("110",)): "`$P` can be `110`",
    ('log prefix "$P: "', ("x" * 30,)): "`$P: ` can be `xxx",
}


@pytest.mark.parametrize(("rule", "values"), SAFE)
def test_known_values_make_it_safe_if_it_is_right_for_each(rule, values):
    lines = said(f"add rule ip filter INPUT {rule}", {"$P": values})
    assert lines == [f"iptables -A INPUT {SAFE[rule, values]}"]


@pytest.mark.parametrize(("rule", "values"), REFUSED)
def test_a_value_that_iptables_reads_otherwise_is_named(rule, values):
    (line,) = said(f"add rule ip filter INPUT {rule}", {"$P": values})
    assert line.startswith(f"# cannot: {REFUSED[rule, values]}")


@pytest.mark.parametrize("rule", [rule for rule, _ in SAFE])
def test_unknown_values_make_it_unsafe(rule):
    reason, *commands = said(f"add rule ip filter INPUT {rule}")
    assert reason.startswith("# unsafe: ")
    assert "$P" in commands[0]
