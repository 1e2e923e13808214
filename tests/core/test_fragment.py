"""Lenses: what is written outward reads back as it was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nftlint.artifact import Artifact, UnreadableTextError, decode, root
from nftlint.edits import Edit, Replacement, apply, lift, lift_once
from nftlint.fragment import (
    Builder,
    Fragment,
    Refusal,
    Style,
    UnwritableError,
    to_parent,
    to_root,
    whole,
)
from nftlint.span import Span


def percent(parent: Fragment, span: Span) -> Fragment:
    """A toy carrier: ``%n`` is a line break, ``%%`` a percent sign, ``%v`` a variable."""
    source = parent.text

    def encode(text: str) -> str:
        if "\0" in text:
            raise UnwritableError("no NUL here")
        return text.replace("%", "%%").replace("\n", "%n")

    builder = Builder(source, parent, Style("percent", encode, keeps_words=True))
    at = span.start
    while at < span.end:
        here = Span(at, at + 2)
        if source[at] == "%" and source[at + 1] == "v":
            builder.hole(here, "v", values=("1", "2"))
        elif source[at] == "%":
            builder.put({"n": "\n", "%": "%"}[source[at + 1]], here)
        else:
            builder.copy(Span(at, at + 1))
            here = Span(at, at + 1)
        at = here.end
    return builder.build("toy")


def toy(text: str) -> Fragment:
    outer = root(Artifact("f", text), "file")
    return percent(outer, Span(0, len(outer.text)))


def test_escapes_holes_and_copies_map_both_ways() -> None:
    fragment = toy("a%nb%%c%vd")
    assert fragment.text == "a\nb%c\U00100000d"
    assert to_parent(fragment, Span(1, 2)) == Span(1, 3)
    assert to_root(fragment, Span(4, 7)) == Span(6, 10)
    hole = fragment.holes["\U00100000"]
    assert (hole.raw, hole.name, hole.quoted, hole.values) == ("%v", "v", True, ("1", "2"))


def test_a_hole_is_written_back_as_it_was() -> None:
    fragment = toy("a%nb%%c%vd")
    edit = Edit(fragment, Span(0, 7), "x%\U00100000\ny")
    assert lift(edit) == Replacement(Span(0, 10), "x%%%v%ny")


def test_an_edit_may_not_cut_an_escape() -> None:
    outer = root(Artifact("f", "ab"), "file")
    builder = Builder("ab", outer, Style("s", str))
    builder.put("xyz", Span(0, 2))
    refused = lift_once(Edit(builder.build("t"), Span(1, 3), "q"))
    assert isinstance(refused, Refusal)
    assert "cut" in refused.reason


def test_an_edit_over_two_styles_is_refused() -> None:
    outer = root(Artifact("f", "ab"), "file")
    builder = Builder("ab", outer, Style("one", str))
    builder.copy(Span(0, 1))
    builder.copy(Span(1, 2), Style("two", str))
    assert isinstance(lift(Edit(builder.build("t"), Span(0, 2), "q")), Refusal)


def test_what_a_style_cannot_hold_is_refused_with_its_reason() -> None:
    assert lift(Edit(toy("ab"), Span(0, 1), "\0")) == Refusal("no NUL here")


def test_crlf_and_byte_order_mark_stay_outside() -> None:
    artifact = Artifact("f", "\ufeffone\r\ntwo\r\n")
    fragment = root(artifact, "file")
    assert fragment.text == "one\ntwo\n"
    assert to_root(fragment, Span(4, 7)) == Span(6, 9)
    assert lift(Edit(fragment, Span(4, 7), "2\n3")) == Replacement(Span(6, 9), "2\r\n3")


def test_holes_of_the_parent_pass_through_a_copy() -> None:
    middle = toy("p %v q")
    inner = whole(middle, "inner")
    assert inner.text == middle.text
    replaced = lift(Edit(inner, Span(0, 5), "\U00100000!"))
    assert replaced == Replacement(Span(0, 6), "%v!")


text_without_percent = st.text(
    st.characters(blacklist_categories=("Cs", "Co"), blacklist_characters="\r\0\ufeff"), max_size=12
)


@given(text_without_percent, text_without_percent, text_without_percent)
def test_the_law(before: str, middle: str, after: str) -> None:
    """Writing any text at any place and reading it again gives exactly that text."""

    def outward(text: str) -> str:
        return text.replace("%", "%%").replace("\n", "%n")

    raw = outward(before) + outward("old%") + outward(after)
    fragment = toy(raw)
    at = len(before)
    replaced = lift(Edit(fragment, Span(at, at + 4), middle))
    assert isinstance(replaced, Replacement)
    again = toy(apply(raw, [replaced]))
    assert again.text == before + middle + after


def test_overlapping_replacements_are_an_error() -> None:
    with pytest.raises(ValueError, match="overlapping"):
        apply("abc", [Replacement(Span(0, 2), "x"), Replacement(Span(1, 3), "y")])


@pytest.mark.parametrize(("data", "offset"), [(b"ab\0c", 2), (b"ab\xffc", 2), (b"\xc3", 0)])
def test_what_is_no_text_is_said_to_be_none(data: bytes, offset: int) -> None:
    with pytest.raises(UnreadableTextError) as caught:
        decode(data)
    assert caught.value.offset == offset
