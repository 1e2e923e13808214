"""``nftlint hosts`` and ``nftlint init``: what they print, and what they leave alone."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from nftlint.cli import main
from nftlint.config import read_config

Tree = Callable[[str], Path]

PROJECT = """\
=== hosts
[nodes]
a
[vaulted]
v
=== group_vars/vaulted
$ANSIBLE_VAULT;1.1;AES256
3036
=== site.yml
- hosts: nodes
  roles: [k3s, fw]
- hosts: "{{ later }}"
  roles: [k3s]
=== roles/k3s/tasks/main.yml
- shell: curl -sfL https://get.k3s.io | sh -
=== roles/fw/tasks/main.yml
- command: NFT
=== lb/fw.sh
NFT
=== both.sh
k0s install worker
echo 'spec: x'
cat > k0s.yaml <<E
spec:
  network:
    provider: custom
E
NFT
"""


def test_the_table(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree(PROJECT)
    assert main(["hosts"]) == 0
    out = capsys.readouterr().out
    assert "lb/fw.sh:1  -" in out
    assert "roles/fw/tasks/main.yml:1  k3s" in out
    assert "k3s: it uses `https://get.k3s.io` (roles/k3s/tasks/main.yml:1)" in out
    assert "site.yml:3  the host pattern is a template" in out
    assert "group_vars/vaulted:1  a vaulted file" in out
    assert "both.sh:6  'k0s': it sets `spec.network.provider = custom`, so it is none" in out


def test_the_same_as_json(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree(PROJECT)
    assert main(["hosts", "--output-format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    tags = {
        item["location"]["uri"]: [tag for host in item["hosts"] for tag in host["tags"]]
        for item in found["files"]
    }
    assert tags == {"roles/fw/tasks/main.yml": ["k3s"], "lb/fw.sh": [], "both.sh": []}
    assert len(found["unknown"]) == 2
    assert found["conflicts"]


def test_sarif_has_the_chain_as_related_locations(
    tree: Tree, capsys: pytest.CaptureFixture[str]
) -> None:
    tree(PROJECT)
    main(["check", "--output-format", "sarif"])
    log = json.loads(capsys.readouterr().out)
    (result,) = (
        item
        for item in log["runs"][0]["results"]
        if item["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith("roles")
    )
    related = [
        (item["physicalLocation"]["artifactLocation"]["uri"], item["message"]["text"])
        for item in result["relatedLocations"]
    ]
    assert related[-1] == ("roles/k3s/tasks/main.yml", "host k3s: it uses `https://get.k3s.io`")


def test_init_writes_what_can_be_read_and_never_overwrites(
    tree: Tree, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = tree(PROJECT)
    assert main(["init"]) == 0
    text = (directory / "nftlint.toml").read_text("utf-8")
    read_config(directory / "nftlint.toml")
    assert 'paths = ["both.sh", "lb/fw.sh"]' in text
    assert "roles/fw/tasks/main.yml: k3s" in text
    bare = "\n".join(line.removeprefix("# ") for line in text.splitlines()[-3:])
    assert tomllib.loads(bare)["hosts"][0]["tag"] == "kube-router"
    assert main(["init"]) == 2
    assert "is left as it is" in capsys.readouterr().err
    assert (directory / "nftlint.toml").read_text("utf-8") == text


def test_init_of_no_directory(tmp_path: Path) -> None:
    assert main(["init", str(tmp_path / "none")]) == 2


def test_what_is_settled_at_run_time_is_said(
    tree: Tree, capsys: pytest.CaptureFixture[str]
) -> None:
    tree(
        "=== ansible.cfg\n[defaults]\ninventory = ./plugin.py\n"
        "=== site.yml\n- hosts: all\n  tasks:\n  - add_host: {name: x, groups: nodes}\n"
        "  - group_by: {key: 'os_{{ x }}'}\n"
        "  - command: k3s server\n    when: groups[kind] | length\n"
    )
    assert main(["hosts"]) == 0
    out = capsys.readouterr().out
    assert "ansible.cfg:2  the inventory 'plugin.py' is a program" in out
    assert "site.yml:3  `add_host` puts hosts into groups when it runs" in out
    assert "site.yml:4  `group_by` puts hosts into groups when it runs" in out
    assert "site.yml:5  which hosts this condition on groups holds for is not known" in out


def test_a_write_that_a_condition_keeps_from_the_nodes_has_a_line_of_its_own(
    tree: Tree, capsys: pytest.CaptureFixture[str]
) -> None:
    tree(
        "=== hosts\n[k3s_cluster]\na\n[lb]\nb\n"
        "=== fw.yml\n- hosts: all\n  tasks:\n  - command: NFT2\n"
        "  - block:\n    - command: NFT2\n    - command: NFT2\n"
        "    when: \"'lb' in group_names\"\n"
    )
    assert main(["hosts", "--output-format", "json"]) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    tags = [[tag for host in item["hosts"] for tag in host["tags"]] for item in files]
    assert tags == [["k3s"], []]
