"""Kubernetes manifests: which containers write to the tables of their node."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from nftlint.applicability import Applicability
from nftlint.carriers.registry import kind_of
from nftlint.cli import main
from nftlint.lint import lint_text
from nftlint.results import Fix, Result

MANIFEST = """\
apiVersion: apps/v1
kind: DaemonSet
spec:
  template:
    spec:
      hostNetwork: {network}
      {containers}:
        - name: firewall
          image: firewall:1
          securityContext: {security}
          {command}
"""
RULE = "nft add rule ip filter INPUT tcp dport 22 accept"
WORDS = ", ".join(RULE.replace("22", '"22"').split())
FIXED = "iptables -A INPUT -p tcp --dport 22 -j ACCEPT"
MAY = "{privileged: true}"
SHELL = f'command: ["sh", "-c", "{RULE}"]'


def manifest(
    command: str = SHELL,
    network: str = "true",
    security: str = MAY,
    containers: str = "initContainers",
) -> str:
    text = MANIFEST.format(
        command=command, network=network, security=security, containers=containers
    )
    return text if containers == "containers" else text + "      containers: []\n"


def found(text: str) -> list[Result]:
    report = lint_text(text, "fw.yaml", ("kube-router",), "kubernetes")
    assert report.failures == ()
    return list(report.results)


WRITES = {
    "a shell in an init container": manifest(),
    "a shell in a container": manifest(containers="containers"),
    "words": manifest(f"command: [{WORDS}]"),
    "arguments apart": manifest(f'command: [sh, -c]\n          args: ["{RULE}"]'),
    "a block": manifest(
        f"args:\n            - sh\n            - -c\n            - |\n              {RULE}"
    ),
    "a capability": manifest(security="{capabilities: {add: [NET_RAW, NET_ADMIN]}}"),
    "the second document": "apiVersion: v1\nkind: ConfigMap\n---\n" + manifest(),
}


@pytest.mark.parametrize("case", WRITES)
def test_a_container_writes_to_the_node(case: str) -> None:
    (result,) = found(WRITES[case])
    assert result.rule == "NFT101"
    assert isinstance(result.fix, Fix)
    assert result.fix.applicability is Applicability.UNSAFE
    assert any("image" in reason for reason in result.fix.reasons)


@pytest.mark.parametrize("case", WRITES)
def test_it_is_mended_in_place(case: str, tmp_path: Path) -> None:
    path = tmp_path / "fw.yaml"
    path.write_text(WRITES[case])
    argv = ["check", "--fix", "--unsafe-fixes", "--quiet", "--assume-tag", "kube-router", str(path)]
    main(argv)
    text = path.read_text()
    assert RULE not in text
    assert FIXED.replace(" ", "") in text.replace(",", "").replace('"', "").replace(" ", "")


HARMLESS = {
    "a network of its own": manifest(network="false"),
    "no right to write": manifest(security="{readOnlyRootFilesystem: true}"),
    "other words": manifest("command: [nft, list, ruleset]"),
    "no command": manifest("env: []"),
    "Tailscale in a pod's own network": manifest(
        "env: [{name: A, value: b}]\n          # x\n", network="false"
    )
    + "# - name: x\n",
}


@pytest.mark.parametrize("case", HARMLESS)
def test_nothing_is_said(case: str) -> None:
    assert found(HARMLESS[case]) == []


ENV = "env:\n            - name: TS_DEBUG_FIREWALL_MODE\n              value: nftables"


@pytest.mark.parametrize(("network", "rules"), [("true", ["NFT108"]), ("false", [])])
def test_the_environment_of_a_container(network: str, rules: list[str]) -> None:
    assert [result.rule for result in found(manifest(ENV, network))] == rules


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("fw.yaml", "apiVersion: v1\nkind: Pod\n", "kubernetes"),
        ("fw.yml", "kind: DaemonSet\napiVersion: apps/v1\n", "kubernetes"),
        ("fw.yaml", "apiVersion: v1\nkind: Service\n", None),
        ("fw.txt", "apiVersion: v1\nkind: Pod\n", None),
    ],
)
def test_a_manifest_is_known_by_its_first_words(name: str, head: str, kind: str | None) -> None:
    assert kind_of(PurePosixPath(name), head) == kind


def test_a_chart_that_is_no_yaml_yet_is_passed_over() -> None:
    assert found("{{- if .Values.x }}\napiVersion: v1\nkind: Pod\n{{ end }}: [\n") == []
