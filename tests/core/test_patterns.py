"""Patterns are compiled at their first use, and are what ``re`` makes of them then."""

import re
import subprocess
import sys

import pytest

from nftlint.patterns import compiled

USES = [
    lambda one: one.search("xxab").span(),
    lambda one: one.match("ab", 0).group("x"),
    lambda one: one.fullmatch("abc"),
    lambda one: [found.start() for found in one.finditer("abab")],
    lambda one: one.findall("AB ab"),
    lambda one: one.sub("-", "xabx"),
    lambda one: one.split("1ab2"),
    lambda one: (one.pattern, one.flags, dict(one.groupindex)),
]


@pytest.mark.parametrize("use", range(len(USES)))
@pytest.mark.parametrize("flags", [0, re.IGNORECASE])
def test_they_do_what_those_of_re_do(use, flags):
    said = r"(?P<x>a)b"
    later = compiled(said, flags)
    assert USES[use](later) == USES[use](re.compile(said, flags)) == USES[use](later)


def test_nothing_is_compiled_before():
    later = compiled("(")
    with pytest.raises(re.error):
        later.search("")


def test_few_are_compiled_to_judge_a_call(tmp_path):
    (tmp_path / "f.sh").write_text("#!/bin/sh\nnft add rule ip filter INPUT accept\n")
    code = """
import re._compiler as compiler, sys
real, made = compiler.compile, []
compiler.compile = lambda *given: made.append(given) or real(*given)
from nftlint.cli import main
main(["check", "--assume-tag", "kube-router", sys.argv[1]])
print(len(made), file=sys.stderr)
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert "NFT101" in done.stdout
    assert 20 < int(done.stderr) < 120  # of some 500
