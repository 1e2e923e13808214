"""Texts that a group writes to a file are read as what the file becomes."""

from __future__ import annotations

import pytest

from nftlint.artifact import Artifact
from nftlint.scan import scan

SAID = "printf '%s\\n' 'add rule ip filter INPUT drop'"
CASES = [
    (f"{{ {SAID}; }} > /tmp/x\nnft -f /tmp/x\n", 1),
    (f"( {SAID} ) >> x.nft\n", 1),
    (f"if a; then {SAID}; fi > x.nft\n", 1),
    (f"{{ {SAID} > other.txt; }} > x.nft\n", 0),
    (f"{{ {SAID} | wc -l; }} > x.nft\n", 0),
    (f"{{ {SAID}; }} > notes.txt\n", 0),
]


@pytest.mark.parametrize(("script", "count"), CASES)
def test_what_a_group_writes(script: str, count: int) -> None:
    found = scan(Artifact("x.sh", script), "shell").calls
    assert sum("add rule ip filter INPUT drop" in call.script.text for call in found) == count
