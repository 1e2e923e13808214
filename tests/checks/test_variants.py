"""What iptables makes of a rule with variables: by what they hold, where that is known."""

from __future__ import annotations

import pytest

from nftlint.lint import lint_text
from nftlint.results import Result

RULE = "nft add rule ip filter INPUT"
BLOCK = "table ip filter {\nchain INPUT {\ntcp dport { $P } accept\n}\n}\n"


def found(text: str, kind: str = "shell") -> list[Result]:
    report = lint_text(text, "x", ("kube-router",), kind)
    assert report.failures == ()
    return [result for result in report.results if result.rule == "NFT101"]


KNOWN = {
    f"P=22,80\n{RULE} tcp dport {{ $P }} accept": "widening",
    f"P=22\n{RULE} tcp dport {{ $P }} accept": "none",
    f"for p in 22 80,443; do {RULE} tcp dport {{ $p }} accept; done": "widening",
    f"P=1000-2000\n{RULE} tcp dport $P accept": "none",
    f"P=1000-2000\n{RULE} tcp dport != $P accept": "none",
    f"N=10.0.0.0/8,172.16.0.0/12\n{RULE} ip saddr {{ $N }} drop": "widening",
    f"S=established,related\n{RULE} ct state $S accept": "crash",
    f"P=22,80; Q=udp\n{RULE} $Q dport {{ $P }} ip saddr $1 accept": "widening",
    f"P=22,80\nnft -f - <<E\n{BLOCK}E\n": "widening",
}
UNKNOWN = {
    f"{RULE} tcp dport {{ $P }} accept": "widening",
    f"{RULE} tcp dport {{$P}} accept": "widening",
    f"{RULE} tcp dport {{ 22, $P }} accept": "widening",
    f"{RULE} tcp dport $P accept": "none",
    f'{RULE} iifname "$P" accept': "none",
}


@pytest.mark.parametrize("text", [*KNOWN, *UNKNOWN])
def test_the_worst_that_its_variables_can_make_of_it_is_said(text):
    (result,) = found(text)
    assert result.failure_mode == {**KNOWN, **UNKNOWN}[text]


@pytest.mark.parametrize("text", KNOWN)
def test_it_is_what_the_same_rule_without_variables_has(text):
    """The independent way: the shell's own, by hand."""
    values = {"$P": "22,80", "$p": "80,443", "$Q": "udp", "$1": "10.0.0.1"}
    values["$S"], values["$N"] = "established,related", "10.0.0.0/8,172.16.0.0/12"
    if text.startswith("P=22\n"):
        values["$P"] = "22"
    if text.startswith("P=1000"):
        values["$P"] = "1000-2000"
    plain = text.partition("\n")[2] or text
    for name, value in values.items():
        plain = plain.replace(name, value)
    assert {result.failure_mode for result in found(plain)} == {KNOWN[text]}


def test_the_condition_is_said_where_there_is_one():
    (result,) = found(f"{RULE} tcp dport {{ $P }} accept")
    assert "where `$P` holds more than one, iptables" in result.message
    (result,) = found(f"for p in 22 80,443; do {RULE} tcp dport {{ $p }} accept; done")
    assert "where `$p` is `80,443`, iptables" in result.message
    (result,) = found(f"P=22,80\n{RULE} tcp dport {{ $P }} accept")
    assert "where" not in result.message.partition("iptables-nft: ")[2].partition(":")[0]


def test_what_may_be_misread_keeps_the_shield_of_a_rule_that_cannot_be_listed():
    """To mend the one alone would have the other written back, wider."""
    crash = f"{RULE} ct state established,related accept"
    both = found(f"{RULE} ip saddr {{ $NETS }} drop\n{crash}")
    assert [result.fix.applicability.label for result in both if result.fix] == [
        "unsafe",
        "unsafe",
    ]
