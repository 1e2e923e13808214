"""A toy translation, so that rewriting is tested apart from what rules mean.

It also lets the tests import the modules beside them and the scripts.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nftlint.argv import Arg
from nftlint.artifact import Artifact
from nftlint.edits import Replacement, apply, lift
from nftlint.found import Kept, NftCall, Part
from nftlint.fragment import Refusal
from nftlint.scan import scan
from nftlint.span import Span

HERE = Path(__file__).parent
sys.path += [str(HERE), str(HERE.parents[1] / "scripts")]

STATEMENT = re.compile(r"#[^\n]*|[^;\n#]*[^;\n#\s]")
WORD = re.compile(r"[^\s{}]+")


def translated(call: NftCall) -> list[Part]:
    """`add rule FAMILY filter CHAIN WORDS…` becomes `iptables -A CHAIN WORDS…`.

    What is in another table stays with nft.
    """
    parts: list[Part] = []
    for found in STATEMENT.finditer(call.script.text):
        if found[0].lstrip().startswith("#"):
            continue
        start = found.start() + len(found[0]) - len(found[0].lstrip())
        region = (start, found.end())
        words = [(m[0], Span(*m.span())) for m in WORD.finditer(call.script.text, *region)]
        if "ip" not in words[2][0] or words[3][0] != "filter":
            parts.append(Kept(Span(*region)))
            continue
        program = "iptables" if words[2][0] == "ip" else "ip6tables"
        verb = "-A" if words[0][0] == "add" else "-I"
        first = (Arg(program, words[0][1]), Arg(verb, words[0][1]))
        parts.append((*first, *(Arg(text, span) for text, span in words[4:])))
    return parts


def rewrite(text: str, which: int | None = 0) -> str | Refusal:
    """Rewrite one call of a script, or all of them."""
    calls = scan(Artifact("x.sh", text), "shell").calls
    replacements: list[Replacement] = []
    for call in calls if which is None else [calls[which]]:
        edits = call.rewrite(translated(call))
        if isinstance(edits, Refusal):
            return edits
        for edit in edits:
            lifted = lift(edit)
            if isinstance(lifted, Refusal):
                return lifted
            replacements.append(lifted)
    return apply(text, replacements)


@pytest.fixture(name="parts_of")
def _parts_of() -> Callable[[NftCall], list[Part]]:
    return translated


@pytest.fixture(name="rewrite", scope="session")
def _rewrite() -> Callable[..., str | Refusal]:
    return rewrite
