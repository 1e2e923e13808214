"""iptables commands as parameters of ``ansible.builtin.iptables``, and tasks written with them."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "yaml"))
from rewriting import command, scanned

from nftlint.ansible.as_module import ONCE, STAYS, reasons, rewrite_of
from nftlint.ansible.iptables_module import parameters
from nftlint.argv import Arg
from nftlint.fragment import Refusal
from nftlint.verify import Change, verify

SAID = [
    ("iptables -A INPUT -j DROP", {"chain": "INPUT", "jump": "DROP"}),
    (
        "ip6tables -I INPUT 3 -s fe80::1 -j DROP",
        {
            "chain": "INPUT",
            "action": "insert",
            "rule_num": "3",
            "ip_version": "ipv6",
            "source": "fe80::1",
            "jump": "DROP",
        },
    ),
    (
        "iptables -t nat -A POSTROUTING ! -o eth0 -j SNAT --to-source 10.0.0.1",
        {
            "table": "nat",
            "chain": "POSTROUTING",
            "out_interface": "!eth0",
            "jump": "SNAT",
            "to_source": "10.0.0.1",
        },
    ),
    (
        "iptables -A F -p tcp --tcp-flags SYN,ACK SYN -m multiport --dports 1,2 -g X",
        {
            "chain": "F",
            "protocol": "tcp",
            "tcp_flags": {"flags": ("SYN", "ACK"), "flags_set": ("SYN",)},
            "destination_ports": ("1", "2"),
            "goto": "X",
        },
    ),
    (
        "iptables -A F -p icmp --icmp-type 8 -m limit --limit 1/s --limit-burst 3 -j RETURN",
        {
            "chain": "F",
            "protocol": "icmp",
            "icmp_type": "8",
            "limit": "1/s",
            "limit_burst": "3",
            "jump": "RETURN",
            "match": ("icmp",),
        },
    ),
    ("iptables -A F -p tcp ! --syn -j A", {"syn": "negate"}),
    ("iptables -A F -p tcp --syn -j A", {"syn": "match"}),
    ("iptables -A F -m owner ! --uid-owner root -j A", {"uid_owner": "!root"}),
    ("iptables -A F -m iprange --src-range 1.1.1.1-1.1.1.3 -j A", {}),
    ("iptables -A F -j LOG --log-prefix 'a b' --log-level 4", {"log_prefix": "a b"}),
    ("iptables -A F -j DSCP --set-dscp 0x10", {"set_dscp_mark": "0x10"}),
    ("iptables -A F -j REJECT --reject-with tcp-reset", {"reject_with": "tcp-reset"}),
    ("iptables -P INPUT DROP", {"chain": "INPUT", "policy": "DROP"}),
    ("iptables -F INPUT", {"chain": "INPUT", "flush": True}),
    ("iptables -N MINE", {"chain": "MINE", "chain_management": True}),
    ("iptables -X MINE", {"state": "absent", "chain_management": True}),
]


@pytest.mark.parametrize(("line", "expected"), SAID)
def test_what_the_module_can_say(line: str, expected: dict[str, object]) -> None:
    found = parameters(shlex.split(line))
    assert not isinstance(found, Refusal)
    assert expected.items() <= found.items()
    assert {"chain"} <= set(found)


REFUSED = [
    ("iptables -A F -m mark --mark 1 -j A", "-m mark"),
    ("iptables -A F -m conntrack ! --ctstate NEW -j A", "! --ctstate"),
    ("iptables -A F -p tcp -m multiport ! --dports 1,2 -j A", "! --dports"),
    ("iptables -A F -p tcp ! --tcp-flags SYN SYN -j A", "! --tcp-flags"),
    ("iptables -A F -j NFQUEUE --queue-num 1", "--queue-num"),
    ("iptables -A F -j MASQUERADE --random", "--random"),
    ("iptables -A F -m comment --comment '!x' -j A", "!x"),
    ("iptables -A F -s 1.1.1.1 ! -s 1.1.1.2 -j A", "once"),
    ("iptables -A F -j LOG --log-level 9", "log level"),
    ("iptables -A F -m limit --limit 1/s -p tcp --dport 1 -j A", "another place"),
    ("iptables -A F -m owner --uid-owner 1 -m limit --limit 1/s -j A", "another place"),
    ("iptables -A F", "without matches"),
    ("iptables -D F 3", "-D"),
    ("iptables -F", "not complete"),
    ("iptables -A F -j", "not complete"),
]


@pytest.mark.parametrize(("line", "words"), REFUSED)
def test_what_the_module_cannot_say(line: str, words: str) -> None:
    found = parameters(shlex.split(line))
    assert isinstance(found, Refusal)
    assert words in found.reason


def written(task: str, *rules: str) -> str:
    """A task with its call written as the module, or `no: REASON`."""
    before = scanned(f"- name: x\n  {task}\n  when: y # z\n", "ansible")
    (call,) = before.calls
    edits = rewrite_of(call)([command(call, rule) for rule in rules])
    if isinstance(edits, Refusal):
        return f"no: {edits.reason}"
    after = verify(before, [Change(edits, call)])
    assert not isinstance(after, Refusal), after.reason
    found = re.fullmatch(r"- name: x\n  (.*)\n  when: y # z\n", after.artifact.text, re.DOTALL)
    assert found is not None
    return found[1]


NFT = "nft add rule ip filter INPUT accept"
RULE = "iptables -A INPUT -s 10.0.0.1 -j ACCEPT"
MODULE = 'ansible.builtin.iptables:\n    chain: INPUT\n    source: "10.0.0.1"\n    jump: ACCEPT'
WHOLE = [
    f"command: {NFT}",
    f"ansible.builtin.shell: '{NFT}'",
    f"raw: >-\n    {NFT}",
    f"shell: |\n    {NFT}\n",
    f"command:\n    cmd: {NFT}",
    "command:\n    argv:\n      - nft\n      - add rule\n      - ip filter INPUT accept",
    "command: {argv: [nft, add rule ip filter INPUT accept]}",
]


@pytest.mark.parametrize("task", WHOLE)
def test_a_task_of_one_call_is_written_anew(task: str) -> None:
    assert written(task, RULE).rstrip("\n") == MODULE


PARTLY = [
    (f"command: sudo {NFT}", "more than"),
    (f"shell: {NFT} || true", "more than"),
    (f"shell: sh -c '{NFT}'", "more than"),
    (f"command: {NFT} creates=/x", "more than"),
    (f"command:\n    cmd: {NFT}\n    chdir: /", "`chdir`"),
    (f"command:\n  args:\n    cmd: {NFT}", "does not stand"),
    (f"command: {NFT}\n  args: {{chdir: /}}", "`args`"),
    (f"command: &a {NFT}", "anchor"),
    (f"command:\n    # why\n    cmd: {NFT}", "comment"),
    (f"action: command {NFT}", "does not stand"),
    (f"cron: name=x job='{NFT}'", "does not stand"),
]


@pytest.mark.parametrize(("task", "words"), PARTLY)
def test_a_task_that_does_more_is_not(task: str, words: str) -> None:
    said = written(task, RULE)
    assert said.startswith("no: ")
    assert words in said


TEMPLATES = [
    ("command: nft add rule ip filter INPUT tcp dport {{ a }} accept", '"{{ a }}"'),
    ('command: "nft add rule ip filter INPUT tcp dport {{ a }} accept"', '"{{ a }}"'),
    ("command: nft add rule ip filter INPUT tcp dport {{ a['b'] }} accept", "\"{{ a['b'] }}\""),
    ('command: nft add rule ip filter INPUT tcp dport {{ a["b"] }} accept', "no: "),
    ("command: 'nft add rule ip filter INPUT tcp dport {{ a[''b''] }} accept'", "no: "),
    ("shell: nft add rule ip filter INPUT tcp dport $PORT accept", "no: "),
]


@pytest.mark.parametrize(("task", "value"), TEMPLATES)
def test_templates_stay(task: str, value: str) -> None:
    said = written(task, "iptables -A INPUT -p tcp --dport □ -j ACCEPT")
    assert said.startswith("no: ") if value == "no: " else f"destination_port: {value}\n" in said


def test_several_rules_and_texts_of_files() -> None:
    assert "one rule" in written(f"command: {NFT}", RULE, RULE)
    (call,) = scanned(f"- copy: {{dest: /x.sh, content: {NFT}}}\n", "ansible").calls
    assert rewrite_of(call) is call.rewrite


def test_a_rule_that_is_inserted_may_stay_where_it_is() -> None:
    assert reasons([("iptables", "-I", "X", "-j", "DROP")]) == (STAYS,)


ONLY_ONCE = {
    "iptables -A X -j DROP": True,
    "iptables -t nat -A X -j DNAT --to-destination 10.0.0.1": True,
    "iptables -A X -p tcp -g Y": True,
    "iptables -N X": True,
    "iptables -P INPUT DROP": True,
    "iptables -A X -j LOG": False,
    "iptables -t mangle -A X -j MARK --set-mark 1": False,
    "iptables -A X -j Y": False,
    "iptables -A X -p tcp": False,
    "iptables -A X -m limit --limit 1/s -j ACCEPT": False,
    "iptables -A X -m statistic --mode random --probability 0.5 -j DROP": False,
}


@pytest.mark.parametrize("line", ONLY_ONCE)
def test_a_rule_that_matters_a_second_time_makes_the_module_unsafe(line: str) -> None:
    assert reasons([line.split()]) == (() if ONLY_ONCE[line] else (ONCE,))


WORDS = [("no", '"no"'), ("22", '"22"'), ('a "b" \\', r'"a \"b\" \\"'), ("a: b #c", '"a: b #c"')]


@pytest.mark.parametrize(("text", "value"), WORDS)
def test_values_read_as_text(text: str, value: str) -> None:
    before = scanned(f"- command: {NFT}\n", "ansible")
    (call,) = before.calls
    words = tuple(Arg(word) for word in ("iptables", "-A", "X", "-m", "comment", "--comment", text))
    edits = rewrite_of(call)([words])
    assert not isinstance(edits, Refusal)
    assert f"comment: {value}" in edits[0].text
