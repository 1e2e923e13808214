"""The law of the scalar lens, with PyYAML as a parser that nftlint does not use."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from nftlint.artifact import Artifact, root
from nftlint.edits import Edit, apply, lift
from nftlint.found import Problem
from nftlint.fragment import Fragment, Refusal
from nftlint.span import Span
from nftlint.yaml.nodes import Scalar, Stream
from nftlint.yaml.outline import outline
from nftlint.yaml.parse import parse, walk
from nftlint.yaml.scalar import read

sys.path.insert(0, str(Path(__file__).parent))
import generate

yaml = pytest.importorskip("yaml")
TEMPLATE_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def values(text: str) -> list[str] | None:
    """Every scalar in order, by PyYAML; None where it cannot read the text."""
    try:
        events = list(yaml.parse(text, Loader=yaml.BaseLoader))
    except yaml.YAMLError:
        return None
    return [event.value for event in events if isinstance(event, yaml.ScalarEvent)]


def scalars(text: str) -> tuple[Fragment, list[Fragment | Refusal]] | None:
    fragment = root(Artifact("x.yaml", text), "yaml")
    stream = parse(fragment)
    if isinstance(stream, Problem):
        return None
    nodes = [node for node in walk(stream) if isinstance(node, Scalar)]
    return fragment, [read(stream, node, "text") for node in nodes]


@SLOW
@given(text=generate.document(), crlf=st.booleans())
def test_every_scalar_reads_as_the_other_parser_reads_it(text: str, *, crlf: bool) -> None:
    expected = values(text)
    assume(expected is not None and not TEMPLATE_COMMENT.search(text))
    found = scalars(text.replace("\n", "\r\n") if crlf else text)
    assume(found is not None)
    assert len(found[1]) == len(expected)
    for part, value in zip(found[1], expected, strict=True):
        assert isinstance(part, Fragment) or not value, part
        # A template stands as it is escaped in the file, which the other parser undoes.
        assert not isinstance(part, Fragment) or part.holes or part.text == value


def obeys_the_law(before: str, after: str, index: int, edited: str) -> bool:
    """What the verify stage asks, by nftlint's own reading."""
    old, new = scalars(before), scalars(after)
    if old is None or new is None or len(old[1]) != len(new[1]):
        return False
    wanted = [part.text if isinstance(part, Fragment) else None for part in old[1]]
    wanted[index] = edited
    got = [part.text if isinstance(part, Fragment) else None for part in new[1]]
    changed = [a != b for a, b in zip(outline(old[0]), outline(new[0]), strict=False)]
    return wanted == got and len(outline(old[0])) == len(outline(new[0])) and sum(changed) <= 1


@SLOW
@given(generate.document(), st.data())
def test_an_edit_is_right_or_refused(text: str, data: st.DataObject) -> None:
    expected = values(text)
    found = scalars(text)
    assume(expected is not None and found is not None and not TEMPLATE_COMMENT.search(text))
    index = data.draw(st.integers(0, len(found[1]) - 1))
    fragment = found[1][index]
    assume(isinstance(fragment, Fragment) and len(fragment.text) > 0)
    start = data.draw(st.integers(0, len(fragment.text)))
    end = data.draw(st.integers(start, len(fragment.text)))
    new = data.draw(generate.WORDS | st.text("ab\n \x07\x85é\u2028'", max_size=6))
    written = lift(Edit(fragment, Span(start, end), new))
    assume(not isinstance(written, Refusal))
    after = apply(text, [written])
    edited = fragment.text[:start] + new + fragment.text[end:]
    if obeys_the_law(text, after, index, edited):
        got = values(after)
        assert got == read_anew(expected, index, edited, fragment, got)


def read_anew(
    expected: list[str], index: int, edited: str, fragment: Fragment, got: list[str] | None
) -> list[str]:
    """What the other parser is to read after an edit; a template it reads as it is escaped."""
    if fragment.holes and got is not None and len(got) > index:
        edited = got[index]  # nftlint's own reading has compared it already
    return [*expected[:index], edited, *expected[index + 1 :]]


@pytest.mark.parametrize("text", ["{%%}", "{% %}", "{%a%}", "{% iff %}", "{ {% } %}"])
def test_what_no_template_language_knows_is_text(text: str) -> None:
    found = scalars(f"key: '{text}'\n")
    assert found is not None
    value = found[1][1]
    assert isinstance(value, Fragment)
    assert value.text == text


@pytest.mark.parametrize("text", ["key: value\n", "- value\n", "[value]\n", "value: x\n"])
def test_a_plain_scalar_is_not_emptied(text: str) -> None:
    found = scalars(text)
    assert found is not None
    texts = [part.text for part in found[1] if isinstance(part, Fragment)]
    index = texts.index("value")
    fragment = found[1][index]
    assert isinstance(fragment, Fragment)
    written = lift(Edit(fragment, Span(0, 5), ""))
    assert not isinstance(written, Refusal)
    assert not obeys_the_law(text, apply(text, [written]), index, "")


@SLOW
@given(text=generate.document(), crlf=st.booleans(), data=st.data())
def test_letters_for_letters_is_never_refused(
    text: str, *, crlf: bool, data: st.DataObject
) -> None:
    text = text.replace("\n", "\r\n") if crlf else text
    found = scalars(text)
    assume(found is not None)
    places = [
        (index, segment)
        for index, fragment in enumerate(found[1])
        if isinstance(fragment, Fragment)
        for segment in fragment.segments
        if segment.verbatim and segment.inner.of(fragment.text).isalpha()
    ]
    assume(places)
    index, segment = data.draw(st.sampled_from(places))
    fragment: Any = found[1][index]
    written = lift(Edit(fragment, segment.inner, "iptables"))
    assert not isinstance(written, Refusal)
    inner = segment.inner
    edited = fragment.text[: inner.start] + "iptables" + fragment.text[inner.end :]
    assert obeys_the_law(text, apply(text, [written]), index, edited)


def test_a_stream_knows_its_fragment() -> None:
    fragment = root(Artifact("x.yaml", "a: b\n"), "yaml")
    stream = parse(fragment)
    assert isinstance(stream, Stream)
    assert stream.fragment is fragment
