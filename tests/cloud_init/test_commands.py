"""runcmd and bootcmd: found where they stand, and written anew in the form they have."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "yaml"))
from rewriting import rewritten, said, scanned, scripts

RULE = "add rule ip filter INPUT"
NEW = "iptables -A INPUT -j ACCEPT"

LISTS = [
    ("- [nft, add, rule, ip, filter, INPUT, accept]", "- [iptables, -A, INPUT, -j, ACCEPT]"),
    (f"- [nft, '{RULE} accept']", "- [iptables, -A, INPUT, -j, ACCEPT]"),
    (f'- ["nft","{RULE} accept"]', '- ["iptables","-A","INPUT","-j","ACCEPT"]'),
    (f"- ['nft',  '{RULE} accept']", "- ['iptables',  '-A',  'INPUT',  '-j',  'ACCEPT']"),
    (f"- [sudo, -n, nft, {RULE} accept] # x", "- [sudo, -n, iptables, -A, INPUT, -j, ACCEPT] # x"),
    (
        f"- - sudo\n    - nft\n    - {RULE} accept",
        "- - sudo\n    - iptables\n    - -A\n    - INPUT\n    - -j\n    - ACCEPT",
    ),
    (
        f"- - nft\n    - |\n      {RULE}\n       accept",
        "- - iptables\n    - -A\n    - INPUT\n    - -j\n    - ACCEPT",
    ),
    (
        "- [nft,\n     add, rule, ip, filter,\n     INPUT, accept]",
        "- [iptables, -A, INPUT, -j, ACCEPT]",
    ),
]


@pytest.mark.parametrize(("item", "expected"), LISTS)
@pytest.mark.parametrize("key", ["runcmd", "bootcmd"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_list_stays_a_list(item: str, expected: str, key: str, newline: str) -> None:
    text = f"#cloud-config\n{key}:\n  - ls\n  {item}\n  - reboot\nx: y\n".replace("\n", newline)
    whole = f"#cloud-config\n{key}:\n  - ls\n  {expected}\n  - reboot\nx: y\n"
    assert rewritten(text, "cloud-config", [NEW]) == whole.replace("\n", newline)


def test_two_commands_become_two_items() -> None:
    text = "#cloud-config\nruncmd:\n  - [sudo, nft, 'add rule ip filter INPUT accept; x']\n  - ls\n"
    new = rewritten(text, "cloud-config", ["iptables -A INPUT", "iptables -A _b:_c"])
    assert '  - [sudo, iptables, -A, INPUT]\n  - [sudo, iptables, -A, " b: c"]\n  - ls\n' in new
    text = "#cloud-config\nruncmd: [[nft, add rule ip filter INPUT accept], ls]\n"
    new = rewritten(text, "cloud-config", ["iptables -A a", "iptables -A b"])
    assert new == "#cloud-config\nruncmd: [[iptables, -A, a], [iptables, -A, b], ls]\n"


SPECIAL = [
    (
        "iptables 22 yes 1e3 010 10.0.0.1 a:b ! ~",
        '"22", "yes", "1e3", "010", 10.0.0.1, "a:b", "!", "~"',
    ),
    ("iptables it's a\"b", '"it\'s", "a\\"b"'),
]


@pytest.mark.parametrize(("rule", "expected"), SPECIAL)
def test_words_that_yaml_would_read_otherwise_are_quoted(rule: str, expected: str) -> None:
    text = f"#cloud-config\nruncmd:\n- [nft, {RULE} accept]\n"
    assert rewritten(text, "cloud-config", [rule]) == (
        f"#cloud-config\nruncmd:\n- [iptables, {expected}]\n"
    )


TEMPLATES = [
    ("[nft, add, rule, ip, filter, INPUT, tcp, dport, {{ p }}, accept]", "[iptables, {{ p }}]"),
    ('[nft, "add rule ip filter INPUT tcp dport {{ p }} accept"]', '[iptables, "{{ p }}"]'),
    ("[nft, 'add rule ip filter INPUT tcp dport {{ p }} accept']", "[iptables, '{{ p }}']"),
    ("[nft, add rule ip filter INPUT tcp dport {{ p }} accept]", '[iptables, "{{ p }}"]'),
]


@pytest.mark.parametrize(("item", "expected"), TEMPLATES)
def test_variables_keep_their_quotes(item: str, expected: str) -> None:
    text = f"## template: jinja\n#cloud-config\nruncmd:\n  - {item}\n"
    assert rewritten(text, "user-data", ["iptables □"]).endswith(f"runcmd:\n  - {expected}\n")


REFUSED = [
    ("- - nft\n    - add rule ip filter INPUT # why\n    - accept", "`# why`"),
    ("- [nft, &a add rule ip filter INPUT accept]\n  - [echo, *a]", "`&a`"),
]


@pytest.mark.parametrize(("item", "reason"), REFUSED)
def test_what_would_be_lost_is_refused(item: str, reason: str) -> None:
    text = f"#cloud-config\nruncmd:\n  {item}\n"
    assert rewritten(text, "cloud-config", [NEW]).startswith(f"no: {reason}")


def test_aliases_are_one_call_at_the_anchor() -> None:
    text = (
        f"#cloud-config\nx: &c [nft, {RULE} accept]\nruncmd: [*c, *c, ~, null, 5]\nbootcmd: [*c]\n"
    )
    result = scanned(text, "cloud-config")
    assert [said(call, text) for call in result.calls] == [f"nft, {RULE} accept"]
    assert rewritten(text, "cloud-config", [NEW]).startswith(
        "#cloud-config\nx: &c [iptables, -A, INPUT, -j, ACCEPT]\nruncmd: [*c, *c, ~"
    )
    assert "no: " in rewritten(text, "cloud-config", [NEW, NEW])


def test_snap_and_autoinstall_run_commands_too() -> None:
    text = (
        "#cloud-config\nsnap:\n  commands:\n    01: [nft, add, rule, ip, filter, INPUT, accept]\n"
        "autoinstall:\n  user-data:\n    runcmd:\n      - [nft, add, rule, filter, INPUT, drop]\n"
    )
    found = scripts(scanned(text, "cloud-config"))
    assert found == [f"{RULE} accept", "add rule filter INPUT drop"]


NOTHING = [
    "runcmd:\n - [echo, nft, add, rule, ip, filter, INPUT, accept]\n",
    "final_message: nft add rule ip filter INPUT accept\n",
    "# nft add rule ip filter INPUT accept\nruncmd: []\n",
    "runcmd: nft\nbootcmd: {a: b}\nwrite_files: 5\nsnap: []\n",
    "runcmd:\n - [nft, list, ruleset]\n - [[nft], add]\n - {}\n",
    "packages: [nft, add, rule, ip, filter, INPUT, accept]\n",
]


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_is_found_where_nothing_runs(text: str) -> None:
    result = scanned(f"#cloud-config\n{text}", "cloud-config")
    assert not result.calls
    assert not result.problems


INSTALLING = [
    "nft add rule ip filter INPUT accept",
    "[nft, add, rule, ip, filter, INPUT, accept]",
    "curtin in-target --target=/target -- nft add rule ip filter INPUT accept",
    "curtin in-target -- sh -c 'nft add rule ip filter INPUT accept'",
    "[curtin, in-target, -t, /target, --, sh, -c, nft add rule ip filter INPUT accept]",
]


@pytest.mark.parametrize("key", ["early-commands", "late-commands", "error-commands"])
@pytest.mark.parametrize("command", INSTALLING)
def test_what_the_installer_runs_is_gone_when_the_machine_starts(key: str, command: str) -> None:
    """It runs in the installer's kernel, whatever root directory it is given."""
    found = scanned(f"#cloud-config\nautoinstall:\n  {key}:\n    - {command}\n", "cloud-config")
    assert scripts(found) == [f"{RULE} accept"]
    assert "installer" in found.calls[0].elsewhere


WRITTEN = [
    "|\n      cat > /target/etc/rc.local <<EOF\n      #!/bin/sh\n      nft @@\n      EOF\n",
    "|\n      echo 'nft @@' >> /target/etc/rc.local\n",
    "|\n      curtin in-target -- sh -c \"echo 'nft @@' >> /etc/rc.local\"\n",
]


@pytest.mark.parametrize("command", WRITTEN)
def test_files_that_the_installer_writes_stay(command: str) -> None:
    text = f"#cloud-config\nautoinstall:\n  late-commands:\n    - {command}"
    found = scanned(text.replace("@@", f"{RULE} accept"), "cloud-config")
    assert [call.elsewhere for call in found.calls] == [""]
