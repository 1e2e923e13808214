"""Fixes that checks bring themselves: written through every carrier, or refused with a reason."""

from __future__ import annotations

import pytest

from nftlint.applicability import Applicability
from nftlint.apply import choose
from nftlint.edits import apply
from nftlint.lint import lint_text
from nftlint.results import Fix, NoFix

OWN = "flush ruleset\ntable inet a {\n}\ntable ip b {\n}\n"
DONE = "add table inet a\ndelete table inet a\nadd table ip b\ndelete table ip b\n"
DONE += "table inet a {\n}\ntable ip b {\n}\n"

WRITTEN = "#cloud-config\nwrite_files:\n  - path: /etc/nftables.conf\n    content: |\n{}"
WRITTEN += "      table inet a {{\n      }}\n"

FIXED = {
    "an nft file": ("nft", OWN, DONE),
    "a heredoc": ("shell", f"nft -f - <<END\n{OWN}END\n", f"nft -f - <<END\n{DONE}END\n"),
    "one line": (
        "shell",
        "nft 'flush ruleset; add table inet a'\n",
        "nft 'add table inet a; delete table inet a; add table inet a'\n",
    ),
    "a file of cloud-init's": (
        "cloud-config",
        WRITTEN.format("      flush ruleset\n"),
        WRITTEN.format("      add table inet a\n      delete table inet a\n"),
    ),
    "a command list": (
        "cloud-config",
        "#cloud-config\nruncmd:\n  - [iptables-restore, -w, /etc/r]\n",
        "#cloud-config\nruncmd:\n  - [iptables-restore, --noflush, -w, /etc/r]\n",
    ),
    "a task": (
        "ansible",
        "- hosts: a\n  tasks:\n    - command: iptables-legacy -A INPUT -j DROP\n",
        "- hosts: a\n  tasks:\n    - command: iptables-nft -A INPUT -j DROP\n",
    ),
    "behind a wrapper, with a redirect": (
        "shell",
        'sudo -n iptables-restore -w < "$FILE" || true\n',
        'sudo -n iptables-restore --noflush -w < "$FILE" || true\n',
    ),
    "with a path": (
        "shell",
        "/usr/sbin/ip6tables-legacy -A INPUT -m comment --comment 'a b' -j DROP\n",
        "/usr/sbin/ip6tables-nft -A INPUT -m comment --comment 'a b' -j DROP\n",
    ),
    "a variable": (
        "shell",
        'iptables-legacy -A INPUT -s "$NET" -j DROP\n',
        'iptables-nft -A INPUT -s "$NET" -j DROP\n',
    ),
    "a unit's environment": (
        "shell",
        "cat > /etc/default/tailscaled <<END\nTS_DEBUG_FIREWALL_MODE=nftables\nEND\n",
        "cat > /etc/default/tailscaled <<END\nTS_DEBUG_FIREWALL_MODE=iptables\nEND\n",
    ),
    "line ends of Windows": ("settings", "FlushAllOnReload=yes\r\n", "FlushAllOnReload=no\r\n"),
}


@pytest.mark.parametrize("name", FIXED)
def test_a_fix_is_written(name: str) -> None:
    kind, before, after = FIXED[name]
    report = lint_text(before, "x", ("kube-router",), kind)
    fixes = [result.fix for result in report.results]
    assert [fix.applicability for fix in fixes if isinstance(fix, Fix)] == [Applicability.UNSAFE]
    chosen = choose(report.results, Applicability.UNSAFE)
    text = apply(before, [item for fix in chosen for item in fix])
    assert text == after
    assert lint_text(text, "x", ("kube-router",), kind).results == ()


REFUSED = {
    "includes": ("nft", 'flush ruleset\ninclude "a"\ntable inet a {\n}\n', "includes"),
    "a managed table": ("nft", "flush ruleset\ntable inet a {\n}\ntable ip nat {\n}\n", "own"),
    "a variable": ("shell", 'nft "flush ruleset; add table inet $T"\n', "variable"),
    "nothing else": ("shell", "nft flush ruleset\n", "in this call"),
    "a table made before": ("shell", "nft 'add table inet a; flush ruleset'\n", "in this call"),
    "two programs": (
        "shell",
        "for p in iptables ip6tables; do $p-restore < /r; done\niptables-save | iptables-restore\n",
        "iptables -D",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_fix_is_refused(name: str) -> None:
    kind, text, reason = REFUSED[name]
    results = lint_text(text, "x", ("kube-router",), kind).results
    assert results
    assert all(isinstance(result.fix, NoFix) and reason in result.fix.reason for result in results)


RULE = "nft add rule ip filter {} tcp dport 22 accept\n"

SPOILT = {
    "nft add chain ip filter input '{ type filter hook input priority 0; }'": ("input", 0),
    "nft add chain ip filter INPUT '{ type filter hook input priority 5; }'": ("INPUT", 0),
    'nft add chain ip filter $c-in "{ type filter hook input priority 0; }"': ("$c-in", 0),
    'nft add chain ip filter $d-in "{ type filter hook input priority 0; }"': (
        "$c-in",
        Applicability.SAFE,
    ),
    "nft add chain ip filter INPUT": ("INPUT", Applicability.UNSAFE),
    "nft add chain ip filter INPUT '{ type filter hook input priority 0; }'": (
        "INPUT",
        Applicability.SAFE,
    ),
    "nft add chain ip6 filter INPUT '{ type filter hook input priority 5; }'": (
        "INPUT",
        Applicability.SAFE,
    ),
}


@pytest.mark.parametrize("made", SPOILT)
def test_a_rule_is_mended_only_where_iptables_can_use_its_chain(made: str) -> None:
    chain, expected = SPOILT[made]
    report = lint_text(f"{made}\n{RULE.format(chain)}", "x", ("kube-router",), "shell")
    (fix,) = [result.fix for result in report.results if result.rule == "NFT101"]
    if isinstance(fix, Fix):
        assert fix.applicability is expected
    else:
        assert not expected
        assert "mend the chain first" in fix.reason
