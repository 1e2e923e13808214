"""Regions against an independent count, and the way back from a region to an offset."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nftlint.output.regions import Region, lines_of
from nftlint.span import Span

CASES = [
    ("", Span(0, 0), (1, 1, 1, 1)),
    ("abc", Span(1, 3), (1, 2, 1, 4)),
    ("a\nbc\n", Span(2, 4), (2, 1, 2, 3)),
    ("a\nbc\n", Span(2, 5), (2, 1, 3, 1)),
    ("a\r\nbc", Span(3, 5), (2, 1, 2, 3)),
    ("a\rb\nc", Span(2, 3), (1, 3, 1, 4)),
    ("\ufeffab\nc", Span(1, 2), (1, 1, 1, 2)),
    ("\ufeffab\nc", Span(0, 0), (1, 1, 1, 1)),
    ("\U0001f600é表\tx", Span(4, 5), (1, 5, 1, 6)),
    ("a\x0bb\u2028c\x85d\n", Span(6, 7), (1, 7, 1, 8)),
]


@pytest.mark.parametrize(("text", "span", "numbers"), CASES)
def test_a_region_counts_lines_and_code_points(text, span, numbers):
    assert lines_of(text).region(span) == Region(*numbers)


TEXTS = st.text(st.sampled_from("a \t\r\n表\U0001f600é\u2028"), max_size=40)


@given(TEXTS, st.data())
def test_a_region_leads_back_to_its_offset(text, data):
    at = data.draw(st.integers(0, len(text)))
    region = lines_of(text).region(Span(at, at))
    lines = re.split(r"(?<=\n)", text)
    assert sum(map(len, lines[: region.start_line - 1])) + region.start_column - 1 == at
    assert len(lines[region.start_line - 1]) >= region.start_column - 1


@given(TEXTS)
def test_the_span_of_a_line_is_its_text_without_its_end(text):
    lines = lines_of(text)
    found = [lines.span(number).of(text) for number in range(1, len(lines.starts) + 1)]
    assert found == re.split(r"\r?\n", text)
