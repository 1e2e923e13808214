"""Nothing is missed because no word in a file is ``nft``."""

from __future__ import annotations

from pathlib import Path

import pytest

from nftlint.configs import Options
from nftlint.lint import lint

RULES = "table ip filter {\n  chain INPUT {\n    ct state new accept\n  }\n}\n"
OPTIONS = Options(assume_tags=("kube-router",))


def found(*paths: Path) -> list[str]:
    results = lint(paths, OPTIONS).report.results
    return sorted(f"{Path(result.location.uri).name} {result.rule}" for result in results)


@pytest.mark.parametrize("name", ["fw.nft", "nftables.conf", "nftables.rules"])
def test_the_name_of_an_nft_script_is_enough(tmp_path, name):
    (tmp_path / name).write_text(RULES)
    assert f"{name} NFT101" in found(tmp_path)


def test_what_a_script_loads_is_read(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.sh").write_text("#!/bin/sh\nnft -f sub/rules.txt\nnft -f gone.txt\n")
    (tmp_path / "sub" / "rules.txt").write_text('include "more.go"\n')
    (tmp_path / "sub" / "more.go").write_text(RULES)
    assert "more.go NFT101" in found(tmp_path)
    assert found(tmp_path / "a.sh") == []


def test_only_what_lies_in_the_given_directories_is_read(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.sh").write_text("#!/bin/sh\nnft -f ../rules.txt\n")
    (tmp_path / "rules.txt").write_text(RULES)
    assert found(tmp_path / "in") == []
