"""Trees, errors and blocks, by tables of cases; nft itself agrees on what is syntax."""

from __future__ import annotations

import os
import subprocess

import pytest
from nft_notation import cases, show, with_holes, without_holes

from nftlint.nft.model import flatten
from nftlint.nft.parser import parse

RULES = cases("rules.txt")
COMMANDS = cases("commands.txt")
ERRORS = cases("errors.txt")
PREAMBLE = "add table ip t\nadd chain ip t c\n"
NEWER = (
    "vxlan",
    "destroy",
    "last used",
    "xt match",
    "reset rules",
    "reset tcp",
    "@34",
    "* : 2",
    "dccp option",
    "check missing",
)
"""What the nft of a stable distribution does not know yet, or only prints."""
NOT_IN_FILES = ("--", "monitor", "export", "describe", "add element ip t s $x")
"""The last is fine by itself, but beside the others it makes nft 1.0.6 run for ever."""
NAMESPACE = ("unshare", "-n") if os.geteuid() == 0 else ("unshare", "-Urn")


@pytest.mark.parametrize(("text", "tree"), RULES)
def test_rules(text, tree):
    script = parse(with_holes(f"add rule ip t c {text}"))
    assert script.errors == ()
    assert [without_holes(show(command.body)) for command in script.commands] == [tree]


@pytest.mark.parametrize(("text", "tree"), COMMANDS)
def test_commands(text, tree):
    script = parse(with_holes(text))
    errors = [f"!{error.message}" for error in script.errors]
    shown = [without_holes(show(command)) for command in script.commands]
    assert "\n".join(shown + errors) == tree


@pytest.mark.parametrize(("text", "errors"), ERRORS)
def test_errors(text, errors):
    found = parse(text).errors
    assert "\n".join(f"{error.span.start} {error.message}" for error in found) == errors


def nft(text):
    command = [*NAMESPACE, "nft", "-c", "-f", "-"]
    return subprocess.run(
        command, input=text, capture_output=True, text=True, check=False, timeout=30
    )


def without_hole_signs(pairs):
    return [text for text, _ in pairs if "□" not in text and not any(new in text for new in NEWER)]


@pytest.mark.kernel
def test_nft_takes_the_rules_for_syntax():
    # nft reports all errors of syntax in a file before it looks at any meaning.
    defines = "define ports = 80\ndefine target = c\n"
    rules = [f"add rule ip t c {text}\n" for text in without_hole_signs(RULES)]
    assert "syntax error" not in nft(defines + PREAMBLE + "".join(rules)).stderr
    assert "syntax error" in nft(PREAMBLE + "".join([*rules, "add rule ip t c foo\n"])).stderr


@pytest.mark.kernel
def test_nft_takes_the_commands_for_syntax():
    defines = 'define p = 0\ndefine q = "drop"\ndefine x = { 10.0.0.1 }\n'
    texts = [text for text in without_hole_signs(COMMANDS) if not text.startswith(NOT_IN_FILES)]
    assert "syntax error" not in nft(defines + "\n".join(texts) + "\n").stderr
    assert "syntax error" in nft(defines + "\n".join([*texts, "foo bar"]) + "\n").stderr


@pytest.mark.kernel
@pytest.mark.parametrize("text", [text for text, _ in ERRORS])
def test_nft_refuses_what_is_an_error(text):
    assert "syntax error" in nft(f"{PREAMBLE}{text}").stderr


BLOCKS = """\
define lan = { 10.0.0.0/8 }
table ip filter { # the table
    comment "x"
    set s {
        type ipv4_addr
        elements = { 10.0.0.1,
            # a comment within
            10.0.0.2 }
    }
    chain INPUT {
        type filter hook input priority filter; policy drop;
        ct state established,related \\
            accept
        ip saddr $lan jump lan
    }
    chain lan {
        accept
    }
}
include "more.nft"
add rule ip filter INPUT drop
"""


def test_blocks_flatten_to_commands_where_they_stand():
    script = parse(BLOCKS)
    assert script.errors == ()
    found = [
        (
            command.object.text,
            *(name.text if name else None for name in (command.table, command.chain, command.name)),
            command.span.of(BLOCKS).split("\n")[0],
        )
        for command in flatten(script.commands)
    ]
    assert found == [
        ("table", "filter", None, None, "table ip filter { # the table"),
        ("set", "filter", None, "s", "set s {"),
        ("chain", "filter", "INPUT", None, "chain INPUT {"),
        ("rule", "filter", "INPUT", None, "ct state established,related \\"),
        ("rule", "filter", "INPUT", None, "ip saddr $lan jump lan"),
        ("chain", "filter", "lan", None, "chain lan {"),
        ("rule", "filter", "lan", None, "accept"),
        ("rule", "filter", "INPUT", None, "add rule ip filter INPUT drop"),
    ]
    assert [include.path.text for include in script.includes] == ["more.nft"]
    assert {command.family.text for command in flatten(script.commands)} == {"ip"}


def test_what_is_left_out_is_an_empty_span():
    (command,) = parse("rule filter INPUT accept").commands
    assert not command.verb.written
    assert not command.family.written
    assert command.object.written
    assert parse("add ip filter INPUT accept").commands[0].object.written is False
