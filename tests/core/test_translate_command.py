"""``nftlint translate`` and ``nftlint explain`` as other programs and people see them."""

from __future__ import annotations

import io
import json

import pytest

from nftlint.cli import main

SETS = "add rule ip filter INPUT tcp dport { 22, 80, 443 } accept"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = main(arguments)
    return status, capsys.readouterr().out


def test_text(capsys: pytest.CaptureFixture[str]) -> None:
    status, out = run(capsys, "translate", f"nft {SETS}", "add rule inet filter input accept")
    assert status == 1
    first, second = out.splitlines()
    assert first == "iptables -A INPUT -p tcp -m multiport --dports 22,80,443 -j ACCEPT"
    assert second.startswith("# cannot: ")
    assert "inet" in second


def test_one_command_a_line_on_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{SETS}\n\n# comment\n{SETS}\n"))
    status, out = run(capsys, "translate")
    assert (status, len(out.splitlines())) == (0, 2)


def test_a_line_of_json_for_each_input(capsys: pytest.CaptureFixture[str]) -> None:
    status, out = run(capsys, "translate", "--output-format", "json-lines", SETS, "add ruel x")
    assert status == 1
    good, bad = (json.loads(line) for line in out.splitlines())
    assert set(good) == {
        *("input", "iptables", "applicability", "reason", "family", "table", "chain"),
        *("readings", "failure_mode"),
    }
    assert good["input"] == SETS
    assert good["applicability"] == "safe"
    assert (good["family"], good["table"], good["chain"]) == ("ip", "filter", "INPUT")
    assert good["failure_mode"] == "widening"
    assert len(good["readings"]) == 10
    assert good["readings"]["1.8.9"] == {
        "outcome": "misread",
        "printed": "-A INPUT -p tcp -j ACCEPT",
        "misread_as": "wider",
    }
    assert bad["applicability"] == "none"
    assert bad["reason"].startswith("column ")


def test_the_version_of_nft_matters(capsys: pytest.CaptureFixture[str]) -> None:
    rule = "add rule ip filter INPUT ip saddr 10.0.0.1-10.0.0.9 accept"
    outcomes = []
    for version in ("1.0.6", "1.1.3"):
        _, out = run(
            capsys, "translate", "--output-format", "json-lines", "--nft-version", version, rule
        )
        outcomes.append(json.loads(out)["readings"]["1.8.9"]["outcome"])
    assert outcomes == ["misread", "parse-error"]


def test_explaining_a_rule_and_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    status, out = run(capsys, "explain", SETS)
    assert status == 0
    assert "1.8.4 to 1.8.13" in out
    assert "-A INPUT -p tcp -j ACCEPT" in out
    status, out = run(capsys, "explain", "nft101")
    assert (status, out.splitlines()[0]) == (0, "# NFT101: native-rule-in-managed-chain")
    assert main(["explain", "NFT110"]) == 2


REFUSED = {
    "add rule ip filter INPUT queue num 1": "crash",  # where the kernel takes it
    "add rule ip filter INPUT tcp dport 22 blah": "none",
    "add rule ip filter INPUT limit rate 0/second accept": "none",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_nft_does_not_take(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out = run(capsys, "translate", "--output-format", "json-lines", text)
    line = json.loads(out)
    assert {item["outcome"] for item in line["readings"].values()} == {"nft-refused"}
    assert len(line["readings"]) == 10
    assert line["failure_mode"] == REFUSED[text]


def test_a_named_set_is_an_ipset_only_where_that_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rule = "add rule ip filter INPUT ip saddr @blocked drop"
    assert run(capsys, "translate", rule)[1].startswith("# cannot: `@blocked` is a set of nft")
    status, out = run(capsys, "translate", "--ipset", rule)
    assert status == 0
    assert out.splitlines() == [
        "# unsafe: the ipset `blocked` has to be kept with the elements of nft's set",
        "iptables -A INPUT -m set --match-set blocked src -j DROP",
    ]
