"""What may be passed over though it speaks of nftables, and what may not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nftlint.needles import may_matter
from nftlint.sieve.idle import is_idle

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
import idle_agreement
import sieve_agreement

IDLE = [
    "apt-get install -y nftables",
    "apk add curl nftables && true",
    "packages: [iptables, nftables]\n",
    "- apt:\n    name: nftables\n    state: present\n",
    "# uses the nftables backend, if need be",
    "cert: MIIDgnftY4122Lq3GYy",
    "iptables -A INPUT -j ACCEPT # will be restored and saved, as legacy",
    "RUN apt-get install iptables && go build -ldflags '-X a/b.Version=1'",
    "iptables -L; curl -X POST http://x; awk -F: '{}'",
]
IDLE += [
    "# nft is not used here; iptables -F neither",
    "  # nft add rule ip filter INPUT accept\r",
    "kind: X # y\n# see nft(8)\nname: nftables",
    "spec:\n  nftablesMode: Enabled\n  description: NFTablesMode is for Felix",
    "calico_nftable_mode: Disabled",
    "kube_service_addresses: x\nmode: nftables",
    "echo 1 | awk -F, '{print $1}'; iptables -A INPUT -j ACCEPT",
    "iptables -L\nx=$(awk -F '=' x)\nif grep -F -q x y; then :; fi",
    "iptables -L; qemu-img create -b x-${V}.qcow2 -F qcow2 y",
    "RUN apk add --no-cache \\\n    curl \\\n    iptables-legacy \\\n    ipset",
    "RUN x && ln -s /sbin/iptables-legacy /usr/bin/iptables",
    "iptables -A INPUT -j ACCEPT\nsystemctl restart docker",
    "apt-get install nftables \\\n  systemd",
]
NOT_IDLE = [
    "nft list ruleset",
    "/usr/sbin/nft -f x",
    "$NFT add rule ip filter INPUT accept # nftables",
    "$nftables add rule ip filter INPUT accept",
    "${nftables} add rule ip filter INPUT accept",
    "{{ nftables }} add rule ip filter INPUT accept",
    "$nft_bin add rule ip filter INPUT accept",
    'printf "a\\nnft add rule ip filter INPUT accept"',
    'printf "\\040nft add rule ip filter INPUT accept"',
    "systemctl restart nftables",
    "- service:\n    name: nftables\n    state: restarted\n",
    "rc-service nftables stop",
    "nftables --help; # nftlint: ignore",
    "cp rules /etc/nftables.conf",
    "TS_DEBUG_FIREWALL_MODE=nftables",
    "banaction = nftables[table_family=ip]",
    "iptables -F",
    "iptables -t nat -X",
    "iptables -X\nA=b",
    "$IPT -F # of iptables",
    "iptables-save > /etc/iptables/rules.v4",
    "$IPT-restore < x # iptables",
    "service iptables save",
    "for s in iptables ip6tables; do service $s save; done",
    "update-alternatives --set iptables /usr/sbin/iptables-legacy",
    "iptables-${mode} < x; mode=save",
    "- iptables:\n    flush: true\n",
    "- community.general.iptables_state:\n    state: saved\n",
    "netfilter-persistent save # nftables",
    "systemctl restart iptables",
    "for s in iptables docker; do systemctl restart $s; done",
    "- systemd:\n    state: restarted\n    name: iptables",
    "- action: systemd name=nftables state=restarted",
    "- local_action:\n    module: systemd\n    name: nftables\n    state: restarted",
    "- ansible.builtin.systemd_service:\n    name: nftables\n    state: stopped",
    # what looks like a comment
    "# nftlint: ignore",
    "cat <<EOF | sh\n# $(nft add rule ip filter INPUT accept)\nEOF",
    "cat <<EOF | sh\n# `nft add rule ip filter INPUT accept`\nEOF",
    "cat > x <<EOF\n#!/usr/sbin/nft -f\nEOF",
    "printf '\n# x\\nnft add rule ip filter INPUT accept'",
    "# x\rnft add rule ip filter INPUT accept",
    "# {{ lookup('pipe', 'nft list ruleset') }}",
    "# x\u2028nft add rule ip filter INPUT accept",
    "echo # x\\\nnft add rule ip filter INPUT accept",
    "ExecStart=iptables \\\n # -F",
    "ExecStart=iptables \\\r\n # -F",
    # what looks like a longer word
    "$nftMode add rule ip filter INPUT accept",
    "${nftMode} add rule ip filter INPUT accept",
    "{{\n nftMode }} add rule ip filter INPUT accept",
    "`which nftables` add rule ip filter INPUT accept",
    "mode: nftablesMode\nrun: $NFT add rule ip filter INPUT accept",
    "mode: nftMode\nrun: ${NFTABLES} add rule ip filter INPUT accept",
    # what looks like a harmless command
    "# apt-get install x \\\niptables-restore < y",
    "apt-get install x \\\\\niptables-restore < y",
    "apt-get install iptables; iptables -F",
    "iptables -t nat \\\n awk -F",
    "iptables -m comment --comment awk -F",
    "- apt-get install x \\\n- iptables-restore < y",
    "printf 'grep x\\niptables -F'",
    "grep x && iptables -F",
    "grep `iptables -F`",
    "x=$(command -v iptables-restore) && $x < y",
    "ln -s iptables-restore x && iptables-restore < y",
    "for i in iptables-legacy; do $i -A INPUT -j ACCEPT; done",
]


@pytest.mark.parametrize("text", IDLE)
def test_what_nothing_can_come_of_is_idle(text):
    data = f"#!/bin/sh\n{text}\n".encode()
    assert may_matter(data)
    assert is_idle("a.sh", data)


@pytest.mark.parametrize("text", NOT_IDLE)
def test_what_something_may_come_of_is_not(text):
    data = f"#!/bin/sh\n{text}\n".encode()
    assert may_matter(data)
    assert not is_idle("a.sh", data)


def test_no_example_of_a_finding_is_passed_over():
    """The short form of ``scripts/sieve_agreement.py``, over the examples of the rules' pages."""
    tops = [Path(__file__).parents[2] / name for name in ("rules", "examples", "tests")]
    files = [path for top in tops for path in top.rglob("*") if path.is_file()]
    wrong = []
    for path in files:
        data = path.read_bytes()
        if path.suffix not in (".py", ".md", ".pyc") and sieve_agreement.passed_over(
            path.name, data
        ):
            wrong += [(path, rule) for rule in sieve_agreement.findings(path, data)]
    assert wrong == []


def test_nothing_is_found_in_random_texts_that_are_idle():
    """The short form of ``scripts/idle_agreement.py``."""
    texts = list(idle_agreement.idle_texts(3000, seed=7))
    assert len(texts) > 100
    assert [text for name, text in texts if idle_agreement.found(name, text)] == []
