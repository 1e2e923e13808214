"""nft scripts as a carrier: found by name, first line or reference; shown, never rewritten."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from nftlint.applicability import Applicability
from nftlint.carriers.registry import kind_of
from nftlint.configs import Options
from nftlint.lint import lint, lint_text
from nftlint.results import Fix

SCRIPT = """\
#!/usr/sbin/nft -f
flush ruleset
define P = { 22, 80 }
table ip filter {
  chain INPUT {
    type filter hook input priority 0; policy drop;
    tcp dport $P accept
  }
}
table inet filter {
  chain INPUT {
    tcp dport $P accept
  }
}
"""


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("fw.nft", "", "nft"),
        ("etc/nftables.conf", "", "nft"),
        ("fw", "#!/usr/sbin/nft -f\n", "nft"),
        ("fw", "#!/usr/bin/env -S nft -f\n", "nft"),
        ("fw.nft", "#!/bin/sh\n", "shell"),
        ("fw.conf", "table ip filter", None),
        ("nftables.conf.j2", "", "jinja nft"),
    ],
)
def test_kinds(name: str, head: str, kind: str | None) -> None:
    assert kind_of(PurePosixPath(name), head) == kind


def test_a_rule_in_a_block_is_found_with_its_definitions() -> None:
    results = lint_text(SCRIPT, "fw.nft", ("kube-router",)).results
    (result,) = [result for result in results if result.rule == "NFT101"]
    assert result.location.span.of(SCRIPT) == "tcp dport $P accept"
    assert result.failure_mode == "widening"
    assert isinstance(result.fix, Fix)
    assert result.fix.applicability is Applicability.DISPLAY_ONLY
    assert result.fix.replacements == ()
    assert "iptables -A INPUT -p tcp -m multiport --dports 22,80 -j ACCEPT" in result.fix.iptables


def test_what_is_not_nft_is_said_unless_something_fills_it_in() -> None:
    bad = "add rule ip filter INPUT tcp dprot 22 accept\n"
    report = lint_text(bad, "fw.nft", ("kube-router",))
    assert "NFT001" in [result.rule for result in report.results]
    filled = "add rule ip filter INPUT tcp dport ${PORT} @@ accept\n"
    report = lint_text(filled, "fw.nft", ("kube-router",))
    assert "NFT001" not in [result.rule for result in report.results]


def test_hosts_and_kinds_flow_along_references(tmp_path: Path) -> None:
    (tmp_path / "load.sh").write_text("# nftlint: host=k3s\nnft -f rules/fw.conf\n")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "fw.conf").write_text('include "more"\n# nft\n')
    (tmp_path / "rules" / "more").write_text("add rule ip filter INPUT accept # nft\n")
    report = lint([tmp_path], Options()).report
    (result,) = report.results
    assert result.location.uri.endswith("rules/more")
    evidence = [item.location.uri.rpartition("/")[2] for item in result.hosts[0].evidence]
    assert evidence == ["fw.conf", "load.sh", "load.sh"]
