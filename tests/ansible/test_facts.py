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


LISTS = "- hosts: all\n  vars:\n    ts: [filter, nat]\n    cs: [{t: a}, {t: b}]\n  tasks:\n"
LOOPED = {
    # tasks before, the loop and the template: what the template is known to be
    ("", '"{{ ts }}"', "item"): ("filter", "nat"),
    ("", '"{{ cs }}"', "item.t"): ("a", "b"),
    ("", '"{{ ts | reverse }}"', "item"): None,
    ("", '"{{ unknown }}"', "item"): None,
    ("    - set_fact: {ts: [c, d]}\n", '"{{ ts }}"', "item"): ("c", "d"),
    ("    - set_fact: {ts: '{{ x }}'}\n", '"{{ ts }}"', "item"): None,
    ("    - set_fact: {ts: [c]}\n      when: x\n", '"{{ ts }}"', "item"): None,
    ("    - set_fact: {item: c}\n", "[a]", "item"): ("a",),
}


@pytest.mark.parametrize(("before", "loop", "template"), LOOPED)
def test_a_loop_over_a_list_that_is_known(before: str, loop: str, template: str) -> None:
    use = USE.replace("{{ t }}", f"{{{{ {template} }}}}") + f"      loop: {loop}\n"
    assert values(LISTS + before + use) == [LOOPED[before, loop, template]]


INCLUDED = {
    "    - debug: {msg: x}\n": False,
    "    - include_vars: more.yml\n": True,
    "    - ansible.builtin.include_vars: {dir: more}\n": True,
    "    - import_tasks: more.yml\n": True,
    "    - block:\n      - include_role: {name: more}\n": True,
}


@pytest.mark.parametrize("before", INCLUDED)
def test_what_is_included_may_set_a_variable_anew(before: str) -> None:
    """It is found with the value that is known, but a fix is not safe."""
    (call,) = scanned(PLAY + before + USE, "ansible").calls
    assert [hole.values for hole in call.script.holes.values()] == [("old",)]
    told = ("What is included before may set `{{ t }}` to something else.",)
    assert call.caveats == (told if INCLUDED[before] else ())


@pytest.mark.parametrize("above", ["vars_files: [a.yml]", "vars_prompt: [{name: t}]", "roles: [a]"])
def test_so_may_what_a_play_names(above: str) -> None:
    (call,) = scanned(PLAY.replace("  tasks", f"  {above}\n  tasks") + USE, "ansible").calls
    assert call.caveats


def test_items_that_are_written_out_are_certain() -> None:
    task = USE + "      loop: [a, b]\n      loop_control: {loop_var: t}\n"
    (call,) = scanned(PLAY + "    - include_vars: more.yml\n" + task, "ansible").calls
    assert call.caveats == ()
