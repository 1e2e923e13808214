"""Braces that bash expands: the fix of such a command is not safe."""

from __future__ import annotations

import pytest

from nftlint.applicability import Applicability
from nftlint.lint import lint_text
from nftlint.results import Fix

RULE = "nft add rule ip filter INPUT tcp dport"
CASES = [
    (f"#!/bin/bash\n{RULE} {{22,80}} accept\n", Applicability.UNSAFE),
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
