"""What each version makes of each construct: one letter for each of the ten versions."""

from __future__ import annotations

import pytest
from readings_notation import command

from nftlint.readings import VERSIONS, read, readings
from nftlint.readings.facts import behaviours

LETTERS = {
    "right": "R",
    "misread": "M",
    "incompatible": "I",
    "parse-error": "E",
    "crash": "S",
    "nft-refused": "X",
}

# Rule, then 1.8.2 .4 .5 .7 .8 .9 .10 .11 .12 .13.
OUTCOMES = (
    ("igmp group 224.0.0.1 drop", "XXXXXXXXXX"),
    ("ah nexthdr tcp accept", "XXXXXXXXXX"),
    ("meta nftrace 1 accept", "XXXXXXXXXX"),
    ("reject with icmpx type port-unreachable", "XXXXXXXXXX"),
    ("meta priority set 0", "MMMMMEEEEE"),
    ("counter drop", "RRRRRRRRRR"),
    ("ip saddr 192.0.2.7 accept", "RRRRRRRRRR"),
    ("ip saddr 192.0.2.0/25 accept", "RRRRRRRRRR"),
    ("ip saddr 192.0.2.0/24 accept", "MMMRRRRRRR"),
    ("ip daddr 192.0.2.7 udp dport 123 accept", "MMMMMRRRRR"),
    ("ip saddr 192.0.2.1-192.0.2.9 accept", "MMMMMMMMMM"),
    ("ip saddr != 192.0.2.1-192.0.2.9 accept", "IIIIMEEEEE"),
    ("ip saddr > 192.0.2.1 accept", "MMMMMMMMMM"),
    ("tcp dport 8443 accept", "MMMMRRRRRR"),
    ("udp sport != 5353 drop", "MMMMRRRRRR"),
    ("tcp dport { 8443, 9443 } accept", "IMMMMMMMMM"),
    ("tcp dport { 8443 } accept", "MMMMRRRRRR"),
    ("tcp dport vmap { 8443 : drop }", "IMMMMMMMMM"),
    ("meta mark set udp dport map { 53 : 7 }", "IMMMMEEEEE"),
    ("tcp flags & (syn | rst) == syn drop", "MMMMRRRRRR"),
    ("tcp flags == ack drop", "MMMMSSSSSS"),
    ("tcp window 0 drop", "MMMMMMMMMM"),
    ("udp checksum 0 drop", "MMMMMMMMMM"),
    ("icmp type echo-request drop", "MMMMMRRRRR"),
    ("icmp type > 5 drop", "MMMMMMMMMM"),
    ("sctp dport 9899 accept", "MMMMMEEEEE"),
    ("udplite sport != 5-9 accept", "IIIIMMMMMM"),
    ("ip ttl < 3 drop", "MMMMMRRRRR"),
    ("meta pkttype multicast drop", "MMMMMRRRRR"),
    ("ip dscp ef accept", "MMMMMEEEEE"),
    ("ip frag-off & 0x2000 != 0 drop", "MMMMMMMMMM"),
    ("meta mark & 0xf0 == 0x10 accept", "MMMMRRRRRR"),
    ("meta mark < 9 accept", "IIIIIIIIII"),
    ("ct state established accept", "IIIIIIIIII"),
    ("ct state { new, established } accept", "IIIIIIIIII"),
    ("reject with icmp type host-unreachable", "IIIIIIIIII"),
    ("limit rate 9/hour accept", "RRRRRRRRRR"),
    ("limit rate over 9/hour drop", "IIIIIIIIII"),
    ("limit rate 30000/second accept", "MMMMMMMMMM"),
    ("log group 7", "IIIIRRRRRR"),
    ("log group 7 drop", "IIIIMMMMMM"),
    ('log prefix "x" drop', "IIIIIIIIII"),
    ("meta mark set 0x7", "MMMMMERRRR"),
    ("meta mark set 0x7 drop", "MMMMMEMMMM"),
    ("meta mark set meta mark | 0x7", "MMMMMEEEEE"),
    ("ip ttl set 9", "MMMMMMMMMM"),
    ("ip dscp & 0x7 == 0 drop", "SSSSSSSSII"),
    ("queue num 5", "IIIIIIIIII"),
    ("tcp dport 1 udp dport 2 accept", "XXXXXXXXXX"),
    ("ip6 saddr ::1 accept", "XXXXXXXXXX"),
    ("snat to 192.0.2.1", "XXXXXXXXXX"),
)

OLDER = (
    "iptables v1.8.4 (nf_tables): chain `INPUT' in table `filter' is incompatible, use 'nft' tool."
)

# Rule, version, printed line.
PRINTED = (
    ("tcp dport { 22, 80 } accept", "1.8.9", "-A INPUT -p tcp -j ACCEPT"),
    ("ip saddr 192.0.2.1 udp dport 53 accept", "1.8.8",
     "-A INPUT -s 17.0.0.0/32 -p udp -m udp --dport 53 -j ACCEPT"),
    ("ip saddr @a udp dport 53 accept", "1.8.7", "-A INPUT -s 17.0.0.0/32 -p udp -j ACCEPT"),
    ("counter", "1.8.7", "-A INPUT "),
    ("counter", "1.8.8", "-A INPUT"),
    ("ip protocol ospf accept", "1.8.10", "-A INPUT -p ospf -j ACCEPT"),
    ("ip protocol ospf accept", "1.8.11", "-A INPUT -p 89 -j ACCEPT"),
    ("ip protocol dccp accept", "1.8.11", "-A INPUT -p dccp -j ACCEPT"),
    ("icmp code 3 accept", "1.8.9", "-A INPUT -p icmp -m icmp --icmp-type any -j ACCEPT"),
    ("icmp code 3 accept", "1.8.10", "-A INPUT -p icmp -m icmp --icmp-type 255/3 -j ACCEPT"),
    ("jump OWN comment \"it's\"", "1.8.13", "-A INPUT -m comment --comment \"it\\'s\" -j OWN"),
    ("ct state new accept", "1.8.2",
     "iptables v1.8.2 (nf_tables): table `filter' is incompatible, use 'nft' tool."),
    ("ct state new accept", "1.8.4", OLDER),
    ("tcp flags cwr drop", "1.8.13", "Segmentation fault (exit 139)"),
)  # fmt: skip

# Rule, version, how the printed line differs.
DIRECTIONS = (
    ("tcp dport { 22, 80 } accept", "1.8.9", "wider"),
    ("ip saddr @blocked drop", "1.8.9", "wider"),
    ("ip saddr 192.0.2.1-192.0.2.9 accept", "1.8.9", "narrower"),
    ("ip saddr != 192.0.2.0/24 accept", "1.8.5", "wider"),
    ("ip saddr 192.0.2.0/24 accept", "1.8.5", "narrower"),
    ("ip protocol > 50 accept", "1.8.9", "other"),
    ("icmp type 3-5 drop", "1.8.9", "narrower"),
    ("ip frag-off & 0x3fff != 0 drop", "1.8.9", "narrower"),
    ("tcp dport vmap { 22 : drop }", "1.8.9", "other"),
    ("tcp dport 22 tcp dport != 80 accept", "1.8.9", "wider"),
    ("limit rate 30000/second accept", "1.8.9", "wider"),
    ("log group 2 accept", "1.8.9", "other"),
    ("ip ttl 64 ip protocol udp accept", "1.8.9", "narrower"),
)


@pytest.mark.parametrize(("rule", "letters"), OUTCOMES)
def test_outcome_in_each_version(rule: str, letters: str) -> None:
    found = readings(command(f"ip filter INPUT {rule}"))
    assert "".join(LETTERS[found[version].outcome] for version in VERSIONS) == letters


@pytest.mark.parametrize(("rule", "version", "printed"), PRINTED)
def test_printed(rule: str, version: str, printed: str) -> None:
    assert read(command(f"ip filter INPUT {rule}"), version).printed == printed


@pytest.mark.parametrize(("rule", "version", "direction"), DIRECTIONS)
def test_direction_of_a_misreading(rule: str, version: str, direction: str) -> None:
    assert read(command(f"ip filter INPUT {rule}"), version).misread_as == direction


@pytest.mark.parametrize(
    ("rule", "older", "newer"),
    [
        ("ip saddr 192.0.2.1-192.0.2.9 accept", "MMMMMMMMMM", "IIIIMEEEEE"),
        ("ip ttl 3-5 accept", "MMMMMRRRRR", "IIIIMEEEEE"),
        ("icmp type 3-5 accept", "MMMMMMMMMM", "IIIIMMMMMM"),
        ("sctp sport 1-9 accept", "MMMMMEEEEE", "IIIIMMMMMM"),
        ("tcp dport 1-9 accept", "MMMMRRRRRR", "IIIIRRRRRR"),
    ],
)
def test_nft_itself_matters_for_ranges(rule: str, older: str, newer: str) -> None:
    for nft, letters in (("1.0.6", older), ("1.1.1", older), ("1.1.2", newer), ("1.1.6", newer)):
        found = readings(command(f"ip filter INPUT {rule}"), nft)
        assert "".join(LETTERS[found[version].outcome] for version in VERSIONS) == letters


def test_ip6_is_read_by_ip6tables() -> None:
    reading = read(command("ip6 filter INPUT ct state new accept"), "1.8.9")
    assert reading.printed.startswith("ip6tables v1.8.9 (nf_tables): chain `INPUT'")
    both = "-A INPUT -p tcp -m hl --hl-eq 6 -j ACCEPT"
    assert read(command("ip6 filter INPUT ip6 nexthdr tcp accept"), "1.8.9").printed == both


def test_versions_are_those_of_the_data() -> None:
    assert tuple(behaviours()) == VERSIONS


def test_reading_all_is_reading_each() -> None:
    asked = command("ip filter INPUT ip saddr 10.0.0.0/8 tcp dport 22 accept")
    assert readings(asked) == {version: read(asked, version) for version in VERSIONS}


@pytest.mark.parametrize("text", ["inet t c accept", "bridge t c accept"])
def test_other_families_are_not_read(text: str) -> None:
    with pytest.raises(ValueError, match="family"):
        read(command(text), "1.8.9")
