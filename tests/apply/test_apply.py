"""Choosing fixes, and taking them until none is left."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.applicability import Applicability
from nftlint.apply import MAX_PASSES, choices, choose, fix_text
from nftlint.artifact import Artifact
from nftlint.edits import Replacement
from nftlint.results import Fix, Location, NoFix, Result
from nftlint.span import Span


def result(*replacements: Replacement, safe: bool = True) -> Result:
    applicability = Applicability.SAFE if safe else Applicability.UNSAFE
    fix = Fix("d", applicability, (), replacements) if replacements else NoFix("none")
    return Result("NFT101", "n", "error", "m", Location("f", Span(0, 1)), fix)


A = Replacement(Span(0, 2), "x")
B = Replacement(Span(1, 3), "y")
C = Replacement(Span(2, 4), "z")


def test_of_two_that_overlap_the_first_is_taken_and_each_once() -> None:
    results = [result(C), result(B), result(A), result(A), result()]
    assert choose(results, Applicability.SAFE) == [(A,), (C,)]


def test_an_unsafe_fix_waits_until_it_is_asked_for() -> None:
    assert choose([result(A, safe=False)], Applicability.SAFE) == []
    assert choose([result(A, safe=False)], Applicability.UNSAFE) == [(A,)]


def letters(artifact: Artifact) -> Iterator[Result]:
    at = artifact.text.find("a")
    if at >= 0:
        yield result(Replacement(Span(at, at + 1), "b"))


def test_fixes_go_on_until_nothing_is_left() -> None:
    fixed = fix_text(Artifact("f", "aaa"), letters, Applicability.SAFE)
    assert (fixed.text, len(fixed.mended), fixed.refusal) == ("bbb", 3, "")


def test_fixes_that_undo_each_other_are_given_up() -> None:
    def flip(artifact: Artifact) -> Iterator[Result]:
        yield result(Replacement(Span(0, 1), "b" if artifact.text == "a" else "a"))

    fixed = fix_text(Artifact("f", "a"), flip, Applicability.SAFE)
    assert (len(fixed.mended), fixed.refusal) == (MAX_PASSES, "the fixes undo each other")


def test_fixes_that_make_a_file_unreadable_are_given_up() -> None:
    def spoil(artifact: Artifact) -> Iterator[Result]:
        yield result(A)
        if artifact.text.startswith("x"):
            yield Result("NFT001", "n", "error", "m", Location("f", Span(0, 1)), NoFix("none"))

    assert "unreadable" in fix_text(Artifact("f", "ab"), spoil, Applicability.SAFE).refusal


def test_all_results_that_a_fix_mends_are_said() -> None:
    (choice,) = choices([result(A), result(A)], Applicability.SAFE)
    assert len(choice.results) == 2
