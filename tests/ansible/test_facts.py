"""Variables that tasks set: known in the tasks after them where nothing else can be."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "yaml"))
from rewriting import scanned

USE = "    - command: nft add rule ip {{ t }} INPUT accept\n"
PLAY = "- hosts: all\n  vars: {t: old}\n  tasks:\n"

KNOWN = {
    # tasks before the use: what the variable is known to be there
    "    - debug: {msg: x}\n": ("old",),
    "    - set_fact: {t: filter}\n": ("filter",),
    "    - set_fact: t=filter\n": ("filter",),
    "    - ansible.builtin.set_fact:\n        t: filter\n        cacheable: true\n": ("filter",),
    "    - set_fact:\n      args: {t: filter}\n": ("filter",),
    "    - set_fact: {t: a}\n    - set_fact: {t: b}\n": ("b",),
    "    - block:\n      - set_fact: {t: filter}\n": ("filter",),
    "    - set_fact: {t: '{{ other }}'}\n": None,
    "    - set_fact: {t: filter}\n      when: x\n": None,
    "    - set_fact: {t: '{{ item }}'}\n      loop: [a, b]\n": None,
    "    - set_fact: {t: a}\n      delegate_to: b\n      delegate_facts: true\n": None,
    "    - block:\n      - set_fact: {t: a}\n      when: x\n": None,
    "    - block:\n      - set_fact: {t: a}\n      rescue:\n      - debug:\n": None,
    "    - block: []\n      rescue:\n      - set_fact: {t: a}\n": None,
    "    - command: ls\n      register: t\n": None,
    "    - set_fact: {t: a}\n    - command: ls\n      register: t\n": None,
    "    - set_fact: {other: a}\n": ("old",),
}


def values(text: str) -> list[tuple[str, ...] | None]:
    return [
        hole.values
        for call in scanned(text, "ansible").calls
        for hole in call.script.holes.values()
    ]


@pytest.mark.parametrize("before", KNOWN)
def test_what_is_known_behind_a_task(before: str) -> None:
    assert values(PLAY + before + USE) == [KNOWN[before]]


def test_it_is_known_only_behind_the_task() -> None:
    text = PLAY + USE + "    - set_fact: {t: new}\n" + USE
    assert values(text) == [("old",), ("new",)]


def test_facts_stand_above_the_variables_of_a_task_and_below_a_loop() -> None:
    task = USE + "      vars: {t: mine}\n"
    assert values(PLAY + "    - set_fact: {t: new}\n" + task) == [("new",)]
    task = USE + "      loop: [a, b]\n      loop_control: {loop_var: t}\n"
    assert values(PLAY + "    - set_fact: {t: new}\n" + task) == [("a", "b")]


def test_in_handlers_and_in_another_play_nothing_is_certain() -> None:
    fact = "    - set_fact: {t: new}\n"
    assert values(PLAY + fact + "  handlers:\n" + USE) == [None]
    handlers = "- hosts: all\n  handlers:\n" + USE + "  vars: {t: old}\n  tasks:\n" + fact
    assert values(handlers) == [None]
    assert values(PLAY + fact + PLAY + USE) == [None]


def test_of_a_mapping_each_key_is_known() -> None:
    text = "- set_fact: {fw: {t: filter, c: INPUT}}\n"
    text += "- command: nft add rule ip {{ fw.t }} {{ fw['c'] }} accept\n"
    assert values(text) == [("filter",), ("INPUT",)]
