"""What holds of every translation, whatever the rule."""

from __future__ import annotations

import shlex
from itertools import islice
from pathlib import Path

import pytest
from rule_generator import commands
from translation_pages import goldens

from nftlint.applicability import Applicability
from nftlint.iptables.render import render
from nftlint.nft.model import Command, flatten
from nftlint.nft.parser import parse
from nftlint.translate import Options, Translation, Untranslatable, translate

ONCE = ("-A", "-I", "-s", "-d", "-i", "-o", "-p", "-j", "-g", "-t", "-c", "--comment", "--dport")
NFT_CASES = Path(__file__).parents[1] / "nft" / "rules.txt"


def _commands() -> list[tuple[str, Command]]:
    texts = [*islice(commands(7), 1500), *(golden.nft for golden in goldens())]
    texts += [
        f"add rule {family} {table} {chain} {line}"
        for line in NFT_CASES.read_text().splitlines()
        for family, table, chain in (("ip", "filter", "INPUT"), ("ip6", "nat", "PREROUTING"))
    ]
    return [(text, each) for text in texts for each in flatten(parse(text).commands)]


def _check(text: str, result: Translation | Untranslatable) -> None:
    if isinstance(result, Untranslatable):
        assert 0 <= result.span.start < result.span.end <= len(text)
        assert result.reason == result.reason.strip().rstrip(".")
        return
    assert result.commands
    assert bool(result.reasons) == (result.applicability is not Applicability.SAFE)
    for command in result.commands:
        words = command.words
        assert all(words)
        assert all(words.count(option) <= 1 for option in ONCE)
        assert shlex.split(render(command)) == list(words)
        for arg in command.args:
            assert arg.origin is None or arg.origin.end <= len(text)


def test_every_command_has_a_translation_or_a_reason():
    found = _commands()
    assert len(found) > 2500
    for text, command in found:
        _check(text, translate(command))


def test_named_sets_are_ipsets_where_asked_for():
    (command,) = parse("add rule ip filter INPUT ip saddr != @a tcp dport @b drop").commands
    result = translate(command, Options(named_sets=True))
    assert isinstance(result, Translation)
    assert [render(each) for each in result.commands] == [
        "iptables -A INPUT -p tcp -m set ! --match-set a src -m set --match-set b dst -j DROP"
    ]
    assert result.applicability is Applicability.UNSAFE


def test_defines_are_replaced():
    script = parse("define ports = { 22, 80 }\nadd rule ip filter INPUT tcp dport $ports accept")
    (command,) = script.commands
    unknown = translate(command)
    assert isinstance(unknown, Untranslatable)
    assert "`$ports`" in unknown.reason
    value = script.defines[0].value
    assert value is not None
    known = translate(command, Options(defines={"ports": value}))
    assert isinstance(known, Translation)
    assert "--dports 22,80" in render(known.commands[0])


@pytest.mark.parametrize("family", ["ip", "ip6"])
def test_the_program_is_that_of_the_family(family):
    (command,) = parse(f"add rule {family} filter INPUT tcp dport 22 accept").commands
    result = translate(command)
    assert isinstance(result, Translation)
    assert result.commands[0].words[0] == {"ip": "iptables", "ip6": "ip6tables"}[family]


def test_words_know_where_they_come_from():
    text = "add rule ip filter INPUT tcp dport 22 accept"
    (command,) = parse(text).commands
    result = translate(command)
    assert isinstance(result, Translation)
    said = {arg.text: arg.origin.of(text) for arg in result.commands[0].args if arg.origin}
    assert said["--dport"] == said["-p"] == "tcp dport 22"
    assert said["-j"] == "accept"
    assert said["INPUT"] == "INPUT"
