"""The suggested configuration, put where it is said to belong, makes the files judged."""

from __future__ import annotations

import re

import pytest

CONFIGS = {
    "none": None,
    "tables": '[[hosts]]\ntag = "docker"\npaths = ["x/**"]\n',
    "a list": 'hosts = [\n  { tag = "docker", paths = ["x/**"] },\n]\nexclude = ["y/**"]\n',
    "a list in a line": 'hosts = [ { tag = "docker", paths = ["x/**"] } ]\n',
    "other keys": 'exclude = ["y/**"]\n',
}


@pytest.mark.parametrize("name", CONFIGS)
def test_the_suggestion_can_be_followed(node, nftlint, name):
    path = node / "nftlint.toml"
    path.unlink()
    if CONFIGS[name] is not None:
        path.write_text(CONFIGS[name])
    (node / "a.sh").write_text("nft add rule ip filter INPUT ct state new accept\n")
    done = nftlint("check")
    assert "not judged" in done.stdout
    lines = "".join(f"{line[4:]}\n" for line in done.stdout.splitlines() if line.startswith("    "))
    text = path.read_text() if path.exists() else ""
    if "to the list 'hosts' in nftlint.toml" in done.stdout:
        text = re.sub(r"hosts = \[", f"hosts = [\n{lines}", text, count=1)
    else:
        text += lines
    path.write_text(text)
    done = nftlint("check", "--output-format", "concise")
    assert "a.sh:1:1: error: NFT101" in done.stdout, text + done.stderr


def test_reasons_are_clauses(node, nftlint):
    (node / "a.sh").write_text("out=$(nft add rule ip filter INPUT ct state new accept)\n")
    reasons = re.findall(r"= unsafe: (.*)", nftlint("check").stdout)
    assert reasons
    assert not [reason for reason in reasons if reason[0].isupper() or reason.endswith(".")]
