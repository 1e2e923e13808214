"""Owners that a configuration describes itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from nftlint.cli import main
from nftlint.config import ConfigError, read_config
from nftlint.configs import Options
from nftlint.lint import lint

OWNER = """
[[hosts]]
tag = "edge"
paths = ["*.sh"]

[[owners]]
tag = "our-agent"
title = "our agent"
aliases = ["edge"]

[[owners.tables]]
families = ["ip"]
name = "agent"
base_chains = [{ name = "INPUT", type = "filter", hook = "input", priority = 0 }]
own_chains = ["AGENT-*"]
written_back = "our-agent"
"""

SCRIPT = """\
nft add rule ip agent AGENT-IN ct state new drop
nft flush table ip agent
nft add rule ip filter INPUT ct state new drop
"""


def test_a_table_of_ones_own_owner_is_held_to_the_rules(tmp_path: Path) -> None:
    (tmp_path / "nftlint.toml").write_text(OWNER, "utf-8")
    (tmp_path / "up.sh").write_text(SCRIPT, "utf-8")
    report = lint([tmp_path / "up.sh"], Options()).report
    assert report.failures == ()
    assert [result.rule for result in report.results] == ["NFT101", "NFT103"]
    assert "our agent" in report.results[0].message


def test_the_line_of_a_hosts_tag_is_its_own(tmp_path: Path) -> None:
    (tmp_path / "nftlint.toml").write_text(OWNER, "utf-8")
    assert [rule.line for rule in read_config(tmp_path / "nftlint.toml").hosts] == [3]


TABLE = '[[owners]]\ntag = "x"\n[[owners.tables]]\nfamilies = ["ip"]\nname = "t"\n'

MISTAKES = {
    "no tag": ('[[owners]]\ntitle = "x"\n', "tag is missing"),
    "no families": ('[[owners]]\ntag = "x"\n[[owners.tables]]\nname = "t"\n', "families"),
    "a chain without hook": (
        TABLE + 'base_chains = [{ name = "INPUT" }]\n',
        "owners",
    ),
    "includes nobody": ('[[owners]]\ntag = "x"\nincludes = ["kube-ruter"]\n', "did you mean"),
    "a bad pattern": (
        '[[owners]]\ntag = "x"\nevidence = [{ kind = "url", pattern = "(", sense = "is" }]\n',
        "owners",
    ),
    "no table": ('owners = "x"\n', "owners"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_said_with_the_file(name: str, tmp_path: Path) -> None:
    text, said = MISTAKES[name]
    path = tmp_path / "nftlint.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=said) as caught:
        read_config(path)
    assert str(path) in str(caught.value)


DAEMON = """
[[owners]]
tag = "our-agent"
aliases = ["ours"]
tables = [{ families = ["ip"], name = "agent", own_chains = ["AGENT-*"] }]
evidence = [{ kind = "command", pattern = "agentd(?: .*)?", sense = "is" }]
"""
RULE = "nft add rule ip agent AGENT-IN ct state new drop\n"


@pytest.mark.parametrize("tag", ["our-agent", "ours"])
def test_a_tag_of_ones_own_owner_can_be_assumed(
    tag: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "nftlint.toml").write_text(DAEMON, "utf-8")
    (tmp_path / "up.sh").write_text(RULE, "utf-8")
    argv = ["check", "--output-format", "concise", "--assume-tag"]
    assert main([*argv, tag, str(tmp_path / "up.sh")]) == 1
    assert "NFT101" in capsys.readouterr().out
    assert main([*argv, "our-agnet", str(tmp_path)]) == 2
    assert "no owner is known by the tag 'our-agnet'" in capsys.readouterr().err


def test_evidence_of_ones_own_owner_tells_of_its_hosts(tmp_path: Path) -> None:
    (tmp_path / "nftlint.toml").write_text(DAEMON, "utf-8")
    (tmp_path / "up.sh").write_text(f"agentd --start\n{RULE}", "utf-8")
    (tmp_path / "other.sh").write_text(RULE, "utf-8")
    (result,) = lint([tmp_path], Options()).report.results
    assert result.location.uri.endswith("up.sh")
    assert "runs `agentd --start`" in result.hosts[0].evidence[0].why


def test_any_iptables_may_be_on_a_host_whose_owner_has_no_releases(tmp_path: Path) -> None:
    (tmp_path / "nftlint.toml").write_text(DAEMON, "utf-8")
    (tmp_path / "up.sh").write_text("agentd\nnft add rule ip agent AGENT-IN tcp dport 22 accept\n")
    (result,) = lint([tmp_path], Options()).report.results
    assert "iptables 1.8.2 to 1.8.7 misreads it" in result.message  # Debian 11, for one
