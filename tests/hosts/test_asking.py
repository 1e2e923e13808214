"""Which files have to know their hosts: those in which something may be found on some host."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Never

import pytest

from nftlint.artifact import Artifact
from nftlint.config import Config
from nftlint.configs import Options
from nftlint.hits import hits
from nftlint.hosts import asking, survey
from nftlint.hosts.asking import asks
from nftlint.hosts.marks import every_owner
from nftlint.lint import lint
from nftlint.readings import VERSIONS
from nftlint.scan import scan
from nftlint.unit import Unit

Tree = Callable[[str], Path]

HARMLESS = (
    "iptables -A INPUT -p tcp --dport 22 -j ACCEPT",
    "iptables-save > /tmp/rules.txt",
    "iptables -F MINE",
    "iptables-restore --noflush < own",
    "iptables-legacy -F",
    "systemctl status nftables",
    "nft list ruleset",
    "nft -c -f own.nft",
    "nft add table inet mine",
    "nft add rule inet mine in drop",
    "nft flush table inet mine",
    "ip netns exec box nft add rule ip filter INPUT drop",
)
HARMFUL = (
    "nft add rule ip filter INPUT drop",
    "nft add rule ip filter OUTPUT drop",
    'nft "add rule ip $TABLE INPUT drop; flush ruleset"',
    "nft flush ruleset",
    "nft delete rule ip nat POSTROUTING handle 5",
    "nft 'add chain ip filter INPUT { type filter hook input priority 5; }'",
    "iptables -F",
    "iptables -t nat -X KUBE-SERVICES",
    "iptables-restore < all",
    "iptables-legacy -A INPUT -j DROP",
    "update-alternatives --set iptables /usr/sbin/iptables-legacy",
    "iptables-save > /etc/iptables/rules.v4",
    "systemctl restart nftables",
    "systemctl reload nftables",
    "service iptables restart",
    "netfilter-persistent flush",
    "TS_DEBUG_FIREWALL_MODE=nftables tailscaled",
)


def unit(text: str, kind: str = "shell", name: str = "fw.sh") -> Unit:
    artifact = Artifact(name, text)
    found = scan(artifact, kind) if kind else None
    return Unit(Path("/tree") / name, artifact, Config(Path("/tree")), found)


@pytest.mark.parametrize("line", HARMLESS)
def test_what_no_check_reports_for_any_owner_does_not_ask(line: str) -> None:
    assert not asks(unit(line + "\n"))


@pytest.mark.parametrize("line", HARMFUL)
def test_what_some_check_may_report_asks(line: str) -> None:
    assert asks(unit(line + "\n"))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("fw", "nft add rule ip filter INPUT drop\n", True),
        ("fw", "nft list ruleset\n", False),
        ("fw.inc", "table ip filter {\n  chain INPUT { tcp dport 22 accept; }\n}\n", True),
        ("fw.inc", "table inet mine {\n  chain in { tcp dport 22 accept; }\n}\n", False),
        (
            "fw.inc",
            "\n#\nadd x\n{% if x %}\ntable ip filter {\n  chain INPUT { drop; }\n}\n{% endif %}",
            True,
        ),
        ("fw.yml", "- shell: nft add rule ip filter INPUT drop\n", True),
        ("fw.yml", "- shell: nft list ruleset\n", False),
        ("fw", 'if nft; then ( "\n', True),  # which nobody can read
        ("fw", "# nftlint: ignore[NFT101] ours\nnft list ruleset\n", True),
        ("fw.txt", "nft list ruleset\n" * 10_000, True),
        ("fw.md", "nft add rule ip filter INPUT drop\n", False),
        ("Makefile", "all:\n\tnft add rule ip filter INPUT drop\n", False),
        ("fw", "#!/usr/bin/python3\nrun('nft add rule ip filter INPUT drop')\n", False),
    ],
)
def test_a_file_of_no_known_kind_asks_by_what_it_may_be(
    name: str,
    text: str,
    expected: bool,  # noqa: FBT001 - as the table says
) -> None:
    assert asks(unit(text, "", name)) is expected


def test_a_comment_asks_and_so_does_what_cannot_be_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asks(unit("# nftlint: ignore[NFT101] ours\nnft list ruleset\n"))
    assert asks(unit("nft 'flush ruleset'\n", "shell", "Dockerfile"))

    def fail(*_: object) -> Never:
        raise RuntimeError

    monkeypatch.setattr(asking, "hits", fail)
    assert asks(unit("nft list ruleset\n"))


@pytest.mark.parametrize("line", HARMLESS + HARMFUL)
def test_several_owners_have_what_each_of_them_has(line: str) -> None:
    """It is asked for all owners at once, and is judged for those of the hosts."""
    found = scan(Artifact("fw.sh", line + "\n"), "shell")
    flush = asking._ANY_FLUSH
    alone = [bool(list(hits(found, (), (own,), VERSIONS, flush))) for own in every_owner()]
    assert bool(list(hits(found, (), every_owner(), VERSIONS, flush))) is any(alone)


@pytest.mark.parametrize(
    ("line", "looked_for"), [("iptables -A INPUT -j ACCEPT", False), ("iptables -F", True)]
)
def test_the_tree_is_looked_through_where_something_can_be_found(
    line: str,
    looked_for: bool,  # noqa: FBT001 - as the table says
    tree: Tree,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[object] = []
    real = survey.survey

    def survey_of(*given: object) -> survey.Survey:
        looked.append(given)
        return real(*given)

    monkeypatch.setattr(survey, "survey", survey_of)
    tree(f"=== fw.sh\n{line} # nft\n=== k3s.sh\ncurl -sfL https://get.k3s.io | sh -\n")
    lint([Path()], Options())
    assert bool(looked) is looked_for


def test_a_setting_alone_asks(tree: Tree) -> None:
    tree(
        "=== up.sh\ncurl -sfL https://get.k3s.io | sh -\n"
        "TS_DEBUG_FIREWALL_MODE=nftables tailscaled\n"
    )
    (result,) = lint([Path()], Options()).report.results
    assert (result.rule, result.hosts[0].tags) == ("NFT108", ("k3s",))
