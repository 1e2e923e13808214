"""What tasks write into files, and the commands of modules beside ``command`` and ``shell``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "yaml"))
from rewriting import rewritten, scanned, scripts

RULE = "add rule ip filter INPUT accept"
NEW = "iptables -A INPUT -j ACCEPT"

FOUND = [
    ("blockinfile:\n    path: /usr/local/bin/fw.sh\n    block: |\n      nft @@", "shell"),
    ("blockinfile: path=/etc/rc.local block='nft @@'", "shell"),
    ("ansible.builtin.blockinfile:\n    dest: /etc/rc.local\n    content: nft @@", "shell"),
    ("lineinfile:\n    path: /etc/rc.local\n    line: nft @@", "shell"),
    ("lineinfile: path=/etc/rc.local line='nft @@'", "shell"),
    ("lineinfile:\n    path: /etc/rc.local\n    regexp: ^nft\n    line: 'nft @@'", "shell"),
    ("lineinfile:\n    path: /etc/crontab\n    line: '@reboot root nft @@'", "shell"),
    ("cron:\n    name: x\n    job: nft @@", "shell"),
    ("ansible.builtin.cron: name=x special_time=reboot job=\"nft '@@'\"", "shell"),
    ("raw: nft @@", "shell"),
    ("raw: nft @@ executable=/bin/bash", "shell"),
    ("raw: 'true && nft @@ || true'", "shell"),
    (
        (
            "copy:\n    dest: /etc/cloud/cloud.cfg.d/x.cfg\n    content: |\n      #cloud-config\n"
            "      write_files:\n        - path: /usr/local/bin/fw.sh\n          content: |\n"
            "            #!/bin/sh\n            nft @@\n"
        ),
        "shell",
    ),
    (
        (
            "copy:\n    dest: /etc/systemd/system/fw.service\n    content: |\n"
            "      [Service]\n      ExecStart=/usr/sbin/nft @@\n"
        ),
        "systemd-unit",
    ),
]


def task(form: str, rule: str) -> str:
    return f"- name: t\n  {form.replace('@@', rule)}\n  when: x\n"


@pytest.mark.parametrize(("form", "language"), FOUND)
def test_what_is_written_or_run_is_found_and_fixed(form: str, language: str) -> None:
    text = task(form, RULE)
    result = scanned(text, "ansible")
    assert not result.problems
    assert scripts(result) == [RULE]
    assert result.calls[0].host.language == language
    new = rewritten(text, "ansible", [NEW])
    assert not new.startswith("no: "), new
    assert NEW in new
    assert new.endswith("  when: x\n")


def test_an_nft_script_is_found_and_has_no_place_for_iptables() -> None:
    text = f"- blockinfile:\n    path: /etc/nftables.conf\n    block: |\n      {RULE}\n"
    assert scripts(scanned(text, "ansible")) == [f"{RULE}\n"]
    assert rewritten(text, "ansible", [NEW]).startswith("no: ")


NOTHING = [
    f"blockinfile:\n    path: /etc/nftables.conf\n    state: absent\n    block: {RULE}",
    f"lineinfile: dest=/etc/nftables.conf line='{RULE}' state=absent",
    f"lineinfile:\n    path: /etc/motd\n    line: nft {RULE}",
    f"lineinfile:\n    path: /etc/sudoers\n    line: 'x ALL=(ALL) nft {RULE}'",
    f"cron: name=x job='nft {RULE}' state=absent",
    f"win_shell: nft {RULE}",
]


@pytest.mark.parametrize("form", NOTHING)
def test_nothing_is_found_in_what_is_taken_away_or_never_runs(form: str) -> None:
    result = scanned(f"- name: t\n  {form}\n", "ansible")
    assert not result.calls
    assert not result.problems


LINES = {
    # what goes into /etc/nftables.conf: what is read of it
    "lineinfile: {path: /etc/nftables.conf, line: add rule ip filter INPUT accept}": 1,
    "lineinfile: {path: /etc/nftables.conf, line: '    tcp dport 22 accept'}": 0,
    "lineinfile: {path: /etc/nftables.conf, line: '}'}": 0,
    "lineinfile: {path: /etc/nftables.conf, line: 'include \"/etc/nftables.d/*.nft\"'}": 0,
    "blockinfile: {path: /etc/nftables.conf, block: 'ip saddr 10.0.0.1 drop'}": 0,
    "blockinfile: {path: /etc/nftables.conf, block: flush table ip filter}": 1,
    "replace: {path: /etc/nftables.conf, regexp: x, replace: 'flush ruleset'}": 1,
}


@pytest.mark.parametrize("task", LINES)
def test_a_part_of_an_nft_file_is_read_where_it_can_stand_alone(task: str) -> None:
    found = scanned(f"- {task}\n", "ansible")
    assert not found.problems
    calls = [call for call in found.calls if "include" not in call.script.text]
    assert len(calls) == LINES[task]
