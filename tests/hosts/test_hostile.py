"""Inventories that nobody would write, in bounded time."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nftlint.artifact import Artifact
from nftlint.configs import Options
from nftlint.hosts.patterns import select
from nftlint.hosts.sources import read_world
from nftlint.hosts.world import World
from nftlint.lint import lint

Tree = Callable[[str], Path]
GROUPS = 10_000


PATH = Path("/p/hosts")


def world(text: str) -> World:
    return read_world(PATH, [PATH], {PATH: Artifact("hosts", text)})


def chain(order: list[int]) -> str:
    below = "".join(f"[g{number}:children]\ng{number + 1}\n" for number in order[:-1])
    return "".join(f"[g{number}]\nh{number}\n" for number in range(GROUPS)) + below


def test_ten_thousand_groups() -> None:
    begun = time.process_time()
    found = world("".join(f"[g{number}]\nh{number}\n" for number in range(GROUPS)))
    assert len(found.groups) == GROUPS + 2
    assert select("g1*:!g11*", found)
    assert time.process_time() - begun < 10


@pytest.mark.parametrize("order", ["up", "mixed"])
def test_a_chain_of_ten_thousand_groups(order: str) -> None:
    numbers = list(range(GROUPS))
    if order == "up":
        numbers = [*reversed(numbers[:-1]), numbers[-1]]
    if order == "mixed":
        shuffled = numbers[:-1]
        random.Random(1).shuffle(shuffled)
        numbers = [*shuffled, numbers[-1]]
    begun = time.process_time()
    found = world(chain(numbers))
    assert len(found.members("g0")) == GROUPS
    assert time.process_time() - begun < 20  # without a shortcut it takes minutes


def test_a_range_that_stands_for_too_many_is_broken() -> None:
    found = world("[web]\nhost[0:999999999]\na\n[b]\nx[0:9999]y[0:9999]\n")
    assert len(found.problems) == 2
    assert found.members("web") == ("a",)


def test_loops_of_links_and_deep_directories(tree: Tree) -> None:
    top = tree(
        "=== hosts\n[k3s_cluster]\na\n=== group_vars/k3s_cluster/a/b/c/d/e/f/g/h.yml\nx: 1\n"
        "=== site.yml\n- hosts: k3s_cluster\n  tasks: [{command: NFT2}]\n"
    )
    (top / "group_vars/loop").symlink_to(top)
    (top / "group_vars/all.yml").symlink_to(top / "group_vars/all.yml")
    (top / "again").symlink_to(top)
    (result,) = lint([Path()], Options()).report.results
    assert result.hosts[0].tags == ("k3s",)
