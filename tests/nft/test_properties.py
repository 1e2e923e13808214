"""What holds of every text: an end, in linear time, and spans that tell the truth."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nft_notation import cases, with_holes

from nftlint.nft.command import Rule
from nftlint.nft.model import Command, Name, ParseError, Wildcard, flatten
from nftlint.nft.parser import parse
from nftlint.nft.tokens import scan
from nftlint.record import is_record, names_of
from nftlint.span import Span

RULES = [with_holes(text) for text, _ in cases("rules.txt")]
COMMANDS = [with_holes(text) for text, _ in cases("commands.txt")]
WORDS = sorted(
    {word for text in RULES + COMMANDS for word in text.split()} | set('{}()[]\n;,.:$@"\\#/-*')
)
TEXTS = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)
PREFIXES = st.sampled_from(
    ["", "add rule ip t c ", "table ip t {\nchain c {\n", "add set ip t s {"]
)


def nodes(node):
    """Yield the nodes of a tree, with the node that each is part of."""
    for name in names_of(node.__class__):
        value = getattr(node, name)
        for child in value if isinstance(value, tuple) else (value,):
            if is_record(child.__class__) and not isinstance(child, Span | ParseError):
                yield node, child
                yield from nodes(child)


@given(st.text(max_size=300))
def test_any_text_is_parsed(text):
    parse(text)


@given(PREFIXES, TEXTS)
def test_any_words_are_parsed(prefix, text):
    script = parse(prefix + text)
    for error in script.errors:
        assert error.expected
        assert error.span.end <= len(prefix + text)


@given(st.text(st.sampled_from('019adms.:-*"[]/ \n\U00100000'), max_size=30) | st.text())
def test_tokens_cover_the_text(text):
    tokens = scan(text)
    end = 0
    assert all(tokens.texts[:-1])
    for word, start, stop in zip(tokens.texts, tokens.starts, tokens.ends, strict=True):
        assert end <= start <= stop <= len(text)
        assert text[start:stop] == word
        end = stop


@given(PREFIXES, TEXTS)
def test_spans_nest(prefix, text):
    for command in parse(prefix + text).commands:
        for parent, child in nodes(command):
            # The members of a block have the names that stand at its head.
            is_inherited = isinstance(parent, Command) and isinstance(child, Name)
            assert is_inherited or parent.span.contains(child.span)
            assert 0 <= child.span.start <= child.span.end <= len(prefix + text)


@given(st.lists(st.sampled_from(RULES), min_size=1, max_size=4))
def test_rules_joined_are_the_rules_alone(rules):
    joined = parse("\n".join(f"add rule ip t c {rule}" for rule in rules))
    alone = [parse(f"add rule ip t c {rule}").commands[0] for rule in rules]
    assert list(joined.commands) == alone


@pytest.mark.parametrize("rule", RULES)
def test_a_statement_alone_is_the_same_statement(rule):
    text = f"add rule ip t c {rule}"
    body = parse(text).commands[0].body
    assert isinstance(body, Rule)
    for statement in body.statements:
        alone = parse(f"add rule ip t c {statement.span.of(text)}").commands[0].body
        assert isinstance(alone, Rule)
        assert alone.statements == (statement,)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_in_a_block_is_the_same_rule(rule):
    in_block = parse(f"table ip t {{\n\tchain c {{\n\t\t{rule}\n\t}}\n}}\n")
    assert in_block.errors == ()
    command = list(flatten(in_block.commands))[-1]
    assert command == parse(f"add rule ip t c {rule}").commands[0]


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "{",
            "{\n",
            "}\n",
            "(",
            "a\n",
            "1d",
            "1:",
            "[",
            ":",
            '"',
            "1 . ",
            "not ",
            "{ a : ",
            "jump { ",
        ),
        *("tcp dport 1 & ", "add rule ip t c (", "table t {\nchain c {\n", "\U00100000 "),
        *("add rule ip t c tcp dport { 1, ", "limit rate \U00100000 "),
        "add rule ip t c tcp dport 22 accept\n",
    ],
)
def test_time_is_linear(piece):
    def seconds(size):
        text = piece * (size // len(piece))
        start = time.process_time()
        parse(text)
        return time.process_time() - start

    # Sixteen times the text; a quadratic parser would take 256 times as long.
    assert seconds(64_000) < 80 * max(seconds(4_000), 0.002)


def test_the_wildcard_has_a_span():
    text = "add rule ip t c meta mark set ip saddr map { * : 2 }"
    (command,) = parse(text).commands
    (found,) = [child for _, child in nodes(command) if isinstance(child, Wildcard)]
    assert found.span.of(text) == "*"
