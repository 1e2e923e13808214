"""The pre-commit hooks: their manifest, which files they are given, and a run of them for real."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from identify import identify
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"


def pre_commit(*arguments, cwd=None, **env):
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_manifest_is_valid():
    done = pre_commit("validate-manifest", str(MANIFEST))
    assert done.returncode == 0, done.stdout


def test_both_names_are_one_file():
    link = ROOT / "pre-commit-hooks.yaml"
    assert not MANIFEST.is_symlink()
    assert link.is_symlink()
    assert link.resolve() == MANIFEST.resolve()


CARRIERS = {
    "fw.sh": "#!/bin/sh\n",
    "firewall": "#!/usr/bin/env bash\n",
    ".bashrc": "",
    "user-data": "#cloud-config\n",
    "rules.nft": "table ip filter { }\n",
    "tasks/main.yml": "- command: nft\n",
    "Dockerfile": "FROM scratch\n",
    "fw.sh.j2": "nft {{ rule }}\n",
}


@pytest.mark.parametrize("name", CARRIERS)
def test_the_hooks_are_given_every_file_that_may_carry_nft(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(CARRIERS[name])
    tags = identify.tags_from_path(str(path))
    for hook in YAML(typ="safe").load(MANIFEST.read_text()):
        assert set(hook["types"]) <= tags
        assert hook["require_serial"]


def git(*arguments, cwd):
    identity = ("-c", "user.name=t", "-c", "user.email=t@localhost")
    subprocess.run(["git", *identity, *arguments], cwd=cwd, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    """A repository with a kube-router node's script, all of it staged."""
    repo = tmp_path / "repo"
    repo.mkdir()
    git("init", "-q", cwd=repo)
    (repo / "nftlint.toml").write_text('hosts = [{ tag = "kube-router" }]\n')
    (repo / "fw.sh").write_text("#!/bin/sh\nnft add rule filter INPUT ct state new accept\n")
    git("add", ".", cwd=repo)
    return repo


@pytest.fixture
def hooks(tmp_path):
    """This checkout as a repository of hooks, work in progress included."""
    source = tmp_path / "hooks"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, source / name, follow_symlinks=False)
    git("init", "-q", cwd=source)
    git("add", "-A", cwd=source)
    git("commit", "-qm", "hooks", cwd=source)
    return source


@pytest.mark.network
def test_try_repo_finds_and_fixes(repository, hooks, tmp_path):
    home = str(tmp_path / "pre-commit-home")
    arguments = ("try-repo", str(hooks), "--all-files", "--verbose")
    done = pre_commit(*arguments, cwd=repository, PRE_COMMIT_HOME=home)
    assert done.returncode == 1, done.stderr
    finds, _, fixes = done.stdout.partition("hook id: nftlint-fix")
    assert "fw.sh:2:1" in finds
    assert "exit code: 1" in finds
    assert "files were modified by this hook" in fixes
    assert "iptables -A INPUT" in (repository / "fw.sh").read_text()
    git("add", ".", cwd=repository)
    assert (
        subprocess.run(
            [sys.executable, "-m", "nftlint", "check", "fw.sh"], cwd=repository, check=False
        ).returncode
        == 0
    )
