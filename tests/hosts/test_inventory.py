"""Inventories line by line: what they say, what is broken, what is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from nftlint.artifact import Artifact
from nftlint.hosts.ranges import RangeError, host_names
from nftlint.hosts.sources import read_world, worlds
from nftlint.hosts.world import World


def world(text: str, name: str = "hosts.ini", **beside: str) -> World:
    texts = {Path("/p", name): Artifact(name, text)}
    for other, body in beside.items():
        path = other.replace("__", "/") + ".yml"
        texts[Path("/p", path)] = Artifact(path, body)
    return read_world(Path("/p", name), [Path("/p", name)], texts)


@pytest.mark.parametrize(
    ("word", "hosts"),
    [
        ("web", ["web"]),
        ("web:2222", ["web"]),
        ("web[1:3]", ["web1", "web2", "web3"]),
        ("web[01:03].x", ["web01.x", "web02.x", "web03.x"]),
        ("web[1:5:2]", ["web1", "web3", "web5"]),
        ("db-[a:c]", ["db-a", "db-b", "db-c"]),
        ("r[1:2]n[a:b]:22", ["r1na", "r1nb", "r2na", "r2nb"]),
        ("[::1]:22", ["::1"]),
        ("web[:2]", ["web0", "web1", "web2"]),
    ],
)
def test_ranges(word: str, hosts: list[str]) -> None:
    assert host_names(word) == hosts


@pytest.mark.parametrize("word", ["web[1:]", "web[c:a]", "web[01:100]", "web[1:2:3:4]", "web:"])
def test_ranges_of_nothing(word: str) -> None:
    with pytest.raises(RangeError):
        host_names(word)


def test_a_range_of_too_many_is_not_counted_out() -> None:
    with pytest.raises(RangeError, match="more than"):
        host_names("n[0:99999999]x[0:99999999]")


INI = """\
; comment
loose
[web] # trailing
a b=1 # c
b ansible_host="10.0.0.1"
[all_of:children]
web
[web:vars]
x = 'y'
"""


def test_ini() -> None:
    found = world(INI)
    assert found.problems == ()
    assert found.members("all_of") == ("a", "b")
    assert found.members("ungrouped") == ("loose",)
    assert set(found.members("all")) == {"a", "b", "loose"}
    assert [item.value for item in found.group_vars["web"]] == ["y"]
    assert found.host_vars["b"][0].value == "10.0.0.1"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[web\nx]\n[]\n", 3, "no section"),
        ("[web:kind]\n", 1, "no known type"),
        ("[web]\na b c\n", 2, "no key=value"),
        ("[web]\na x='1\n", 2, "words"),
        ("[web:vars]\nx\n[web]\n", 2, "no key=value"),
        ("[up:children]\nnobody\n", 2, "not there"),
        ("[web:vars]\nx=1\n", 1, "not there"),
        ("[a:children]\nb\n[b:children]\na\n", 4, "contains that group"),
        ("[a:children]\na\n", 2, "contains that group"),
        ("[web]\nn[3:1:x]\n", 2, "cannot be counted"),
    ],
)
def test_broken_lines_are_problems_and_the_rest_is_read(text: str, line: int, words: str) -> None:
    found = world(text + "[good]\nhost\n")
    (problem,) = found.problems
    assert words in problem.message
    assert text[: problem.location.span.start].count("\n") + 1 == line
    assert found.members("good") == ("host",)


YAML = """\
all:
  hosts:
    loose:
  children:
    web:
      hosts:
        "a[1:2]": {x: 1}
      children:
        deep: {hosts: {z: null}}
      vars:
        kind: web
        secret: !vault |
          $ANSIBLE_VAULT;1.1;AES256
          3036
        later: "{{ other }}"
"""


def test_yaml() -> None:
    found = world(YAML, "hosts.yml")
    assert found.members("web") == ("a1", "a2", "z")
    assert found.members("ungrouped") == ("loose",)
    values = {item.name: (item.value, item.raw) for item in found.group_vars["web"]}
    assert values["kind"][0] == "web"
    assert values["secret"] == (None, "")
    assert values["later"] == (None, '"{{ other }}"')


def test_variables_beside_an_inventory() -> None:
    found = world(
        "[web]\na\n", group_vars__web="nftlint_tags: 1\n", host_vars__a="k3s_version: 2\n"
    )
    assert found.group_vars["web"][0].value == "1"
    assert found.host_vars["a"][0].value == "2"


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("#!/usr/bin/env python3\nprint()\n", "hosts.ini", "does not run"),
        ("$ANSIBLE_VAULT;1.1;AES256\n3036\n", "hosts.yml", "does not decrypt"),
        ("plugin: amazon.aws.aws_ec2\n", "hosts.yml", "does not run"),
    ],
)
def test_what_is_not_known_is_said(text: str, name: str, words: str) -> None:
    found = world(text, name)
    assert [words in note.message for note in found.unknown] == [True]
    assert found.problems == ()
    assert not found.hosts


def test_environments_are_worlds_of_their_own() -> None:
    names = ["inventories/prod/hosts", "inventories/stage/hosts", "inventories/lab.ini", "x/hosts"]
    texts = {Path("/p", name): Artifact(name, "[web]\na\n") for name in names}
    texts[Path("/p/inventory/a.ini")] = Artifact("inventory/a.ini", "[web]\na\n")
    texts[Path("/p/inventory/b.ini")] = Artifact("inventory/b.ini", "[web]\nb\n")
    found = worlds(texts)
    assert len(found) == 5
    assert found[Path("/p/inventory")].members("web") == ("a", "b")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("etc/hosts", "127.0.0.1 localhost\n"),
        ("roles/x/templates/hosts", "[web]\na\n"),
        ("setup.cfg", "[metadata]\nname = x\n"),
        ("inventory/README.md", "[web]\n"),
    ],
)
def test_what_is_no_inventory(name: str, text: str) -> None:
    assert worlds({Path("/p", name): Artifact(name, text)}) == {}
