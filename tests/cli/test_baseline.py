"""``--write-baseline`` and ``--baseline``."""

from __future__ import annotations

import json

import pytest

CALL = "nft add rule ip filter INPUT ct state new accept"
NEW = "nft add rule ip filter INPUT ct state established accept"


def count(done):
    return len(json.loads(done.stdout)["results"])


@pytest.fixture
def check(node, nftlint):
    (node / "a.sh").write_text(f"{CALL}\n{CALL}\n")
    done = nftlint("check", "--write-baseline", "known.json")
    assert (done.returncode, done.stdout) == (0, "Wrote 2 findings to known.json.\n")
    return lambda *more: nftlint("check", "--baseline", "known.json", *more)


CHANGES = {
    "nothing": (f"{CALL}\n{CALL}\n", 0),
    "lines before": (f"#!/bin/sh\n\ntrue\n{CALL}\ntrue\n{CALL}\n", 0),
    "other blanks": (f"if x; then\n\t{CALL.replace(' ', '  ')}\nfi\n{CALL}\n", 0),
    "one is gone": (f"{CALL}\n", 0),
    "one more": (f"{CALL}\n{CALL}\n{CALL}\n", 1),
    "another": (f"{NEW}\n{CALL}\n{CALL}\n", 1),
}


@pytest.mark.parametrize("name", CHANGES)
def test_known_findings_are_left_out_wherever_they_move(node, check, name):
    text, found = CHANGES[name]
    (node / "a.sh").write_text(text)
    done = check("--output-format", "json")
    assert count(done) == found
    assert done.returncode == (1 if found else 0)


def test_another_file_is_another_finding(node, check):
    (node / "b.sh").write_text(f"{CALL}\n")
    assert count(check("--output-format", "json")) == 1


def test_it_may_be_used_from_another_directory(node, nftlint, check):
    (node / "sub").mkdir()
    done = nftlint("check", "--baseline", "../known.json", "..", cwd_below="sub")
    assert done.returncode == 0, done.stdout


def test_known_findings_are_not_fixed(node, check):
    (node / "a.sh").write_text(f"{CALL}\n{NEW}\n{CALL}\n")
    done = check("--fix", "--unsafe-fixes")
    lines = (node / "a.sh").read_text().splitlines()
    assert lines[::2] == [CALL, CALL]
    assert lines[1].startswith("iptables -A INPUT")
    assert done.returncode == 0


def test_sarif_has_them_as_suppressed(check):
    results = json.loads(check("--output-format", "sarif").stdout)["runs"][0]["results"]
    assert [item["suppressions"][0]["kind"] for item in results] == ["external", "external"]


def test_a_baseline_is_renewed_with_what_it_knows(node, check):
    (node / "a.sh").write_text(f"{CALL}\n{NEW}\n")
    assert "Wrote 2 findings" in check("--write-baseline", "known.json").stdout
    assert check().returncode == 0


def test_a_clean_tree_has_an_empty_baseline(node, nftlint):
    (node / "a.sh").write_text("true\n")
    assert nftlint("check", "--write-baseline", "known.json").returncode == 0
    assert json.loads((node / "known.json").read_text()) == {"version": 1, "findings": []}


@pytest.mark.parametrize("text", [None, "", "[]", '{"version": 2}', '{"version": 1}', "\udcff"])
def test_what_is_no_baseline_is_refused(node, nftlint, text):
    if text is not None:
        (node / "known.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    done = nftlint("check", "--baseline", "known.json")
    assert done.returncode == 2
    assert done.stderr.startswith("nftlint: error: known.json: ")


def test_what_is_there_no_more_is_said(node, check):
    (node / "b.sh").write_text(f"{NEW}\n")
    (node / "a.sh").write_text(f"{CALL}\n")
    gone = "1 finding of the baseline is there no more: --write-baseline leaves it out.\n"
    assert gone in check().stdout
    assert gone not in check("b.sh").stdout
    (node / "a.sh").write_text("true\n")
    (node / "b.sh").unlink()
    assert "2 findings of the baseline are there no more" in check().stdout
