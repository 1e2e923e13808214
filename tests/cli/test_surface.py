"""What follows from the command line, and from the configuration's keys."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest

from nftlint.cli.arguments import parser
from nftlint.cli.manual import manual
from nftlint.cli.surface import commands
from nftlint.config import ConfigError, read_config

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "nftlint.schema.json").read_text())

COMPLETE = """\
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _nftlint
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    directory = tmp_path_factory.mktemp("completion")
    for shell in ("bash", "zsh", "fish"):
        command = [sys.executable, "-m", "nftlint", "completion", shell]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        (directory / shell).write_text(text)
    return directory


WORDS = {
    ("nftlint", "ch"): {"check"},
    ("nftlint", "explain", "NFT00"): {"NFT001", "NFT002", "NFT003"},
    ("nftlint", "check", "--fix"): {"--fix", "--fix-only"},
    ("nftlint", "check", "--output-format", "sa"): {"sarif"},
    ("nftlint", "check", "--output-format", "=", "sa"): {"sarif"},
    ("nftlint", "hosts", "--output-format", "="): {"text", "json"},
    ("nftlint", "check", "--assume-tag", "kube-r"): {"kube-router"},
    ("nftlint", "completion", "f"): {"fish"},
    ("nftlint", "check", "--config", "x"): {""},
}


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_bash_completes(scripts, words):
    command = ["bash", "-c", COMPLETE, "bash", str(scripts / "bash"), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert set(done.stdout.removesuffix("\n").split("\n")) == WORDS[words]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_has_every_option_and_is_read_by_its_shell(scripts, shell):
    text = (scripts / shell).read_text()
    names = {name for one in commands(parser()) for item in one.arguments for name in item.names}
    known = {f"-l {name[2:]} " if name[:2] == "--" else f"-s {name[1:]} " for name in names}
    assert [name for name in (known if shell == "fish" else names) if name not in text] == []
    if shutil.which(shell):
        subprocess.run([shell, "-n", str(scripts / shell)], check=True)


def test_the_manual_page_is_up_to_date():
    assert (ROOT / "docs" / "nftlint.1").read_text() == manual(), "run scripts/write_docs.py"


def test_the_manual_page_is_good_roff():
    if shutil.which("groff") is None:
        pytest.skip("groff is not installed")
    command = ["groff", "-k", "-man", "-Tutf8", "-ww", "-z", str(ROOT / "docs" / "nftlint.1")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""


def keys(path: Path, text: str) -> set[str]:
    """Return the keys that the program knows where ``text`` has one that it does not."""
    path.write_text(text)
    with pytest.raises(ConfigError) as error:
        read_config(path)
    return set(re.search(r"known are (.*)", str(error.value))[1].split(", "))


ODD = "qqqqqqqqqqqqqqqqqqqqqqq = 1\n"


def test_the_schema_has_the_keys_that_the_program_has(tmp_path):
    path = tmp_path / "nftlint.toml"
    assert keys(path, ODD) == set(SCHEMA["properties"])
    for name in ("hosts", "files"):
        items = SCHEMA["properties"][name]["items"]["properties"]
        assert keys(path, f"[[{name}]]\n{ODD}") == set(items)


CONFIGS = {
    'select = "NFT1"\n': True,
    'select = ["NFT1", "NFT002"]\nevidence = false\n': True,
    '[[hosts]]\ntag = "k3s"\npaths = "a"\n': True,
    'hosts = [{ tag = "k3s" }]\n[[files]]\nglob = "*"\nkind = "shell"\n': True,
    "select = 1\n": False,
    "select = [1]\n": False,
    "evidence = 1\n": False,
    "[hosts]\ntag = 'k3s'\n": False,
    "[[hosts]]\npaths = 'a'\n": False,
    "[[files]]\nglob = '*'\n": False,
    "ansible-style = 'other'\n": False,
}


@pytest.mark.parametrize("text", CONFIGS)
def test_the_schema_and_the_program_agree(tmp_path, text):
    validator = jsonschema.Draft202012Validator(SCHEMA)
    assert validator.is_valid(tomllib.loads(text)) == CONFIGS[text]
    (tmp_path / "nftlint.toml").write_text(text)
    if CONFIGS[text]:
        read_config(tmp_path / "nftlint.toml")
    else:
        with pytest.raises(ConfigError):
            read_config(tmp_path / "nftlint.toml")
