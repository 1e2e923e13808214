"""``--output``: several reports of one run."""

from __future__ import annotations

import json

import pytest

from nftlint.cli import main


def test_a_file_alone_takes_the_main_report(node, nftlint):
    done = nftlint("check", "--output-format", "json", "-o", "out.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert len(json.loads((node / "out.json").read_text())["results"]) == 1


def test_others_are_written_beside_it(node, nftlint):
    more = ("--output", "sarif=a.sarif", "--output=rdjson=b=c.json", "-o", "github=-x")
    done = nftlint("check", "--output-format", "concise", *more)
    assert done.returncode == 1
    assert done.stdout.startswith("a.sh:2:1: error: NFT101")
    assert json.loads((node / "a.sarif").read_text())["version"] == "2.1.0"
    assert json.loads((node / "b=c.json").read_text())["source"] == {"name": "nftlint"}
    assert (node / "-x").read_text().startswith("::error ")


def test_a_clean_tree_writes_them_all(node, nftlint):
    (node / "a.sh").write_text("true\n")
    done = nftlint("check", "--output", "sarif=a.sarif", "--output", "x=y")
    assert (done.returncode, done.stdout) == (0, "")
    assert json.loads((node / "a.sarif").read_text())["runs"][0]["results"] == []
    assert (node / "x=y").read_text() == "No problems found in 2 files.\n"


def test_a_kind_that_nothing_reads_is_an_error(node, nftlint):
    (node / "nftlint.toml").write_text('files = [{ glob = "*.sh", kind = "shel" }]\n')
    done = nftlint("check")
    assert (done.returncode, done.stdout) == (2, "")
    assert "in [[files]]: no kind 'shel'; did you mean 'shell'?" in done.stderr


CONTRADICTIONS = (
    ("--diff", "-o", "x"),
    ("--diff", "--output=sarif=x"),
    ("--diff", "--output-format", "json"),
    ("--fix", "--write-baseline", "x"),
    ("--fix-only", "--write-baseline", "x"),
    ("--diff", "--write-baseline", "x"),
    ("-", "--write-baseline", "x"),
)


@pytest.mark.parametrize("options", CONTRADICTIONS, ids=" ".join)
def test_an_option_without_effect_beside_another_is_an_error(node, nftlint, options):
    before = (node / "a.sh").read_text()
    done = nftlint("check", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("nftlint: error: --")
    assert not (node / "x").exists()
    assert (node / "a.sh").read_text() == before


def test_what_sarif_leaves_out_is_said_at_once(node, monkeypatch, capsys):
    monkeypatch.setattr("nftlint.output.sarif_limits.RESULT_LIMIT", 0)
    monkeypatch.chdir(node)
    assert main(["check", "--output", "sarif=x.sarif"]) == 1
    assert "nftlint: sarif: 1 result left out" in capsys.readouterr().err


def test_a_misspelt_format_is_no_file(node, nftlint):
    done = nftlint("check", "--output", "sarrif=x.sarif")
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        "did you mean 'sarif=x.sarif'? For a file of that name say ./sarrif=x.sarif" in done.stderr
    )
    assert nftlint("check", "--output", "./sarrif=x.sarif").returncode == 1
    assert (node / "sarrif=x.sarif").exists()


@pytest.mark.parametrize(
    "outputs",
    [("sarif=x", "json=x"), ("x", "json=x"), ("sarif=-",), ("sarif=no/such/directory",)],
)
def test_what_cannot_be_written_is_said(nftlint, outputs):
    done = nftlint("check", *(f"--output={item}" for item in outputs))
    assert done.returncode == 2
    assert "nftlint: error: " in done.stderr
    assert "Traceback" not in done.stderr


HOSTILE = "x\x1b[31m\n::error::y\udcff"
ODD_CONFIGS = ('select = "NFT9"', "a = = b", '"k\\u001b[3m" = 1', "hosts = 1")


@pytest.mark.parametrize("config", ODD_CONFIGS)
@pytest.mark.parametrize("command", ["check", "hosts"])
def test_no_complaint_holds_what_a_terminal_obeys(node, nftlint, command, config):
    (node / HOSTILE).mkdir()
    (node / HOSTILE / "nftlint.toml").write_text(config)
    (node / HOSTILE / "a.sh").write_text("nft flush ruleset\n")
    done = nftlint(command)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.strip().isprintable()


@pytest.mark.parametrize(
    "command", [("check", "-v", "--exit-zero"), ("hosts",), ("hosts", "--output-format", "json")]
)
def test_no_listing_holds_what_a_terminal_obeys(node, nftlint, command):
    (node / HOSTILE).write_text("#!/bin/sh\n# nftlint: host=k3s\nnft flush ruleset\n")
    done = nftlint(*command)
    assert done.returncode == 0
    assert "::error::" in done.stdout + done.stderr
    assert (done.stdout + done.stderr).replace("\n", "").isprintable()
