"""Host patterns; the campaign against ansible-core is ``scripts/hosts_agreement.py``."""

from __future__ import annotations

from pathlib import Path

import pytest

from nftlint.artifact import Artifact
from nftlint.hosts.patterns import Unknown, names, select, split
from nftlint.hosts.sources import read_world

INI = """\
loose.example.org
[web]
w1
w2
w3
[db]
d1
w3
[Web]
upper
[up:children]
web
db
"""
PATH = Path("/p/hosts")
WORLD = read_world(PATH, [PATH], {PATH: Artifact("hosts", INI)})


@pytest.mark.parametrize(
    ("pattern", "hosts"),
    [
        ("web", "w1 w2 w3"),
        ("Web", "upper"),
        ("WEB", ""),
        ("web:db", "w1 w2 w3 d1"),
        ("web,db", "w1 w2 w3 d1"),
        ("web:&db", "w3"),
        ("web:!db", "w1 w2"),
        ("!db:web", "w1 w2"),
        ("!web", "loose.example.org d1 upper"),
        ("*", "loose.example.org w1 w2 w3 d1 upper"),
        ("all", "loose.example.org w1 w2 w3 d1 upper"),
        ("ungrouped", "loose.example.org"),
        ("*.example.org", "loose.example.org"),
        ("w?", "w1 w2 w3"),
        (r"~w\d", "w1 w2 w3"),
        ("~(d1|upper)", "d1 upper"),
        ("web[0]", "w1"),
        ("web[-1]", "w3"),
        ("web[0:1]", "w1 w2"),
        ("web[1:]", "w2 w3"),
        ("up:!web[0]", "w2 w3 d1"),
        ("localhost", "localhost"),
        ("nobody", ""),
        ("w1:22", ""),
    ],
)
def test_hosts(pattern: str, hosts: str) -> None:
    found = select(pattern, WORLD)
    assert not isinstance(found, Unknown)
    assert sorted(found) == sorted(hosts.split())


def test_a_list_is_a_union() -> None:
    assert select(["web", "!w1", "db"], WORLD) == ("w2", "w3", "d1")


@pytest.mark.parametrize("pattern", ["{{ target }}", "web:{{ x }}", "web[9]", "~(", "web:!"])
def test_unknown_is_never_all(pattern: str) -> None:
    assert isinstance(select(pattern, WORLD), Unknown)


def test_names() -> None:
    terms = split("web:&db[0]:!~x:*y")
    assert isinstance(terms, list)
    assert names(terms) == ["web", "db"]
