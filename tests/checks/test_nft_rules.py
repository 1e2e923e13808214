"""What nft commands NFT102, NFT103 and NFT104 speak of, and of which they say nothing."""

from __future__ import annotations

import pytest

from nftlint.lint import lint_text
from nftlint.results import NoFix, Result


def found(text: str, tag: str = "kube-router", kind: str = "shell") -> list[Result]:
    report = lint_text(text, "x", (tag,), kind)
    assert report.failures == ()
    return [result for result in report.results if result.rule != "NFT101"]


HOOK = "type filter hook input priority"

WRONG = {
    f"nft add chain ip filter input '{{ {HOOK} 0; }}'": ("NFT102", "widening"),
    f"nft create chain ip6 filter mine '{{ {HOOK} -200; policy drop; }}'": ("NFT102", "widening"),
    "nft add chain nat post '{ type nat hook postrouting priority 100; }'": ("NFT102", "none"),
    f"nft add chain ip filter INPUT '{{ {HOOK} 1; }}'": ("NFT102", "crash"),
    f"nft add chain ip filter INPUT '{{ {HOOK} filter - 5; }}'": ("NFT102", "crash"),
    f"nft add chain ip filter FORWARD '{{ {HOOK} 0; }}'": ("NFT102", "crash"),
    "nft add chain ip nat POSTROUTING '{ type nat hook postrouting priority 0; }'": (
        "NFT102",
        "crash",
    ),
    f'nft add chain ip filter $c-in "{{ {HOOK} 0; }}"': ("NFT102", "widening"),
    "nft add chain ip mangle PREROUTING": ("NFT102", "sync-abort"),
    "nft add chain ip nat PREROUTING": ("NFT102", "none"),
    "nft add chain filter INPUT": ("NFT102", "crash"),
    "nft add table ip filter '{ flags dormant; }'": ("NFT102", "widening"),
    "nft 'table ip filter { flags dormant; }'": ("NFT102", "widening"),
    "nft flush chain ip6 kube-router-filter-ipv6 FORWARD": ("NFT102", "none"),
    "nft flush ruleset": ("NFT103", "widening"),
    "nft flush ruleset ip6": ("NFT103", "widening"),
    "nft flush table filter": ("NFT103", "widening"),
    "nft delete table ip6 nat": ("NFT103", "none"),
    "nft destroy table ip mangle": ("NFT103", "none"),
    "nft flush chain filter OUTPUT": ("NFT103", "widening"),
    "nft delete chain ip filter KUBE-POD-FW-ABC": ("NFT103", "widening"),
    "for t in filter nat; do nft flush table ip $t; done": ("NFT103", "widening"),
    "nft delete rule filter FORWARD handle 3": ("NFT104", "none"),
    'nft delete rule ip nat POSTROUTING handle "$n"': ("NFT104", "none"),
    "nft destroy rule ip filter my_chain handle 3": ("NFT104", "none"),
}


@pytest.mark.parametrize("text", WRONG)
def test_it_is_found(text: str) -> None:
    (result,) = found(text)
    assert (result.rule, result.failure_mode) == WRONG[text]
    assert isinstance(result.fix, NoFix)
    assert result.fix.reason not in ("", "nothing to fix")


HARMLESS = [
    f"nft add chain ip filter INPUT '{{ {HOOK} 0; policy drop; }}'",
    f"nft add chain ip filter INPUT '{{ {HOOK} filter; }}'",
    f'nft add chain ip filter $c "{{ {HOOK} 5; }}"',
    "nft add chain ip mangle OUTPUT '{ type route hook output priority mangle; }'",
    "nft add chain ip nat PREROUTING '{ type nat hook prerouting priority dstnat; }'",
    "nft add chain ip filter INPUT '{ policy drop; }'",
    f"nft add chain ip filter INPUT '{{ {HOOK} $PRIO; }}'",
    f"nft add chain ip filter $CHAIN '{{ {HOOK} 0; }}'",
    "nft add chain ip filter mine",
    "nft add set ip filter s '{ type ipv4_addr; }'",
    "nft add counter ip filter c",
    "nft add table ip filter",
    "nft 'table ip filter { chain INPUT { } }'",
    f"nft add chain inet filter input '{{ {HOOK} 0; }}'",
    "nft add chain ip raw prerouting '{ type filter hook prerouting priority -300; }'",
    "nft list chain ip kube-router-filter-ipv4 FORWARD",
    "nft flush ruleset inet",
    "nft flush table inet filter",
    "nft flush table $TABLE",
    "nft delete table ip mine",
    "nft delete chain ip filter mine",
    "nft flush chain ip filter $CHAIN",
    "nft flush set ip filter blocked",
    "nft list ruleset",
    "nft -c flush ruleset",
    "ip netns exec tenant nft flush ruleset",
    "echo nft flush ruleset",
    "nft delete rule inet filter input handle 3",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_nothing_is_said(text: str) -> None:
    assert found(text) == []


def test_what_an_image_build_does_stays_in_the_build() -> None:
    text = "FROM debian:12\nRUN nft flush ruleset\nRUN nft add chain ip filter INPUT\n"
    assert found(text, kind="dockerfile") == []


def test_what_nobody_writes_back_may_have_a_base_chain_beside_it() -> None:
    assert found(f"nft add chain ip filter mine '{{ {HOOK} 0; }}'", "docker") == []


def test_an_owner_is_named_with_its_own_loss() -> None:
    (result,) = found("nft flush chain ip filter DOCKER-USER", "docker")
    assert (result.rule, result.level, result.failure_mode) == ("NFT103", "warning", "none")
    assert "NetworkPolicy" not in result.message
