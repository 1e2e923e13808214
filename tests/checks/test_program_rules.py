"""What runs of other programs NFT103 and NFT105 to NFT109 speak of, and of which they do not."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from nftlint.carriers.registry import kind_of
from nftlint.lint import lint_text
from nftlint.results import Result

HEREDOC = "iptables-restore <<END\n*{}\nCOMMIT\nEND\n"

WRONG = {
    "sudo iptables-restore < /etc/iptables/rules.v4": ("NFT105", "widening"),
    "iptables-nft-restore -w rules": ("NFT105", "widening"),
    "ip6tables-restore -T nat < rules": ("NFT105", "none"),
    "cat rules | iptables-restore -c": ("NFT105", "widening"),
    HEREDOC.format("filter"): ("NFT105", "widening"),
    HEREDOC.format("mangle"): ("NFT105", "none"),
    "iptables-save | sed s/a/b/ | sudo iptables-restore": ("NFT105", "widening"),
    "iptables-save -t nat | grep -v FOO | iptables-restore": ("NFT105", "widening"),
    "netfilter-persistent reload": ("NFT105", "widening"),
    "service iptables restart": ("NFT105", "widening"),
    "systemctl reload netfilter-persistent": ("NFT105", "widening"),
    "systemctl restart ip6tables.service": ("NFT105", "widening"),
    "netfilter-persistent flush": ("NFT106", "widening"),
    "/sbin/iptables --flush": ("NFT106", "widening"),
    "iptables -w 5 -F FORWARD": ("NFT106", "widening"),
    "iptables -F KUBE-ROUTER-FORWARD": ("NFT106", "widening"),
    "iptables -t nat -F": ("NFT106", "none"),
    "iptables -tmangle -F PREROUTING": ("NFT106", "none"),
    "iptables --table=filter -F": ("NFT106", "widening"),
    "iptables-nft -X KUBE-NWPLCY-A": ("NFT106", "none"),
    "IPT=/sbin/iptables; $IPT -F": ("NFT106", "widening"),
    "for p in iptables ip6tables; do $p -F INPUT; done": ("NFT106", "widening"),
    "sh -c 'iptables -F'": ("NFT106", "widening"),
    "iptables-legacy -I INPUT -j ACCEPT": ("NFT107", "none"),
    "iptables-legacy -P FORWARD DROP": ("NFT107", "none"),
    "iptables-legacy-restore < rules": ("NFT107", "none"),
    "alternatives --set ip6tables /usr/sbin/ip6tables-legacy": ("NFT107", "none"),
    "iptables-save > /etc/sysconfig/iptables": ("NFT109", "none"),
    "iptables-save -f /etc/iptables/rules.v4": ("NFT109", "none"),
    "F=/etc/iptables.rules\niptables-save > $F": ("NFT109", "none"),
    "{ iptables-save; } > /etc/iptables/rules.v4": ("NFT109", "none"),
    "iptables-save | sudo tee -a '/etc/iptables/rules.v4'": ("NFT109", "none"),
    "/etc/init.d/iptables save": ("NFT109", "none"),
    "invoke-rc.d netfilter-persistent save": ("NFT109", "none"),
    "rc-service iptables save": ("NFT109", "none"),
    "service nftables stop": ("NFT103", "widening"),
    "systemctl --now disable nftables": ("NFT103", "widening"),
    "systemctl try-restart nftables.service": ("NFT103", "widening"),
    "/etc/init.d/nftables restart": ("NFT103", "widening"),
}


def found(text: str, kind: str = "shell") -> list[Result]:
    report = lint_text(text, "x", ("kube-router",), kind)
    assert report.failures == ()
    return list(report.results)


@pytest.mark.parametrize("text", WRONG)
def test_it_is_found(text: str) -> None:
    (result,) = found(text)
    assert (result.rule, result.failure_mode) == WRONG[text]


HARMLESS = [
    "iptables-restore -n < rules",
    "iptables-restore -w -n rules",
    "iptables-restore --noflush --wait=5 < rules",
    "iptables-restore -t < rules",
    "iptables-restore --table=raw < rules",
    "iptables-restore --help",
    HEREDOC.format("raw"),
    "iptables-save | grep -v FOO | iptables-restore --noflush",
    "iptables -F mine",
    "iptables -F DOCKER-USER",
    "iptables -F $CHAIN",
    "iptables -t $TABLE -F",
    "iptables -t raw -F",
    "iptables -t security --flush",
    "iptables -A INPUT -j ACCEPT",
    "iptables -D INPUT 3",
    "iptables -P INPUT DROP",
    "iptables -Z",
    "iptables -N mine",
    "iptables -E mine yours",
    "iptables -L -n",
    "iptables -X mine",
    "iptables -m comment --comment '-F' -A INPUT -j ACCEPT",
    "echo iptables -F",
    "ip netns exec tenant iptables -F",
    "ssh gateway iptables -F",
    "docker exec vpn iptables -F",
    "iptables-legacy -S",
    "iptables-legacy -F",
    "iptables-legacy -t nat -X",
    "iptables-legacy -P INPUT ACCEPT",
    "iptables-legacy-save > /etc/iptables/rules.v4",
    "update-alternatives --set iptables /usr/sbin/iptables-nft",
    "update-alternatives --set editor /usr/bin/vim",
    "update-alternatives --install /usr/sbin/iptables iptables /usr/sbin/iptables-legacy 10",
    "iptables-save",
    "iptables-save > /root/backup",
    "iptables-save > /etc/iptables/rules.v4.old",
    "F=/etc/iptables.rules\niptables-save > $F.old-$(date +%F)",
    "iptables-save | grep -c KUBE",
    "iptables-save | grep -v KUBE- > /etc/iptables/rules.v4",
    "iptables-save > $FILE",
    "netfilter-persistent save-all",
    "netfilter-persistent stop",
    "systemctl stop iptables",
    "systemctl enable iptables",
    "systemctl disable --now netfilter-persistent",
    "service iptables status",
    "systemctl enable nftables",
    "systemctl enable --now nftables",
    "systemctl reload nftables",
    "systemctl is-active nftables",
    "systemctl restart k3s",
    "systemctl stop my-nftables-exporter",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_nothing_is_said(text: str) -> None:
    assert found(text) == []


BUILD = """\
FROM debian:12
RUN iptables -F && iptables-restore < /r && iptables-legacy -A INPUT -j DROP
RUN netfilter-persistent save; systemctl restart nftables
"""


def test_what_an_image_build_does_stays_in_the_build() -> None:
    assert found(BUILD, "dockerfile") == []


MODULES = {
    "iptables: { flush: true }": "NFT106",
    "iptables: { flush: yes, table: nat, chain: POSTROUTING, ip_version: ipv6 }": "NFT106",
    "iptables: flush=yes chain=INPUT": "NFT106",
    "{ iptables: { flush: true, table: '{{ item }}' }, loop: [raw, nat] }": "NFT106",
    "{ iptables: { flush: true, table: '{{ item }}' }, loop: [raw, security] }": "",
    "{ iptables: { flush: true, chain: '{{ chain }}' } }": "",
    "iptables: { flush: true, table: raw }": "",
    "iptables: { flush: true, chain: mine }": "",
    "iptables: { chain: INPUT, jump: ACCEPT }": "",
    "systemd: { name: nftables, state: restarted }": "NFT103",
    "service: name=nftables.service state=stopped": "NFT103",
    "service: { name: nftables, state: started, enabled: true }": "",
    "systemd: { name: chronyd, state: restarted }": "",
    "community.general.alternatives: { name: iptables, path: /usr/sbin/iptables-legacy }": "NFT107",
    "community.general.alternatives: { name: iptables, path: /usr/sbin/iptables-nft }": "",
    "{ alternatives: { name: '{{ item }}', path: '/usr/sbin/{{ item }}-legacy' }, "
    "loop: [iptables, ip6tables] }": "NFT107",
    "alternatives: { name: ebtables, path: /usr/sbin/ebtables-legacy }": "",
    "community.general.iptables_state: { state: saved, path: /etc/iptables/rules.v4 }": "NFT109",
    "community.general.iptables_state: { state: restored, path: /root/r }": "NFT105",
    "community.general.iptables_state: { state: restored, path: /root/r, noflush: true }": "",
}


@pytest.mark.parametrize("task", MODULES)
def test_modules_are_runs_of_programs(task: str) -> None:
    results = found(f"- hosts: nodes\n  tasks:\n    - {task}\n", "ansible")
    assert [result.rule for result in results] == ([MODULES[task]] if MODULES[task] else [])


def test_a_service_script_of_openrc_is_read() -> None:
    text = "#!/sbin/openrc-run\nstop() {\n  iptables -F\n}\n"
    assert kind_of(PurePosixPath("init.d/firewall"), text) == "shell"
    assert [result.rule for result in found(text)] == ["NFT106"]
