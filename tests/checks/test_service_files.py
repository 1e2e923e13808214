"""NFT103: what nft's service loads may stand in another file of the same host."""

from __future__ import annotations

from pathlib import Path

import pytest

from nftlint.configs import Options
from nftlint.lint import lint
from nftlint.results import Result

FLUSHING = "#!/usr/sbin/nft -f\nflush ruleset\ntable inet own {\n}\n"
HARMLESS = "#!/usr/sbin/nft -f\ntable inet own {\n}\n"
SETUP = "# nftlint: host=k3s\ncp files/{} /etc/nftables.conf\nsystemctl {} nftables\n"
PLAY = """\
- hosts: k3s_cluster
  tasks:
    - ansible.builtin.copy: {{src: {}, dest: /etc/nftables.conf}}
    - ansible.builtin.systemd:
        name: nftables
        {}
"""
UNLINKED = "# nftlint: host=k3s\nsystemctl {} nftables\n"


def runs(tree: Path, files: dict[str, str]) -> list[Result]:
    """Return the findings about runs of the service."""
    (tree / ".git").mkdir()
    for name, text in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    report = lint([tree], Options()).report
    assert report.failures == ()
    flushed = [result for result in report.results if result.rule == "NFT103"]
    return [result for result in flushed if "service" in result.message]


@pytest.mark.parametrize("action", ["reload", "start", "enable", "enable --now", "restart"])
def test_a_script_copies_the_file_and_asks_the_service(tmp_path: Path, action: str) -> None:
    files = {"setup.sh": SETUP.format("own.nft", action), "files/own.nft": FLUSHING}
    (result,) = runs(tmp_path, files)
    assert result.location.uri.endswith("setup.sh")
    if action != "restart":
        (related,) = result.related
        assert related.uri.endswith("own.nft")


@pytest.mark.parametrize("asked", ["state: reloaded", "state: started", "enabled: true"])
def test_a_play_copies_the_file_and_asks_the_service(tmp_path: Path, asked: str) -> None:
    files = {"play.yml": PLAY.format("fw.conf", asked), "files/fw.conf": FLUSHING}
    (result,) = runs(tmp_path, files)
    assert result.location.uri.endswith("play.yml")


def test_two_that_copy_one_file(tmp_path: Path) -> None:
    files = {
        "play.yml": PLAY.format("own.nft", "state: reloaded"),
        "setup.sh": SETUP.format("own.nft", "reload"),
        "files/own.nft": FLUSHING,
    }
    assert len(runs(tmp_path, files)) == 2


NOTHING = {
    "it flushes nothing": {
        "setup.sh": SETUP.format("own.nft", "reload"),
        "files/own.nft": HARMLESS,
    },
    "it is of other hosts": {
        "setup.sh": UNLINKED.format("reload"),
        "lb/nftables.conf": "# nftlint: host=none\n" + FLUSHING,
    },
    "the service does not load it": {
        "setup.sh": SETUP.format("own.nft", "status"),
        "files/own.nft": FLUSHING,
    },
}


@pytest.mark.parametrize("case", NOTHING)
def test_nothing_is_said(tmp_path: Path, case: str) -> None:
    assert runs(tmp_path, NOTHING[case]) == []
