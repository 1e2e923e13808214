"""What may be passed over though it speaks of nftables, and what may not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nftlint.needles import may_matter
from nftlint.sieve.idle import is_idle

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
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
