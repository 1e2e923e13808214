"""What git ignores, held against git itself; see ``scripts/ignores_agreement.py``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nftlint.sieve.walk import never_read, walk

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
import ignores_agreement


def names(top: Path, *, ignore_files: bool = True) -> set[str]:
    found = walk(str(top), lambda _directory, _names: None, ignore_files=ignore_files)
    return {os.path.relpath(item, top) for item in found if isinstance(item, str)}


@pytest.mark.parametrize("seed", range(15))
def test_git_agrees(tmp_path, seed):
    assert ignores_agreement.difference(tmp_path, seed) == ""


def git(top: Path, *words: str) -> None:
    subprocess.run(["git", "-C", top, *words], check=True, capture_output=True)


@pytest.fixture
def tree(tmp_path):
    for name in ("a.sh", "out/b.sh", "sub/out/c.sh", "sub/d.sh"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("nft")
    (tmp_path / ".gitignore").write_text("out/\n")
    return tmp_path


ALL = {".gitignore", "a.sh", "out/b.sh", "sub/out/c.sh", "sub/d.sh"}


def test_outside_of_a_repository_nothing_is_ignored(tree):
    assert names(tree) == ALL


def test_a_tracked_file_is_never_ignored(tree):
    git(tree, "init", "-q")
    assert names(tree) == {".gitignore", "a.sh", "sub/d.sh"}
    assert names(tree, ignore_files=False) == ALL
    git(tree, "add", "-f", "sub/out/c.sh")
    assert names(tree) == {".gitignore", "a.sh", "sub/d.sh", "sub/out/c.sh"}


def test_what_stands_above_holds_and_the_named_directory_is_not_asked(tree):
    git(tree, "init", "-q")
    assert names(tree / "sub") == {"d.sh"}
    assert names(tree / "sub" / "out") == {"c.sh"}


def test_an_index_that_is_not_understood_ignores_nothing(tree):
    git(tree, "init", "-q")
    git(tree, "add", "a.sh")
    git(tree, "update-index", "--index-version", "4")
    assert names(tree) == ALL


def test_a_submodule_has_rules_of_its_own(tree):
    git(tree, "init", "-q")
    (tree / "data").mkdir()
    git(tree / "data", "init", "-q")
    (tree / "sub" / ".git").write_text("gitdir: ../data/.git\n")
    (tree / "data" / ".git" / "info" / "exclude").write_text("d.sh\n")
    assert names(tree / "sub") == {".git", "out/c.sh"}


@pytest.mark.parametrize("name", ["go", "a", "so", ".go", "x.sh", "tar", "nftables.conf"])
def test_only_an_ending_tells_that_a_file_is_never_read(name):
    assert not never_read(name)
    assert never_read(f"{name}.go")
