"""Fixes of one file are made together: those that hold together stay, the others are only shown."""

from __future__ import annotations

import pytest

from nftlint import fixes
from nftlint.applicability import Applicability
from nftlint.fixes import Draft, verified
from nftlint.results import Fix, NoFix
from nftlint.verify import Change, Refusal

CASES = {
    "all hold": ((), "safe safe safe"),
    "one never holds": (("b",), "safe display-only safe"),
    "two do not hold together": (("ac",), "safe safe display-only"),
    "each pair is refused": (("ab", "bc", "ac"), "safe display-only display-only"),
    "only all three are refused": (("abc",), "safe safe display-only"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_holds_together_stays(monkeypatch, name):
    refused, expected = CASES[name]
    changes = {letter: Change((letter,), None) for letter in "abc"}

    def verify(before, made):
        letters = {change.edits[0] for change in made}
        if any(letters >= set(some) for some in refused):
            return Refusal("not what was meant")
        return before

    monkeypatch.setattr(fixes, "verify", verify)
    fix = Fix("say it with iptables", Applicability.SAFE, (), ())
    drafts = [Draft(change, fix) for change in changes.values()]
    done = verified("the file", [*drafts, NoFix("no words for it")])
    assert isinstance(done.pop(), NoFix)
    assert " ".join(item.applicability.label for item in done) == expected
    assert all(("not what was meant" in " ".join(item.reasons)) == (item != fix) for item in done)
