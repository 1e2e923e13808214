"""What NFT102 to NFT106 say of iptables, asked of iptables itself in a private namespace."""

from __future__ import annotations

import subprocess

import pytest

from nftlint.prove.world import unshare_argv

pytestmark = pytest.mark.kernel

RESTORE = "iptables-nft-restore -T filter <<'END'\n*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\nEND\n"


def run(script: str) -> str:
    """Run a script in a namespace of its own; returns all that it prints."""
    argv = [*unshare_argv(), "sh", "-c", f"{{ {script}\n}} 2>&1"]
    return subprocess.run(argv, capture_output=True, text=True, check=False).stdout


HOOK = "type filter hook input priority"
BY_NFT = f"""nft 'add table ip filter; add chain ip filter input {{ {HOOK} 0; policy drop; }}'"""


def test_a_base_chain_of_ones_own_is_not_listed_and_is_gone_after_a_restore() -> None:
    listed = run(f"{BY_NFT}; iptables-nft -N X; iptables-nft -S; echo rc=$?")
    assert "incompatible base-chain" in listed
    assert "-N input" not in listed
    assert "rc=0" in listed
    assert "input {" not in run(f"{BY_NFT}; {RESTORE}\nnft list ruleset").replace("INPUT", "")


OTHERWISE = [f"'{{ {HOOK} 10; }}'", "", "'{ type nat hook input priority 0; }'"]


@pytest.mark.parametrize("made", OTHERWISE)
def test_a_built_in_chain_made_otherwise_takes_no_rule(made: str) -> None:
    out = run(
        f"nft add table ip filter; nft add chain ip filter INPUT {made}; "
        "iptables-nft -A INPUT -j ACCEPT; echo rc=$?"
    )
    assert "rc=4" in out


@pytest.mark.parametrize("made", [f"'{{ {HOOK} filter; policy drop; }}'", f"'{{ {HOOK} 0; }}'"])
def test_a_built_in_chain_made_as_iptables_makes_it_is_as_good(made: str) -> None:
    out = run(
        f"nft add table ip filter; nft add chain ip filter INPUT {made}; "
        "iptables-nft -A INPUT -j ACCEPT && iptables-nft -S INPUT"
    )
    assert "-A INPUT -j ACCEPT" in out
    assert "incompatible" not in out


def test_where_iptables_was_first_nothing_changes() -> None:
    first = "iptables-nft -A INPUT -j ACCEPT"
    assert "rc=0" in run(f"{first}; nft add chain ip filter INPUT; echo rc=$?; iptables -S")
    assert "rc=1" in run(f"{first}; nft add chain ip filter INPUT '{{ {HOOK} 10; }}'; echo rc=$?")


def test_a_dormant_table_is_listed_as_ever_and_wakes_with_a_restore() -> None:
    sleep = "iptables-nft -A INPUT -j DROP; nft add table ip filter '{ flags dormant; }'"
    assert "-A INPUT -j DROP" in run(f"{sleep}; iptables-nft -S")
    assert "dormant" not in run(f"{sleep}; {RESTORE}\nnft list ruleset")


def test_chains_of_ones_own_sets_and_counters_are_harmless() -> None:
    objects = "nft 'add chain ip filter c; add set ip filter s { type ipv4_addr; }; "
    objects += "add counter ip filter n'"
    out = run(f"iptables-nft -A INPUT -j DROP; {objects}; iptables-nft -S; echo rc=$?")
    assert "-A INPUT -j DROP" in out
    assert "incompatible" not in out
    assert "rc=0" in out


def test_a_restore_gives_every_rule_another_handle() -> None:
    handles = "nft -a list chain ip filter INPUT | sed -n 's/.*drop # //p'"
    again = "iptables-nft-save -t filter | iptables-nft-restore -T filter"
    out = run(f"iptables-nft -A INPUT -j DROP; {handles}; {again}; {handles}")
    before, after = out.split("\n")[:2]
    assert before.startswith("handle")
    assert after.startswith("handle")
    assert before != after


def test_x_alone_fails_while_a_rule_leads_to_the_chain() -> None:
    made = "iptables-nft -N KUBE; iptables-nft -A INPUT -j KUBE"
    assert "-N KUBE" in run(f"{made}; iptables-nft -X; iptables-nft -S")
    assert "-N KUBE" not in run(f"{made}; iptables-nft -F; iptables-nft -X; iptables-nft -S")
