"""What a call writes, for each value that its variables can have."""

from __future__ import annotations

import pytest

from nftlint.lint import lint_text
from nftlint.results import Fix, Result


def results(script: str) -> list[Result]:
    return list(lint_text(script, "x.sh", ("kube-router",)).results)


def chains(script: str) -> list[str]:
    return [result.message.split(", which")[0].split(" in ")[1] for result in results(script)]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("T=filter; nft add rule ip $T INPUT accept", ["ip filter INPUT"]),
        ("T=mine; nft add rule ip $T INPUT accept", []),
        ("nft add rule ip $T INPUT accept", []),
        ('nft add rule ip filter "$C" accept', ["ip filter $C"]),
        (
            "for f in ip ip6; do nft add rule $f filter INPUT accept; done",
            ["ip filter INPUT"],
        ),
        ("nft add rule inet filter INPUT accept", []),
        ("nft add rule filter INPUT accept", ["ip filter INPUT"]),
        ("nft add rule arp filter INPUT accept", []),
        ("nft add rule ip my_filter INPUT accept", []),
        ("nft add rule ip filter input accept", ["ip filter input"]),
        ("nft list chain ip filter INPUT", []),
        ("nft -c add rule ip filter INPUT accept", []),
        ("nft replace rule ip filter INPUT handle 4 accept", ["ip filter INPUT"]),
    ],
)
def test_what_is_written_where(script: str, expected: list[str]) -> None:
    assert chains(script) == expected


def test_a_known_table_is_no_obstacle_to_a_fix() -> None:
    (result,) = results("T=filter\nnft add rule ip $T INPUT tcp dport 22 accept\n")
    assert isinstance(result.fix, Fix)
    assert result.fix.iptables == ("iptables -A INPUT -p tcp --dport 22 -j ACCEPT",)


def test_what_hides_in_a_variable_is_not_called_right() -> None:
    (result,) = results("nft add rule ip filter INPUT $SPEC\n")
    assert "depends on what `$SPEC` holds" in result.message


def test_every_variable_is_spelled_as_the_file_has_it() -> None:
    playbook = """\
- hosts: all
  tasks:
    - ansible.builtin.shell: nft add rule ip filter INPUT ip saddr "{{ cidr }}" accept
"""
    report = lint_text(playbook, "playbooks/site.yml", ("kube-router",), kind="ansible")
    (result,) = report.results
    assert isinstance(result.fix, Fix)
    assert result.fix.iptables == ("iptables -A INPUT -s {{ cidr }} -j ACCEPT",)
