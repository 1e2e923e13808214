"""Made-up scripts run the same before and after nftlint's own fixes; their rules are found once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from making import fixed, scripts
from standins import make_tools, run

from nftlint.artifact import Artifact
from nftlint.scan import scan

PORT = re.compile(r"dport (\d+)")
EXAMPLES = 30
SOME = settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
FAILS = ("-", "1", "2", "3")


@pytest.fixture(name="tools", scope="module")
def _tools() -> Iterator[Path]:
    with TemporaryDirectory() as directory:
        make_tools(Path(directory, "bin"))
        yield Path(directory, "bin")


@settings(SOME, max_examples=100)
@given(scripts())
def test_every_rule_is_found_once(made: tuple[str, list[int]]) -> None:
    text, ports = made
    result = scan(Artifact("x.sh", text), "shell")
    assert result.problems == ()
    found = [int(port) for call in result.calls for port in PORT.findall(call.script.text)]
    assert sorted(found) == ports


@SOME
@given(made=scripts())
def test_safe_fixes_change_no_run(made: tuple[str, list[int]], tools: Path) -> None:
    before = made[0]
    after = fixed(before, tools.parent)
    if after != before:
        assert run(after, tools, FAILS) == run(before, tools, FAILS), after


@SOME
@given(made=scripts())
def test_unsafe_fixes_make_the_same_rules(made: tuple[str, list[int]], tools: Path) -> None:
    before = made[0]
    after = fixed(before, tools.parent, "--unsafe-fixes")
    if after != before:
        assert run(after, tools, ["-"]) == run(before, tools, ["-"]), after


def test_fixes_are_made(tools: Path) -> None:
    before = "#!/bin/bash\nnft add rule ip filter INPUT tcp dport 22 accept || true\n"
    after = fixed(before, tools.parent)
    assert "iptables -A INPUT -p tcp" in after
    assert run(after, tools, FAILS) == run(before, tools, FAILS)
