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
    ("tcp dport { $P } accept", ("22,80", "443")): "-p tcp -m multiport --dports $P -j ACCEPT",
    ("tcp dport { 1-9, $P } accept", ("22,80",)): "-p tcp -m multiport --dports 1:9,$P -j ACCEPT",
    ("tcp dport != { $P } drop", ("22,ssh",)): "-p tcp -m multiport ! --dports $P -j DROP",
    ("tcp dport { $P } drop", ("22",)): "-p tcp --dport $P -j DROP",
    ("$P dport 22 accept", ("tcp", "udp")): "-p $P --dport 22 -j ACCEPT",
    ("$P sport != { 1, 5-7 } drop", ("dccp",)): "-p $P -m multiport ! --sports 1,5:7 -j DROP",
}
REFUSED = {
    ("tcp dport $P accept", ("22", "80-90")): "`$P` can be `80-90`",
    ("tcp dport $P accept", ("22", "{ 80, 90 }")): "`$P` can be `{ 80, 90 }`",
    ("tcp dport $P accept", ("",)): "`$P` can be ``",
    ('iifname "$P" accept', ("eth0", "eth+")): "`$P` can be `eth+`",
    ('iifname "$P" accept', ("eth*",)): "`$P` can be `eth*`",
    ("ip saddr $P accept", ("10.0.0.1-10.0.0.5",)): "`$P` can be `10.0.0.1-10.0.0.5`",
    ("ip saddr 10.0.0.0/$P accept", ("8", "010")): "`10.0.0.0/$P` can be `10.0.0.0/010`",
    ("ip saddr 10.0.0.$P accept", ("1", "256")): "`10.0.0.$P` can be `10.0.0.256`",
    ("limit rate $P/second accept", ("110",)): "`$P` can be `110`",
    ('log prefix "$P: "', ("x" * 30,)): "`$P: ` can be `xxx",
    ("tcp dport { $P } accept", ("22, 80",)): "`$P` can be `22, 80`",
    ("tcp dport { $P } accept", ("22,80-90",)): "`$P` can be `22,80-90`",
    ("tcp dport { $P } accept", ("22,65536",)): "`$P` can be `22,65536`",
    ("tcp dport { $P } accept", ("",)): "`$P` can be ``",
    ("tcp dport { $P } accept", (",".join(map(str, range(16))),)): "it can hold 16 ports",
    ("ip saddr { $P } accept", ("10.0.0.1,10.0.0.2",)): "`$P` can be `10.0.0.1,10.0.0.2`",
    ("$P dport 22 accept", ("tcp", "th")): "`$P` can be `th`",
    ("$P dport 22 accept", ("tcp", "ip saddr 10.0.0.1 tcp")): "`$P` can be `ip saddr",
    ("meta l4proto $P th dport 53 accept", ("udp", "udplite")): "for `$P` iptables has no ports",
}
OF_SOME = (
    "$P dport 22 accept",
    "$P dport { 22, 80-90 } accept",
    "$P dport != 22 drop",
    "$P dport > 1023 accept",
    "$P sport 0-65535 accept",
    "$P sport 53 $P dport 1024-65535 accept",
    "$P sport 53 $P sport != 54 accept",
    "$P dport domain accept",
    "$P dport http accept",
    "meta l4proto $P $P dport 22 accept",
    "meta l4proto $P th dport 53 accept",
    "meta l4proto $P th dport { 53, 54 } reject",
    "ip protocol $P accept",
    "meta l4proto != $P drop",
)
"""Rules with a protocol in a variable."""
PORTED = ("tcp", "udp", "sctp", "dccp")


@pytest.mark.parametrize(("rule", "values"), SAFE)
def test_known_values_make_it_safe_if_it_is_right_for_each(rule, values):
    lines = said(f"add rule ip filter INPUT {rule}", {"$P": values})
    assert lines == [f"iptables -A INPUT {SAFE[rule, values]}"]


@pytest.mark.parametrize(("rule", "values"), REFUSED)
def test_a_value_that_iptables_reads_otherwise_is_named(rule, values):
    (line,) = said(f"add rule ip filter INPUT {rule}", {"$P": values})
    assert line.startswith(f"# cannot: {REFUSED[rule, values]}")


@pytest.mark.parametrize("known", [PORTED[:1], PORTED[:2], PORTED[2:], PORTED])
@pytest.mark.parametrize("rule", OF_SOME)
def test_a_protocol_in_a_variable_says_what_each_would_say(rule, known):
    lines = said(f"add rule ip filter INPUT {rule}", {"$P": known})
    assert not lines[0].startswith("# cannot")
    for protocol in known:
        if protocol == "dccp" and "proto" in rule:
            continue  # by itself it is said by its number, which iptables needs no list for
        each = said(f"add rule ip filter INPUT {rule.replace('$P', protocol)}")
        commands = [line.replace("$P", protocol) for line in lines]
        if each[0] != commands[0]:  # a port's name that is safe for this protocol, not for others
            assert commands.pop(0).startswith("# unsafe") or each.pop(0).startswith("# unsafe")
        assert commands == each


@pytest.mark.parametrize("rule", [rule for rule, _ in SAFE])
def test_unknown_values_make_it_unsafe(rule):
    reason, *commands = said(f"add rule ip filter INPUT {rule}")
    assert reason.startswith("# unsafe: ")
    assert "$P" in commands[0]
