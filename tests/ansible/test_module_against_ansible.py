"""Tasks of ``ansible.builtin.iptables`` run by ansible-core: the kernel gets the same rules.

In a network namespace of its own. Some tasks are played twice, since the module is idempotent.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "yaml"))
from playing import PLAY, Run, all_at_once, in_namespace, needs_ansible
from rewriting import scanned

from nftlint.ansible.as_module import rewrite_of
from nftlint.argv import Arg
from nftlint.fragment import Refusal
from nftlint.verify import Change, verify

pytestmark = [pytest.mark.kernel, needs_ansible]

RULES = """
iptables -A INPUT -s 10.0.0.0/8 -p tcp -m multiport --dports 22,80:90 -j ACCEPT
iptables -A INPUT -m conntrack --ctstate ESTABLISHED,NEW -j ACCEPT
iptables -A INPUT ! -i eth0 ! -s 10.1.0.0/16 -j DROP
iptables -A INPUT -p icmp -m limit --limit 5/second --limit-burst 7 -j ACCEPT
iptables -A INPUT -p icmp --icmp-type echo-request -m limit --limit 5/second -j ACCEPT
iptables -A INPUT -p tcp --dport 22 -m comment --comment "ssh: it's # 1" -j ACCEPT
iptables -A INPUT -p tcp ! --syn -j DROP
iptables -A INPUT -p tcp --tcp-flags SYN,ACK SYN -j REJECT --reject-with tcp-reset
iptables -A INPUT -m iprange ! --src-range 10.0.0.1-10.0.0.9 -j DROP
iptables -A INPUT -p udp --sport 53 -j LOG --log-prefix "dns: " --log-level 4
iptables -A OUTPUT -m owner ! --uid-owner 0 -j REJECT
iptables -t mangle -A OUTPUT -j DSCP --set-dscp 0x10
iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE
iptables -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 10.0.0.1:8080
iptables -t nat -A PREROUTING -p tcp --dport 81 -j REDIRECT --to-ports 8080
iptables -N MINE
iptables -A INPUT -p sctp -g MINE
iptables -I INPUT 2 -d 10.9.9.9 -j DROP
iptables -P FORWARD DROP
ip6tables -A INPUT -p ipv6-icmp --icmpv6-type echo-request -j ACCEPT
ip6tables -I INPUT -s fe80::/10 -j DROP
"""
LINES = [line for line in RULES.splitlines() if line]
# The module puts the parts of a rule into its own order; none counts packets but after all others.
SHOW = "for i in iptables ip6tables; do for t in filter nat mangle; do $i -t $t -S; done; done"


AGAIN = [line for line in LINES if line.split()[1] in ("-N", "-I", "-P")]


def as_tasks() -> str:
    """A play with a task for each rule, written by nftlint over a task of one nft call."""
    lines = LINES + AGAIN
    text = "- hosts: localhost\n  connection: local\n  gather_facts: false\n  tasks:\n"
    for number in range(len(lines)):
        text += f"    - command: nft add rule ip filter INPUT meta mark {number} accept\n"
    for line in lines:
        before = scanned(text, "ansible")
        call = before.calls[0]
        edits = rewrite_of(call)([tuple(Arg(word) for word in shlex.split(line))])
        assert not isinstance(edits, Refusal), edits.reason
        after = verify(before, [Change(edits, call)])
        assert not isinstance(after, Refusal), after.reason
        text = after.artifact.text
    return text


def rules_of(output: str) -> list[list[str]]:
    """The words of each rule in a listing."""
    return [sorted(shlex.split(line)) for line in output.splitlines() if line.startswith("-")]


def test_the_module_makes_the_rules_of_the_commands(tmp_path: Path) -> None:
    (tmp_path / "play.yml").write_text(as_tasks())
    play = f"{shlex.quote(PLAY)} -i localhost, play.yml"
    runs = [
        Run(
            in_namespace("sh", "-ec", f"{script}\n{SHOW}"),
            tmp_path,
            {"XTABLES_LOCKFILE": str(tmp_path / f"lock-{number}")},
        )
        for number, script in enumerate(("\n".join(LINES), play))
    ]
    expected, made = map(rules_of, all_at_once(tmp_path / "home", *runs))
    assert len(expected) > len(LINES)
    assert made == expected
