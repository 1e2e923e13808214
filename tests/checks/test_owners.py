"""Owners that a configuration describes itself."""

from __future__ import annotations

from pathlib import Path

import pytest

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
