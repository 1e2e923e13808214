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


def test_a_variable_that_only_a_function_knows_is_found_in_it() -> None:
    script = 'f() { w="nft insert rule ip filter"; $w INPUT udp dport 1 accept; }\nf\n'
    (call,) = scan(Artifact("x.sh", script), "shell").calls
    assert call.script.text == "insert rule ip filter INPUT udp dport 1 accept"
