"""What is not known of a command: said by the names that its author gave it."""

from __future__ import annotations

import pytest

from nftlint.applicability import Applicability
from nftlint.artifact import Artifact
from nftlint.lint import lint_text
from nftlint.results import Fix, NoFix
from nftlint.scan import scan


def test_words_of_a_run_have_the_holes_of_its_script() -> None:
    (run,) = scan(Artifact("x.sh", 'iptables -A "$C" -s "$A" -d $B -j X\n'), "shell").runs
    assert run.script.text == " ".join(run.words)
    names = [run.script.holes[word].raw for word in run.words if word in run.script.holes]
    assert names == ["$C", "$A", "$B"]


def test_a_rule_that_is_all_unknown_is_found_and_not_rewritten() -> None:
    report = lint_text('nft add rule ip filter "$@"\n', "x.sh", ("kube-router",))
    (result,) = report.results
    assert isinstance(result.fix, NoFix)
    assert result.fix.reason == "what the rule is, is not known here"


def test_a_variable_within_quotes_within_quotes_is_named_as_written() -> None:
    script = 'trap "echo $A; nft add rule ip filter INPUT tcp dport $B drop" EXIT\n'
    (result,) = lint_text(script, "x.sh", ("kube-router",)).results
    assert isinstance(result.fix, Fix)
    (reason,) = result.fix.reasons
    assert reason.startswith("`$B` may be")


DOUBTFUL = {
    'nft add rule "${F:-ip}" filter INPUT accept\n': "`${F:-ip}` may hold something else than `ip`",
    '[ "$T" ] || T=filter\nnft add rule ip $T INPUT accept\n': "`$T` may hold something else",
    "T=filter\n. ./x\nf() { nft add rule ip $T INPUT accept; }\n": "`$T` may hold something else",
}


@pytest.mark.parametrize(("script", "reason"), DOUBTFUL.items())
def test_a_value_that_is_not_the_only_one_makes_a_fix_unsafe(script: str, reason: str) -> None:
    (result,) = lint_text(script, "x.sh", ("kube-router",)).results
    assert isinstance(result.fix, Fix)
    assert result.fix.applicability is Applicability.UNSAFE
    assert result.fix.reasons[0].startswith(reason)


def test_a_constant_is_one_in_functions_too() -> None:
    script = "C=INPUT\nreadonly P=22\nf() { nft add rule ip filter $C tcp dport $P accept; }\n"
    (result,) = lint_text(script, "x.sh", ("kube-router",)).results
    assert isinstance(result.fix, Fix)
    assert result.fix.applicability is Applicability.SAFE
