"""The kernel's word on the golden pages, and on rules that nobody has written."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from functools import cache
from itertools import islice

import pytest
from rule_generator import commands
from translation_pages import Golden, goldens, said

from nftlint.prove import Pair, Verdict, prove

pytestmark = pytest.mark.kernel
CHAINS = ("FOO", "BAR")
TABLES = ("nat", "mangle", "raw")
"""The tables beside filter."""
GENERATED = 40


def _pair(nft: str, translated: tuple[str, ...]) -> Pair:
    """Return what is proved, with the chains and rules that the command takes for given."""
    words = nft.split()
    family = "ip6" if "ip6" in words else "ip"
    program = "ip6tables" if family == "ip6" else "iptables"
    table = next((name for name in TABLES if name in words), "filter")
    makes_chain = nft.startswith(("add chain", "create chain"))
    chains = [name for name in CHAINS if name in words and not makes_chain]
    before = [f"add chain {family} {table} {name}" for name in chains]
    own = [(program, "-t", table, "-N", name) for name in chains]
    if "index" in words:
        before += [f"add rule ip filter INPUT tcp dport {port}" for port in (1, 2, 3)]
        own += [("iptables", "-A", "INPUT", "-p", "tcp", "--dport", str(n)) for n in (1, 2, 3)]
    argvs = tuple(tuple(shlex.split(command)) for command in translated)
    return Pair(nft, argvs, tuple(before), tuple(own))


def _provable(golden: Golden) -> bool:
    """Leave out what holds a variable, and what makes no rule or only its own kind of it."""
    return golden.safe and not golden.argued and "$" not in golden.nft


def _prove(pairs: list[Pair]) -> dict[str, Verdict]:
    return {pair.nft: verdict for pair, verdict in zip(pairs, prove(pairs), strict=True)}


@cache
def _verdicts() -> dict[str, Verdict]:
    """Prove all pages at once: the namespaces are opened once."""
    return _prove([_pair(golden.nft, golden.commands) for golden in goldens() if _provable(golden)])


@pytest.mark.parametrize("page", sorted({each.page for each in goldens() if _provable(each)}))
def test_safe_pairs_are_proved_or_argued(page):
    chosen = [golden.nft for golden in goldens() if golden.page == page and _provable(golden)]
    found = {nft: _verdicts()[nft] for nft in chosen}
    assert {nft: each for nft, each in found.items() if each.outcome != "equal"} == {}


def _generated(count: int) -> Iterator[Pair]:
    safe = ((nft, said(nft)) for nft in commands(11))
    yield from islice((_pair(nft, tuple(each)) for nft, each in safe if each[0][0] != "#"), count)


def test_no_generated_rule_is_translated_wrongly():
    verdicts = _prove(list(_generated(GENERATED)))
    assert {nft: each for nft, each in verdicts.items() if each.outcome == "different"} == {}
    equal = [nft for nft, verdict in verdicts.items() if verdict.outcome == "equal"]
    assert len(equal) > GENERATED / 2
