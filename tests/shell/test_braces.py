"""Braces that bash expands: the fix of such a command is not safe."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from nftlint.applicability import Applicability
from nftlint.lint import lint_text
from nftlint.results import Fix, NoFix
from nftlint.shell.braces import expanded

RULE = "nft add rule ip filter INPUT tcp dport"
CASES = [
    (f'#!/bin/bash\n{RULE} {{22,80}}"" accept\n', Applicability.UNSAFE),
    (f"#!/bin/bash\nfor p in {{22,80}}; do {RULE} $p accept; done\n", Applicability.SAFE),
    (f"#!/bin/bash\nfor p in 80{{1..3}}; do {RULE} $p accept; done\n", Applicability.SAFE),
    (f"for p in {{22,80}}; do {RULE} $p accept; done\n", Applicability.UNSAFE),
    (f"{RULE} {{22,80}} accept\n", Applicability.UNSAFE),
    (f"#!/bin/sh\n{RULE} {{22,80}} accept\n", Applicability.SAFE),
    (f"#!/bin/bash\n{RULE} '{{22,80}}' accept\n", Applicability.SAFE),
    (f"#!/bin/bash\n{RULE} \\{{22,80}} accept\n", Applicability.SAFE),
    (f"#!/bin/bash\n{RULE} {{ 22, 80 }} accept\n", Applicability.SAFE),
]


@pytest.mark.parametrize(("script", "applicability"), CASES)
def test_how_safe_it_is(script: str, applicability: Applicability) -> None:
    (result,) = lint_text(script, "x.sh", ("kube-router",)).results
    assert isinstance(result.fix, Fix)
    assert result.fix.applicability is applicability


def test_bash_hands_nft_no_set() -> None:
    (result,) = lint_text(f"#!/bin/bash\n{RULE} {{22,80}} accept\n", "x", ("kube-router",)).results
    assert isinstance(result.fix, NoFix)
    assert "nft does not take this" in result.fix.reason


WORDS = [
    "{22,80}",
    "a{b,c}d",
    "{1..3}",
    "x{3..1}y",
    "{01..10..4}",
    "{-2..2}",
    "{a..e}",
    "{22,{80,443}}",
    "{a,b}{1..2}",
    "{{a,b}}",
    "{a",
    "a}",
    "{a}",
    "{}",
    "{,x}",
    "{a,b",
    "x{1..b}",
    "{1..9..3}",
    "{10..1..4}",
    "a{b{c,d},e{f,g}}h",
]


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_words_are_those_of_bash() -> None:
    for word in WORDS:
        script = f"set -f; printf '%s\\n' x{word}"
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
        assert expanded(f"x{word}") == done.stdout.splitlines(), word
