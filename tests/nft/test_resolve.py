"""Variables hold from their definition to the end of their block."""

from __future__ import annotations

import pytest
from nft_notation import show

from nftlint.nft.model import flatten
from nftlint.nft.parser import parse
from nftlint.nft.resolve import Definitions, resolve, resolved

CASES = [
    ("define p = 22\nadd rule ip t c tcp dport $p", "right=Literal(22)"),
    ("add rule ip t c tcp dport $p\ndefine p = 22", "right=Variable(p)"),
    ("define p = 22\nredefine p = 23\nadd rule ip t c tcp dport $p", "right=Literal(23)"),
    ("define p = 22\nundefine p\nadd rule ip t c tcp dport $p", "right=Variable(p)"),
    (
        "define p = 22\ndefine q = $p\nredefine p = 1\nadd rule ip t c tcp dport $q",
        "right=Literal(22)",
    ),
    ("table ip x {\ndefine p = 22\n}\nadd rule ip t c tcp dport $p", "right=Variable(p)"),
    ("table ip x {\ndefine p = 22\nchain c {\ntcp dport $p\n}\n}", "right=Literal(22)"),
    (
        "define p = 1\ntable ip x {\ndefine p = 22\n}\nadd rule ip t c tcp dport $p",
        "right=Literal(1)",
    ),
    ("define f = c\nadd rule ip t c jump $f", "chain=Name(c)"),
    (
        "define a = { 1, 2 }\nadd rule ip t c tcp dport { $a, 3 }",
        "right=SetLiteral([Element(Literal(1)), Element(Literal(2)), Element(Literal(3))])",
    ),
    ("define n = 10.0.0.0/8\nadd rule ip t c ip saddr $n", "right=Prefix("),
    ("define n = -5\nadd rule ip t c meta mark $n", "right=Literal(-5)"),
    ("define n = { }\nadd rule ip t c tcp dport $n", "right=SetLiteral([])"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_resolve(text, expected):
    script = parse(text)
    assert script.errors == ()
    command = list(flatten(script.commands))[-1]
    resolved = resolve(command, Definitions(script).at(command.span.start))
    assert expected in show(resolved)


def test_a_value_stands_where_its_variable_stood():
    text = "define p = { 22, 80 }\nadd rule ip t c tcp dport $p"
    script = parse(text)
    (command,) = script.commands
    match = resolve(command, Definitions(script).at(len(text))).body.statements[0]
    assert {match.right.span.of(text), match.right.elements[0].key.span.of(text)} == {"$p"}


def test_values_of_values_do_not_grow_without_bound():
    lines = [f"define a{n + 1} = {{ $a{n}, $a{n} }}" for n in range(60)]
    script = parse("\n".join(["define a0 = { 1, 2 }", *lines]))
    known = Definitions(script).at(script.defines[-1].span.end)
    assert len(known) == 61


SCOPES = """define a = 1
table ip x {
  define a = 2
  define b = $a
  chain c {
    define a = 3
    tcp dport { $a, $b }
  }
  chain d {
    tcp dport { $a, $b }
  }
}
define b = $a
add rule ip x c tcp dport { $a, $b }
"""


def test_one_walk_knows_what_holds_at_each_place():
    script = parse(SCOPES)
    walked = [command for _, command in resolved(script)]
    alone = [
        resolve(command, Definitions(script).at(command.span.start))
        for command in flatten(script.commands)
    ]
    assert list(map(show, walked)) == list(map(show, alone))
    rules = [show(command) for command in walked if command.object.text == "rule"]
    sets = ("Element(Literal(3)), Element(Literal(2))", "Element(Literal(2)), Element(Literal(2))")
    for rule, expected in zip(
        rules, (*sets, "Element(Literal(1)), Element(Literal(1))"), strict=True
    ):
        assert expected in rule


def test_each_definition_is_taken_once():
    lines = [f"define v{n} = {n}\nadd rule ip t c tcp dport $v{n}" for n in range(500)]
    script = parse("\n".join(lines))
    definitions = Definitions(script)
    for command in script.commands:
        definitions.at(command.span.start)
    assert definitions.passed == len(script.defines) == 500
