"""The formats for people: what they say, and that the underline stands under the source."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from unicodedata import category, east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nftlint.config import read_config
from nftlint.output import writer
from nftlint.output.cells import excerpt
from nftlint.output.look import Look
from nftlint.record import replace
from nftlint.results import Failure, Location, Untagged
from nftlint.span import Span


def shown(report, name="full", **look):
    stream = io.StringIO()
    writer(name)(report, {}, stream, Look(**look))
    return stream.getvalue()


FULL = """\
error[NFT101]: raw nft rule in ip filter INPUT
 --> node/fw.sh:2:6
  |
2 | sudo nft add rule filter INPUT ct state established accept || true
  |      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = crash: iptables cannot list ip filter INPUT with it, so kube-router dies at its next sync
  = host: kube-router, because [[hosts]] tags it (nftlint.toml:2)
  = fix (safe): say it with iptables
  |
2 - sudo nft add rule filter INPUT ct state established accept || true
2 + sudo iptables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT || true
  |
  = help: nftlint explain NFT101

Found 1 problem in 1 of 7 files.
1 fixable with --fix.
"""


def test_full_shows_source_consequence_host_and_fix(builder):
    builder.add()
    assert shown(builder.done()) == FULL


def test_colour_only_adds_escape_sequences(builder):
    builder.add()
    colored = shown(builder.done(), color=True)
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == FULL
    assert colored != FULL


def test_why_there_is_no_fix_is_wrapped_below_itself(builder):
    builder.add(fix=builder.no_fix("word " * 40))
    rows = [row for row in shown(builder.done(), width=60).splitlines() if "word" in row]
    assert rows[0].startswith("  = no fix: word")
    assert all(row.startswith("            word") for row in rows[1:])
    assert len(rows) > 3
    assert max(map(len, rows)) <= 60


def test_an_unsafe_fix_says_why(builder):
    result = builder.add()
    fix = builder.fix(result.location, "iptables -A INPUT", "unsafe", ["its output is read"])
    builder.results = [replace(result, fix=fix)]
    assert "  = unsafe: its output is read\n" in shown(builder.done())
    assert "fixable with --fix --unsafe-fixes" in shown(builder.done())


def test_a_display_only_fix_is_shown_as_commands(builder):
    result = builder.add()
    fix = builder.fix(result.location, "iptables -A INPUT", "display-only", ["by hand"])
    builder.results = [replace(result, fix=fix)]
    text = shown(builder.done())
    assert "          iptables -A INPUT\n" in text
    assert "2 +" not in text


def test_a_fix_that_two_results_share_is_shown_once(builder):
    both = "nft 'add rule ip filter A accept; add rule ip filter B accept'"
    fix = builder.add("fw.sh", both, both).fix
    builder.add("fw.sh", both, "add rule ip filter B accept", fix=fix)
    builder.add("other.sh", both, both, fix=fix)
    text = shown(builder.done())
    assert text.count("1 + iptables") == 2
    assert text.count("= fix: the one above mends this, too") == 1


def test_a_multi_line_span_is_underlined_line_by_line(builder):
    block = "table ip filter {\n  chain INPUT {\n    accept\n  }\n}"
    builder.add("rules.nft", f"#!/usr/sbin/nft -f\n{block}\n", block)
    rows = shown(builder.done()).splitlines()
    assert [row for row in rows if "^" in row] == [
        "  | ^^^^^^^^^^^^^^^^^",
        "  |   ^^^^^^^^^^^^^",
        "  |     ^^^^^^",
        "  |   ^",
        "  | ^",
    ]


def test_a_long_span_is_shown_by_its_ends(builder):
    block = "\n".join(f"line {number}" for number in range(1, 30))
    builder.add("rules.nft", block, block)
    rows = shown(builder.done()).splitlines()
    numbers = [row.split(" | ")[0].strip() for row in rows if " | line" in row]
    assert numbers == ["1", "2", "3", "4", "29"]


def test_the_summary_says_how_to_tag(builder):
    for name in ("a.sh", "b.sh"):
        builder.untagged.append(Untagged(Location(f"node/{name}", Span(0, 0))))
    text = shown(builder.done(), "concise")
    assert "2 writes to managed tables in 2 files not judged" in text
    assert 'hosts = [{ tag = "kube-router", paths = ["node/a.sh", "node/b.sh"] }]' in text


@pytest.mark.parametrize(
    ("uris", "paths"),
    [
        (["a/x/1", "a/x/2", "a/y/3", "a/4"], '"a/**"'),
        (["a/1", "b/2", "c/3", "4"], '"**"'),
        (["a/1", "/b/2", "/c/3", "4"], '"**"'),
        (['a"b', "c\\d"], '"a\\"b", "c\\\\d"'),
    ],
)
def test_many_untagged_files_are_tagged_by_their_directory(builder, uris, paths):
    builder.untagged += [Untagged(Location(uri, Span(0, 0))) for uri in uris]
    assert f"paths = [{paths}] }}]" in shown(builder.done(), "concise")


CONFIGS = {
    "": ("nftlint.toml", ""),
    "dir/nftlint.toml": ("dir/nftlint.toml", '[[hosts]]\ntag = "docker"\npaths = ["x"]\n'),
    "pyproject.toml": ("pyproject.toml", "[project]\n[tool.nftlint]\nexclude = []\n"),
}


@pytest.mark.parametrize("config", CONFIGS)
def test_the_configuration_takes_the_lines_that_are_suggested(builder, tmp_path, config):
    builder.untagged.append(Untagged(Location('dir/a "b".sh', Span(0, 0)), config))
    rows = shown(builder.done(), "concise").splitlines()
    lines = [row.removeprefix("    ") for row in rows if row.startswith("    ")]
    name, before = CONFIGS[config]
    (tmp_path / "dir").mkdir()
    (tmp_path / name).write_text(before + "\n".join(lines))
    read = read_config(tmp_path / name)
    rules = read.host_rules(tmp_path / "dir" / 'a "b".sh')
    assert [rule.tag for rule in rules] == ["kube-router"]
    assert len(lines) == (3 if config else 1)


def test_a_terminal_without_unicode_is_no_reason_to_fail(tmp_path):
    (tmp_path / "fw.sh").write_text("nft add rule filter INPUT accept # \u8868\n" + "x" * 999)
    done = subprocess.run(
        [sys.executable, "-m", "nftlint", "check", "--assume-tag", "kube-router", "fw.sh"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "accept # \\u8868" in done.stdout


def test_failures_are_named_and_counted(builder):
    builder.failures.append(Failure("x.sh", "not UTF-8"))
    builder.failures.append(Failure(builder.file("y.sh", "a\nb").uri, "broken\x1b", 3))
    for name in ("full", "concise"):
        assert shown(builder.done(), name) == (
            "x.sh: error: not UTF-8\n"
            "y.sh:2:2: error: broken\\x1b\n"
            "No problems found in 7 files; 2 errors.\n"
        )


@pytest.mark.parametrize("name", ["full", "concise"])
def test_quiet_leaves_out_the_summary_alone(builder, name):
    builder.add()
    whole, quiet = shown(builder.done(), name), shown(builder.done(), name, quiet=True)
    assert whole == f"{quiet}Found 1 problem in 1 of 7 files.\n1 fixable with --fix.\n"


ALPHABET = st.sampled_from("ab \t日表é\u0301\x1b\u202e\U0001f600\u200b")


@given(st.text(ALPHABET, max_size=120), st.integers(20, 60), st.data())
def test_the_underline_stands_under_its_span(line, room, data):
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, len(line)))
    found = excerpt(line, Span(start, end), room)
    assert columns(found.shown) <= room
    assert found.start + found.length <= columns(found.shown) + 1
    if len(line) * 6 <= room:
        assert found.start == columns(plain(line[:start]))
        assert found.length == max(columns(plain(line[start:end])), 1)
        assert found.shown == plain(line)
    elif start < len(line) and columns(plain(line[start])) > 0:
        assert after(found.shown, found.start).startswith(plain(line[start]))


def plain(text):
    """The line as shown, said another way: a table of the few characters of the alphabet."""
    table = {"\t": "    ", "\x1b": "\\x1b", "\u202e": "\\u202e", "\u200b": "\\u200b"}
    return "".join(table.get(char, char) for char in text)


def columns(text):
    wide = sum(east_asian_width(char) == "W" for char in text)
    return len(text) + wide - sum(category(char) == "Mn" for char in text)


def after(text, start):
    reached = (text[at:] for at in range(len(text), -1, -1) if columns(text[:at]) == start)
    return next(reached)
