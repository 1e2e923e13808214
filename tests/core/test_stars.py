"""Globs take no longer than they must, and match what they would without that."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nftlint.sieve.stars import BELOW, STAR, joined

PIECES = st.lists(
    st.sampled_from([STAR, BELOW, ".*", "[^/]", "a", "b", "/", "a/", "[ab]"]), max_size=9
)
PATHS = st.text("ab/", min_size=1, max_size=9)


@settings(max_examples=400, deadline=None)
@given(PIECES, st.lists(PATHS, min_size=10, max_size=10))
def test_they_match_what_they_would(pieces: list[str], paths: list[str]) -> None:
    quick, plain = re.compile(joined(pieces)), re.compile("".join(pieces))
    for path in paths:
        assert bool(quick.fullmatch(path)) == bool(plain.fullmatch(path)), path


@pytest.mark.parametrize(
    ("pieces", "path"),
    [
        ([STAR, "a"] * 40 + ["b"], "a" * 200),
        ([BELOW, "a", "/"] * 20 + ["b"], "a/" * 200),
        ([".*", "a"] * 30 + ["b"], "a" * 200),
        ([BELOW, STAR, "a", STAR, "a", "/"] * 9 + ["b"], "aaaa/" * 40),
    ],
)
def test_they_end(pieces: list[str], path: str) -> None:
    """In a process of its own: nothing can interrupt ``re``."""
    code = "import re, sys; sys.exit(re.fullmatch(sys.argv[1], sys.argv[2]) is not None)"
    command = [sys.executable, "-c", code, joined(pieces), path]
    assert subprocess.run(command, timeout=20, check=False).returncode == 0
