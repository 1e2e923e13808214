"""Evidence is looked for by its words: none of it may be without, and none may be missed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nftlint.hosts.keys import Keys
from nftlint.hosts.marks import known_evidence, words
from nftlint.hosts.observe import observe
from nftlint.owner_model import Evidence

EVERY = [item for several in known_evidence().values() for item in several]


@settings(max_examples=20)
@given(st.data())
@pytest.mark.parametrize("item", EVERY, ids=lambda item: f"{item.kind} {item.pattern.pattern}")
def test_whatever_matches_has_a_word(item: Evidence, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(item.pattern.pattern, fullmatch=True))
    value = data.draw(st.from_regex(item.value.pattern, fullmatch=True)) if item.value else ""
    told = f"{text}\n{value}".lower()
    assert any(word in told for word in item.words)
    assert item.beside in told


def test_each_piece_of_evidence_has_its_source() -> None:
    assert [item.pattern.pattern for item in EVERY if not item.source] == []


LINES = [
    "spec:",
    "  network:",
    "    provider: calico",
    "  - provider: x",
    "# provider: none",
    "networking: \\",
    "  more",
    "    cni: {}",
    "{% if x %}",
    "{% endif %}",
    "",
    "   kuberouter:",
    "text // comment: x",
]


@given(st.lists(st.sampled_from(LINES), max_size=25))
def test_keys_are_those_that_a_walk_from_the_top_gives(lines: list[str]) -> None:
    text = "\n".join(lines)
    keys, path = Keys(text), []
    start = 0
    for line in text.replace("\\\n", "\\\0").split("\n"):
        plain = "" if line.startswith(("#", "{", "text")) else line.replace("\\\0", " ")
        name, colon, _ = plain.strip().removeprefix("- ").partition(":")
        if colon:
            indent = len(plain) - len(plain.lstrip(" -"))
            path = [*((above, key) for above, key in path if above < indent), (indent, name)]
            found = keys.path(start)
            assert found is not None
            assert found[0] == [key for _, key in path][-6:]
        start += len(line) + 1


def test_a_line_of_a_block_is_conditional() -> None:
    text = "{% if x %}\na: k3s server\n{% endif %}\nb: k3s server\n"
    told = {item.span.start: item.conditional for item in observe(text, words())}
    assert told == {text.index("a:"): True, text.index("b:"): False}
