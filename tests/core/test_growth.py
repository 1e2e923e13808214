"""Twice as much text is twice the work, whatever it is that stands in it many times over.

What is counted are calls of functions, Python's and C's: they do not depend on the machine.
"""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from nftlint.configs import Options
from nftlint.discover import Candidate
from nftlint.lint import lint_data, lint_text
from nftlint.shell.parse import parse

SIZE = 30
MOST = 2.3
"""What is done once for each pair of things would be four times as much."""

CALL = "nft add rule ip filter INPUT tcp dport {} accept"

TEXTS: dict[str, tuple[str, str, str, str]] = {
    "calls": ("x.sh", "#!/bin/sh\n", f"{CALL}\n", ""),
    "calls on one line": ("x.sh", "#!/bin/sh\n", f"{CALL}; ", "\n"),
    "calls one after another": ("x.sh", "#!/bin/sh\n", f"{CALL} && ", "true\n"),
    "calls with variables": ("x.sh", "#!/bin/sh\n", f"P{{0}}=1\n{CALL.format('$P{0}')}\n", ""),
    "loops": ("x.sh", "#!/bin/sh\n", f"for p in 1 2; do {CALL.format('$p')}; done\n", ""),
    "comments": ("x.sh", "#!/bin/sh\n", f"{CALL} # nftlint: ignore[KNF001] it is meant\n", ""),
    "heredocs": ("x.sh", "#!/bin/sh\n", f"nft -f - <<E\n{CALL[4:]}\nE\n", ""),
    "rules": ("x.sh", "nft -f - <<'E'\n", f"{CALL[4:]}\n", "E\n"),
    "rules with variables": ("x.sh", "nft -f - <<E\n", f"{CALL.format('$P{0}')[4:]}\n", "E\n"),
    "rules of a file": (
        "x.nft",
        "table ip filter { chain INPUT {\n",
        "tcp dport {0} drop\n",
        "} }",
    ),
    "definitions": ("x.nft", "", f"define p{{0}} = 1\n{CALL.format('$p{0}')[4:]}\n", ""),
    "commands": ("Dockerfile", "FROM x\nRUN ", "echo a && ", f"{CALL.format(1)}\n"),
    "instructions": ("Dockerfile", "FROM x\n", f"RUN {CALL}\n", ""),
    "items": ("x.yml", "#cloud-config\nruncmd:\n", f"- {CALL}\n", ""),
    "lines of an item": ("x.yml", "#cloud-config\nruncmd:\n- |\n", f"  {CALL}\n", ""),
    "tasks": ("tasks/main.yml", "", f"- command: {CALL}\n", ""),
}


@pytest.mark.parametrize("case", TEXTS)
def test_twice_as_much_is_twice_the_work(case: str) -> None:
    name, head, one, tail = TEXTS[case]

    def lint(first: int, many: int) -> None:
        text = head + "".join(one.format(first + at) for at in range(many)) + tail
        report = lint_data(
            Candidate(Path(name), name, text.encode()),
            Options(assume_tags=("kube-router",), isolated=True),
        ).report
        assert report.results
        assert not report.failures

    lint(1, 2)  # what is read once for all
    least = _calls(lambda: lint(1000, SIZE))
    assert _calls(lambda: lint(2000, 2 * SIZE)) < MOST * least


UNCLOSED = [
    "a B=$($(p $<)_v) \\",
    "a $(b",
    'x="$(y "',
    "cat <<E $(",
    "a <(b",
    "f() { $(a",
    "a ${b:-$(c",
]


@pytest.mark.parametrize("line", UNCLOSED)
def test_what_is_never_closed_is_read_once_for_each_place(line: str) -> None:
    """Each of them is looked for to the end of the script, and no pair of them together."""
    least = _calls(lambda: parse(f"{line}\n" * 10))
    assert _calls(lambda: parse(f"{line}\n" * 20)) < 2 * MOST * least


TOGETHER = {
    "a chain": 'nft add rule ip filter "$a$b$c$d$e$f" accept',
    "a table": 'nft add rule ip "$a$b$c$d$e$f" INPUT accept',
    "a command": "nft add rule $a $b $c $d $e $f accept",
    "a file": '. "./$a$b$c$d$e$f"',
    "a row": "while read p; do nft add rule ip $p INPUT accept; done <<E\n$a$b$c$d$e$f\nE",
}
"""What six variables make together, each of which can have one of ten values."""

MOST_MEMORY = 16 * 1024 * 1024


@pytest.mark.parametrize("case", TOGETHER)
@pytest.mark.parametrize("value", ["{}", "'ip filter{}'"], ids=["word", "words"])
def test_variables_with_many_values_each_fill_no_memory(case: str, value: str) -> None:
    values = " ".join(value.format(number) for number in range(10))
    loops = "".join(f"for {name} in {values}; do\n" for name in "abcdef")
    text = f"#!/bin/sh\n{loops}{TOGETHER[case]}\n{CALL}\n{'done;' * 6}\n"
    tracemalloc.start()
    try:
        report = lint_text(text, "x.sh", ("kube-router",))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert report.results
    assert peak < MOST_MEMORY


def _calls(step: Callable[[], None]) -> int:
    """Return how many functions are called in a step."""
    count = 0

    def called(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        step()
    finally:
        sys.setprofile(before)
    return count
