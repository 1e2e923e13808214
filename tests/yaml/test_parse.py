"""Bad YAML is a problem with a place, in bounded time; templates do not get in the way."""

from __future__ import annotations

import time

import pytest

from nftlint.artifact import Artifact, root
from nftlint.found import Problem
from nftlint.yaml.nodes import Scalar, Stream, get, text_of
from nftlint.yaml.parse import parse, walk
from nftlint.yaml.scalar import read


def tree(text: str) -> Stream:
    stream = parse(root(Artifact("x.yaml", text), "yaml"))
    assert isinstance(stream, Stream), stream
    return stream


BAD = [
    ("a:\n\tb: c\n", 3, "cannot start any token"),
    ("a: b: c\n", 4, "mapping values"),
    ('ok: 1\na: "never closed\nb: c\n', 9, "end of stream"),
    ("a: [1, 2\nb: 3\n", 10, ""),
    ("a: \x00\n", 3, "U+0000"),
    ("a: \x1b[0m\n", 3, "U+001B"),
    ("[" * 10_000, 200, "200 deep"),
    ("- " * 10_000, 400, "200 deep"),
    ("%YAML 9.9\n---\na\n", 0, ""),
    ("a: &\n", 4, ""),
    ('a: "\\q"\n', 5, "escape"),
]


@pytest.mark.parametrize(("text", "at", "words"), BAD)
def test_bad_yaml_is_a_problem_with_its_place(text: str, at: int, words: str) -> None:
    start = time.process_time()
    problem = parse(root(Artifact("x.yaml", text), "yaml"))
    assert time.process_time() - start < 20
    assert isinstance(problem, Problem)
    assert words in problem.message
    assert problem.span.start == at


def test_doubles_tags_and_merges_are_read_as_loaders_do() -> None:
    text = "x: &d {shell: one, a: 1}\ny:\n  <<: *d\n  a: !vault 2\n  a: 3\n"
    task = get(tree(text).roots[0], "y")
    assert text_of(get(task, "a")) == "3"
    assert text_of(get(task, "shell")) == "one"


def test_an_alias_bomb_and_a_cycle_end() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 60)]
    lines += ["c: &c [*c]"]
    stream = tree("\n".join(lines) + "\n")
    assert get(stream.roots[0], "a59") is not None
    assert text_of(get(get(stream.roots[0], "a59"), "none")) == ""


TEMPLATES = [
    ("a: {{ x }}\n", "□"),
    ('a: "{{ x | default(\\"y\\") }} b"\n', "□ b"),
    ("a: [{{ x }}, b]\n", "□"),
    ("a: {{ {'k': {'l': 1}}.k }} b\n", "□ b"),
    ("a: one {% if x %}two{% endif %} three\n", "one □ three"),
    ("a: one {% if x %}{% if y %}1{% endif %}{% else %}2{% endif %}{{ z }}\n", "one □□"),
    ("a: |\n  {% if x %}two{% endif %}\n", " two \n"),
    ("a: sudo {% if x %}nft list{% endif %}\n", "sudo  nft list "),
    ("a: one{# note #}\n", "one "),
    ("a: >\n  b\n  {{ c |\n  d }}\n  e\n", "b □ e\n"),
    ("a: |\n  b\n{% if x %}\n  c\n{% endif %}\n", "b\n \nc\n"),
    ("{% if x %}\na: b\n{% endif %}\n", "b"),
    ('a: [x, ${join(",", y)}]\n', "x"),
    ("a: echo ${#list} #}\n", "echo ${#list}"),
    ("# a {{ comment\na: b\nc: d }}\n", "b"),
]


@pytest.mark.parametrize(("text", "expected"), TEMPLATES)
def test_templates_become_holes(text: str, expected: str) -> None:
    stream = tree(text)
    nodes = [node for node in walk(stream) if isinstance(node, Scalar)]
    fragment = read(stream, nodes[1], "text")
    got = "".join("□" if char in fragment.holes else char for char in fragment.text)
    assert got == expected
