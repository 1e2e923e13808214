"""Files of no known kind: a tree of such ones is clean, unless another file may name them."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from nftlint.cli.quick import has_nothing, is_clean
from nftlint.configs import Options
from nftlint.lint import lint
from nftlint.sieve.sift import sift

CALL = "nft add rule ip filter INPUT tcp dport 22 accept"
DATA = f"text: |\n  {CALL}\n"
DATA_FILES = {
    "chart.yaml": DATA,
    "late.yml": f"# x\n---\n{DATA}",
    "package-lock.json": '{"a": {"@vercel/nft": "0.22"}}\n',
    "code.py": f"import os\nos.system('{CALL}')\n",
    "notes.diff": f"+ {CALL}\n",
    "head.txt": DATA,
    "text.bin": f"\0{CALL}",
    "latin.txt": f"\udcff {CALL}",
}
CODE_FILES = {
    "run.sh": CALL,
    "script": f"#!/bin/sh\n{CALL}\n",
    "rules.txt": CALL,
    "tasks.yml": f"- shell: {CALL}\n",
    "Dockerfile": f"FROM x\nRUN {CALL}\n",
    "user-data": f"#cloud-config\nruncmd:\n- {CALL}\n",
    "web.service": f"[Service]\nExecStart={CALL}\n",
}

PACKED = {
    "image.plist": gzip.compress(CALL.encode()),
    "x.json.gz": gzip.compress(DATA.encode()),
    "broken": gzip.compress(CALL.encode())[:-9],
}


def filled(top: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (top / name).write_text(text, encoding="utf-8", errors="surrogateescape")
    return top


def found(*paths: Path):
    return sift([str(path) for path in paths], lambda _directory, _names: None)


@pytest.mark.parametrize("name", DATA_FILES)
def test_data_is_passed_over(tmp_path, name):
    items = found(filled(tmp_path, {name: DATA_FILES[name]}))
    assert not is_clean(items)
    assert has_nothing(items)
    assert not has_nothing(found(tmp_path / name))
    assert lint([tmp_path], Options(assume_tags=("kube-router",))).report.results == ()


@pytest.mark.parametrize("name", CODE_FILES)
def test_what_may_be_code_is_not(tmp_path, name):
    assert not has_nothing(found(filled(tmp_path, {**DATA_FILES, name: CODE_FILES[name]})))


@pytest.mark.parametrize("name", PACKED)
def test_packed_data_is_passed_over(tmp_path, name):
    (tmp_path / name).write_bytes(PACKED[name])
    assert has_nothing(found(tmp_path))
    assert lint([tmp_path], Options(assume_tags=("kube-router",))).report.results == ()
    (tmp_path / "run.sh.gz").write_bytes(gzip.compress(CALL.encode()))
    assert not has_nothing(found(tmp_path))


def test_a_file_that_another_speaks_of_is_not(tmp_path):
    filled(tmp_path, {"chart.yaml": DATA, "a.sh": "apt-get install nftables\n"})
    assert has_nothing(found(tmp_path))
    (tmp_path / "a.sh").write_text("apt-get install nftables\n. ./chart.yaml\n")
    assert not has_nothing(found(tmp_path))


def test_a_configuration_may_set_kinds(tmp_path):
    top = filled(tmp_path, {"chart.yaml": DATA})
    (tmp_path / "nftlint.toml").write_text("")
    assert not has_nothing(found(top))


def test_a_program_says_so(tmp_path):
    filled(tmp_path, DATA_FILES)
    command = [sys.executable, "-m", "nftlint", "check", "--assume-tag", "kube-router"]
    for more, told in (([], "No problems found in"), (["-v"], "No problems found in")):
        done = subprocess.run(
            [*command, *more], cwd=tmp_path, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done
        assert told in done.stdout
