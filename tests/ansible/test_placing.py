"""Files that tasks put where nft loads them, or where other files are made of them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "yaml"))
from rewriting import scanned

from nftlint.configs import Options
from nftlint.lint import lint

RULES = "table ip filter {\n  chain INPUT {\n    ct state new accept\n  }\n}\n"
"""An nft script in which no word is `nft`."""

LOADED = [
    "copy: {src: rules.conf, dest: /etc/nftables.d/x.nft}",
    "copy: {src: rules.conf, dest: /etc/nftables.d/}",
    "ansible.builtin.copy:\n    src: rules.conf\n    dest: /etc/nftables.conf",
    "copy: src=rules.conf dest=/etc/sysconfig/nftables.conf",
    "template: {src: rules.conf, dest: /etc/nftables/main.conf}",
    "copy: {src: '{{ item }}', dest: '/etc/nftables.d/{{ item }}'}\n  loop: [no.conf, rules.conf]",
    (
        "copy: {src: '{{ item.from }}', dest: '{{ item.to }}'}\n"
        "  loop: [{from: a, to: /etc/motd}, {from: rules.conf, to: /etc/nftables.d/a.nft}]"
    ),
    (
        "copy: {src: rules.conf, dest: /etc/fw/10}\n"
        "- assemble: {src: /etc/fw, dest: /etc/nftables.conf}"
    ),
    (
        "copy: {src: rules.conf, dest: '{{ dir }}/fw/10'}\n"
        "- assemble: {src: '{{ dir }}/fw/', dest: /etc/nftables.conf}"
    ),
]
NOT_LOADED = [
    "copy: {src: rules.conf, dest: /etc/motd.nft.bak}",
    "copy: {src: rules.conf, dest: /etc/nftables.conf, remote_src: true}",
    (
        "copy: {src: rules.conf, dest: /etc/fw/10}\n"
        "- assemble: {src: /etc/nft, dest: /etc/nftables.conf}"
    ),
    "copy: {src: rules.conf, dest: /etc/nftables.d/README.md}",
]


def found(top: Path, *texts: str, inside: str = "rules.conf") -> list[str]:
    for folder in ("tasks", "files", "templates"):
        (top / folder).mkdir(parents=True, exist_ok=True)
    (top / "tasks" / "main.yml").write_text("".join(f"- {text}\n" for text in texts))
    folder = "templates" if "template:" in texts[0] else "files"
    (top / folder / inside).parent.mkdir(exist_ok=True)
    (top / folder / inside).write_text(RULES)
    results = lint([top], Options(assume_tags=("kube-router",))).report.results
    return [f"{Path(item.location.uri).name} {item.rule}" for item in results]


@pytest.mark.parametrize("task", LOADED)
def test_a_file_that_is_put_where_nft_loads_it_is_read(tmp_path: Path, task: str) -> None:
    assert "rules.conf NFT101" in found(tmp_path, task)


@pytest.mark.parametrize("task", NOT_LOADED)
def test_another_file_is_not(tmp_path: Path, task: str) -> None:
    assert found(tmp_path, task) == []


def test_a_template_is_read_as_one(tmp_path: Path) -> None:
    text = RULES.replace("ct state new", "{% if x %} tcp dport {{ port }} {% endif %}")
    found(tmp_path, "template: {src: rules.j2, dest: /etc/nftables.d/x.nft}")
    (tmp_path / "templates" / "rules.j2").write_text(text)
    results = lint([tmp_path], Options(assume_tags=("kube-router",))).report.results
    assert [item.rule for item in results] == ["NFT101"]


@pytest.mark.parametrize("name", ["fw/10-base", "fw/20.conf"])
@pytest.mark.parametrize(
    "task",
    [
        "assemble: {src: fw, dest: /etc/nftables.conf, remote_src: false}",
        "copy: {src: fw/, dest: /etc/nftables.d}",
    ],
)
def test_each_file_of_a_directory_is_read(tmp_path: Path, task: str, name: str) -> None:
    assert f"{Path(name).name} NFT101" in found(tmp_path, task, inside=name)
    (tmp_path / "files" / "fw" / "README").write_text("table of contents: nft\n")
    assert f"{Path(name).name} NFT101" in found(tmp_path, task, inside=name)
    assert not [item for item in found(tmp_path, task, inside=name) if "NFT001" in item]


def test_fragments_have_the_hosts_of_the_play(tmp_path: Path) -> None:
    (tmp_path / "files" / "fw").mkdir(parents=True)
    (tmp_path / "files" / "fw" / "10").write_text(RULES)
    (tmp_path / "nftlint.toml").write_text('[[hosts]]\ngroups = ["nodes"]\ntag = "kube-router"\n')
    task = "assemble: {src: fw, dest: /etc/nftables.conf, remote_src: false}"
    for hosts, rules in (("nodes", ["NFT101"]), ("others", [])):
        (tmp_path / "site.yml").write_text(f"- hosts: {hosts}\n  tasks:\n    - {task}\n")
        (tmp_path / "hosts.ini").write_text("[nodes]\na\n[others]\nb\n")
        results = lint([tmp_path], Options()).report.results
        assert [item.rule for item in results] == rules


def test_text_that_becomes_a_part_of_a_script_is_read_as_one() -> None:
    text = "- copy: {content: 'flush table ip filter', dest: /etc/fw/10}\n"
    text += "- assemble: {src: /etc/fw, dest: /etc/nftables.conf}\n"
    assert [call.script.text for call in scanned(text, "ansible").calls] == [
        "flush table ip filter"
    ]


def test_a_directory_on_the_host_is_none_of_the_tree(tmp_path: Path) -> None:
    task = "assemble: {src: fw, dest: /etc/nftables.conf}"
    assert found(tmp_path, task, inside="fw/10") == []


UNIT = "ini_file: {path: /etc/systemd/system/a.service, section: Service, option: ExecStart, "


@pytest.mark.parametrize("module", ["", "community.general."])
def test_a_command_that_ini_file_puts_into_a_unit_is_found(module: str) -> None:
    rule = "add rule ip filter INPUT accept"
    text = f"- {module}{UNIT}value: /usr/sbin/nft {rule}}}\n"
    assert [call.script.text for call in scanned(text, "ansible").calls] == [rule]
    for other in (
        ("Service", "Unit"),
        ("ExecStart", "Environment"),
        ("value", "state: absent, value"),
    ):
        assert not scanned(text.replace(*other), "ansible").calls
