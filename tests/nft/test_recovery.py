"""After a fault the parser goes on, and no command whose head is right is lost."""

from __future__ import annotations

import pytest

from nftlint.nft.model import Broken, Rule, flatten
from nftlint.nft.parser import parse

CASES = [
    ("add rule ip t c foo\nadd rule ip t c accept", ["Broken", "Rule"], 1),
    ("add rule ip t c foo; add rule ip t c accept", ["Broken", "Rule"], 1),
    (
        "table ip t {\nchain c {\nfoo bar\naccept\n}\n}\nadd rule ip t c drop",
        ["Broken", "Rule", "Rule"],
        1,
    ),
    ("table ip t {\nchain c {\ntcp dport { 1 2 }\naccept\n}\n}", ["Broken", "Rule"], 1),
    ("table ip t {\nchain c {\ntcp dport ) 1\naccept\n}\n}", ["Broken", "Rule"], 1),
    ("table ip t {\nfrob x {\nchain c {\naccept\n}\n}\nchain d {\ndrop\n}\n}", ["Rule"], 1),
    ("table ip t {\nchain c {\naccept\n", ["Rule"], 2),
    ("table ip t {\nchain c {\naccept\n}\n}\n}\nadd rule ip t c drop", ["Rule", "Rule"], 1),
    ("table ip t { chain c { accept; } chain d { drop; } }", ["Rule", "Rule"], 2),
    ("add rule ip t c tcp dport {\nadd rule ip t c accept", ["Broken"], 1),
    ('add rule ip t c log prefix "x\nadd rule ip t c accept', ["Broken", "Rule"], 1),
    ("frobnicate\nadd rule ip t c accept", ["Rule"], 1),
]


@pytest.mark.parametrize(("text", "bodies", "errors"), CASES)
def test_recovery(text, bodies, errors):
    script = parse(text)
    rules = [each for each in flatten(script.commands) if each.object.text == "rule"]
    assert [type(each.body).__name__ for each in rules] == bodies
    assert len(script.errors) == errors


def test_a_broken_body_has_its_error_and_span():
    text = "add rule ip filter INPUT tcp dport accept; add rule ip filter INPUT drop"
    first, second = parse(text).commands
    assert isinstance(first.body, Broken)
    assert first.body.span.of(text) == "tcp dport accept"
    assert first.body.error.span.of(text) == "accept"
    assert first.span.of(text) == "add rule ip filter INPUT tcp dport accept"
    assert isinstance(second.body, Rule)


def test_crlf_and_continuations_are_line_breaks_and_blanks():
    script = parse("add rule ip t c \\\r\n  tcp dport 22 accept\r\nadd rule ip t c drop\r\n")
    assert script.errors == ()
    assert len(script.commands) == 2


def test_deep_nesting_is_an_error_not_a_crash():
    for opening in ("(", "{", "jump {", "jhash ", "vxlan "):
        script = parse("add rule ip t c tcp dport & " + opening * 5000)
        assert script.errors
        script = parse("add rule ip t c " + opening * 5000)
        assert script.errors
