"""Makes shell scripts of our own: rules in nests of conditions, loops, functions and shells.

Each rule has a port that no other has, so that it is known again in the words of nft and of
iptables. Scripts are made for the stand-ins of ``standins``: ``mark N STATUS`` is a command of
theirs that notes N and ends with STATUS.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from hypothesis import strategies as st

from nftlint.cli import main
from nftlint.commands.quote import double_escape, single_quote

FIRST_PORT = 1001


@dataclass(slots=True)
class Maker:
    """Hands out the ports, heredoc words and function names of one script."""

    ports: list[int] = field(default_factory=list)
    names: count[int] = field(default_factory=count)

    def rule(self, kind: str) -> str:
        """Return one more rule: ``ip``, ``ip6``, ``insert``, ``two`` (commands), ``kept``."""
        port = FIRST_PORT + len(self.ports)
        self.ports.append(port)
        verb, family, table = "add", "ip", "filter INPUT"
        match kind:
            case "ip6":
                family = "ip6"
            case "insert":
                verb = "insert"
            case "kept":
                family, table = "inet", "t c"
            case "two":
                return f"add rule ip filter INPUT meta l4proto {{ tcp, udp }} th dport {port} drop"
        return f"{verb} rule {family} {table} tcp dport {port} accept"

    def name(self) -> str:
        """Return a word that no other place of the script has."""
        return f"E{next(self.names)}"

    def heredoc(self, command: str, lines: list[str]) -> str:
        """Return a command that reads lines from a heredoc."""
        end = self.name()
        return "\n".join([f"{command} <<'{end}'", *lines, end])


Node = tuple[str, tuple["Node", ...], tuple[str, ...]]
"""A way to write, what is within, and the kinds of its rules."""

Calls = Callable[[Maker, list[str]], str]


def double_braces(rule: str) -> str:
    """Return a rule as words of a command: its braces quoted."""
    return rule.replace("{ tcp, udp }", "'{ tcp, udp }'")


CALLS: dict[str, Calls] = {
    "words": lambda _, rules: "\n".join(f"nft {double_braces(rule)}" for rule in rules),
    "quoted": lambda _, rules: f"nft '{'; '.join(rules)}'",
    "double": lambda _, rules: f'nft "{"; ".join(rules)}" 2>/dev/null',
    "sudo": lambda _, rules: f"sudo -n nft '{'; '.join(rules)}'",
    "timeout": lambda _, rules: f"timeout 5 nft '{'; '.join(rules)}' # why",
    "heredoc": lambda maker, rules: maker.heredoc("nft -f -", rules),
    "stdin": lambda maker, rules: maker.heredoc("sudo nft -f /dev/stdin", [*rules, "# end"]),
    "cat": lambda maker, rules: maker.heredoc("cat", rules).replace("\n", " | nft -f -\n", 1),
    "echo": lambda _, rules: f"echo '{'; '.join(rules)}' | nft -f -",
    "printf": lambda _, rules: f"printf '%s\\n' {' '.join(map(repr, rules))} | nft -f -",
    "here-string": lambda _, rules: f"nft -f - <<< '{'; '.join(rules)}'",
}


def braced(text: str) -> str:
    """Return a command as an operand: in braces where more than one line or a comment is in it."""
    return f"{{ {text}\n}}" if "\n" in text or "#" in text else text


def _function(maker: Maker, text: str) -> str:
    name = maker.name()
    return f"{name}() {{\n{text}\n}}\n{name}"


ONE: dict[str, Callable[[Maker, str], str]] = {
    "if": lambda _, text: f"if {braced(text)}; then mark yes; else mark no; fi",
    "if not": lambda _, text: f"if ! {braced(text)}; then mark no; fi",
    "then": lambda _, text: f"if mark 1; then\n{text}\nelse\nmark 2\nfi",
    "loop": lambda _, text: f"for i in 1 2; do\n{text}\ndone",
    "rows": lambda maker, text: maker.heredoc("", ["1 2", "3"]).join(
        [f"while read -r a b; do\n{text}\ndone", ""]
    ),
    "while": lambda _, text: f"while {braced(text)}; do mark in; break; done",
    "group": lambda _, text: f"{{\n{text}\n}} 2>/dev/null",
    "subshell": lambda _, text: f"(\n{text}\n)",
    "substitution": lambda _, text: f"x=$({text}\n)",
    "close substitution": lambda _, text: f"x=$({braced(text)})",
    "case": lambda _, text: f"case a in\na|b)\n{text}\n;;\n*) mark 3;;\nesac",
    "function": _function,
    "eval": lambda _, text: f"eval {single_quote(text)}",
    "bash -c": lambda _, text: f"bash -c {single_quote(text)}",
    "bash -ec": lambda _, text: f'bash -ec "{double_escape(text)}"',
    "bash -s": lambda maker, text: maker.heredoc("bash -s", [text]),
    "status": lambda _, text: f"{text}\nmark $?",
    "negated": lambda _, text: f"! {braced(text)}",
    "piped": lambda _, text: f"{braced(text)} | cat",
    "waited": lambda _, text: f"{braced(text)} &\nwait $!",
    "marked": lambda _, text: f"mark before\n{text}\nmark after",
}
FEW = st.lists(st.sampled_from(["ip", "ip", "ip6", "insert", "two"]), min_size=1, max_size=2)


def _calls(kinds: st.SearchStrategy[list[str]]) -> st.SearchStrategy[Node]:
    pairs = st.tuples(st.sampled_from(sorted(CALLS)), kinds)
    return pairs.map(lambda pair: (pair[0], (), tuple(pair[1])))


def _nests(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    one = st.tuples(st.sampled_from(sorted(ONE)), st.tuples(inner))
    several = st.tuples(
        st.sampled_from(["then", "and", "or"]), st.lists(inner, min_size=2, max_size=3)
    )
    return st.one_of(
        one.map(lambda pair: (f"one {pair[0]}", pair[1], ())),
        several.map(lambda pair: (f"some {pair[0]}", tuple(pair[1]), ())),
    )


MARKS = st.sampled_from(["0", "1"]).map(lambda status: ("mark", (), (status,)))
NODES = st.recursive(st.one_of(_calls(FEW), _calls(FEW), MARKS), _nests, max_leaves=5)
HEADS = st.sampled_from(["", "set -e\n", "set -euo pipefail\n", "set -o pipefail\n"])


def written(maker: Maker, node: Node) -> str:
    """Return a node as shell, without a line break at the end."""
    name, nodes, kinds = node
    if name == "mark":
        return f"mark m{maker.name()} {kinds[0]}"
    if not nodes:
        return CALLS[name](maker, [maker.rule(kind) for kind in kinds])
    inner = [written(maker, one) for one in nodes]
    if name.startswith("one "):
        return ONE[name[4:]](maker, inner[0])
    joined = {"some then": "\n", "some and": " && ", "some or": " || "}[name]
    return joined.join(inner if name == "some then" else map(braced, inner))


@st.composite
def scripts(draw: st.DrawFn) -> tuple[str, list[int]]:
    """Draw a bash script, and the ports of its rules."""
    maker = Maker()
    head, node = draw(HEADS), draw(NODES)
    return f"#!/bin/bash\n{head}{written(maker, node)}\n", maker.ports


def fixed(text: str, directory: Path, *options: str) -> str:
    """Return a script as ``nftlint check --fix`` leaves it."""
    path = directory / "x.sh"
    path.write_text(text)
    arguments = ["check", "--fix", *options, "--quiet", "--assume-tag", "kube-router", str(path)]
    with contextlib.redirect_stdout(io.StringIO()) as told:
        assert main(arguments) in {0, 1}, told.getvalue()
    return path.read_text()
