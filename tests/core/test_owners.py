"""Owners: what is whose, which versions a release has, what tells a host of theirs."""

from __future__ import annotations

import pytest

from nftlint.owners import Owner, UnknownOwner, load_owner, owner_tags, parse_owner
from nftlint.readings import VERSIONS
from nftlint.rulesdir import MissingDataError, load_toml, rules_dir


def _owner(tag: str) -> Owner:
    owner = load_owner(tag)
    assert isinstance(owner, Owner)
    return owner


@pytest.mark.parametrize("tag", owner_tags())
def test_every_owner_loads(tag: str) -> None:
    owner = _owner(tag)
    assert owner.tag == tag
    assert owner.tables
    for table in owner.tables:
        assert set(table.families) <= {"ip", "ip6"}
        assert set(table.fatal_chains) <= {chain.name for chain in table.base_chains}
    for step in owner.steps:
        assert step.failure in {"crash", "sync-abort"}
        assert owner.manages("ip", step.table)


@pytest.mark.parametrize(
    ("family", "table", "chain", "managed"),
    [
        ("ip", "filter", "INPUT", True),
        ("ip6", "filter", "anything", True),
        ("ip", "nat", "POSTROUTING", True),
        ("ip", "mangle", "OUTPUT", True),
        ("ip", "raw", "PREROUTING", False),
        ("inet", "filter", "INPUT", False),
        ("ip", "mine", "INPUT", False),
        ("ip", "filter", None, True),
    ],
)
def test_kube_router_manages(family: str, table: str, chain: str | None, managed: bool) -> None:  # noqa: FBT001 - a column
    assert _owner("kube-router").manages(family, table, chain) is managed


def test_docker_reads_its_own_chains_only() -> None:
    docker = _owner("docker")
    assert docker.manages("ip", "filter", "DOCKER-USER")
    assert not docker.manages("ip", "filter", "OWN")


def test_own_and_base_chains() -> None:
    owner = _owner("kube-router")
    assert owner.own_chain("ip", "filter", "KUBE-POD-FW-ABC")
    assert not owner.own_chain("ip", "filter", "kube-pod-fw-abc")
    base = owner.base_chain("ip6", "nat", "POSTROUTING")
    assert base is not None
    assert (base.type, base.hook, base.priority) == ("nat", "postrouting", 100)
    assert owner.base_chain("ip", "filter", "input") is None
    assert owner.owns_native("ip6", "kube-router-filter-ipv6")
    assert not owner.owns_native("ip", "kube-router-filter-ipv6")


@pytest.mark.parametrize(
    ("release", "versions"),
    [
        ("1.6", ("1.8.8",)),
        ("v2.0.1", ("1.8.9",)),
        ("2.1", ("1.8.9", "1.8.10")),
        ("2.1.2", ("1.8.10",)),
        ("2.1.3", ("1.8.9",)),
        ("v2.4.1", ("1.8.9",)),
        ("2.5", ("1.8.11",)),
        ("2.10.0", ("1.8.11", "1.8.12", "1.8.13")),
        ("2.11", ("1.8.13",)),
        ("9.9", ()),
        ("latest", ()),
    ],
)
def test_iptables_of_a_release(release: str, versions: tuple[str, ...]) -> None:
    assert _owner("kube-router").versions_for(release) == versions


def test_releases_name_known_versions() -> None:
    releases = _owner("kube-router").releases
    assert {version for release in releases for version in release.iptables} <= set(VERSIONS)


@pytest.mark.parametrize(
    ("image", "versions"),
    [
        ("docker.io/cloudnativelabs/kube-router:v2.1.1", ("1.8.10",)),
        ("cloudnativelabs/kube-router", ()),
        ("cloudnativelabs/kube-router:latest", ()),
        ("quay.io/k0sproject/kube-router:v2.10.0-iptables1.8.13", ("1.8.13",)),
        ("nginx:1.27", ()),
    ],
)
def test_iptables_of_an_image(image: str, versions: tuple[str, ...]) -> None:
    assert _owner("kube-router").iptables_of_image(image) == versions


@pytest.mark.parametrize(
    ("tag", "kind", "text", "value", "sense"),
    [
        ("kube-router", "variable", "kube_network_plugin", "kube-router", "is"),
        ("kube-router", "variable", "kube_network_plugin", "calico", "is-not"),
        ("kube-router", "file", "10-kuberouter.conflist", None, "is"),
        ("kube-router", "file", "k8s-net-kube-router.yml", None, "weak"),
        ("k3s", "url", "https://get.k3s.io", None, "is"),
        ("k3s", "command", "k3s server --cluster-init", None, "is"),
        ("k3s", "flag", "--disable-network-policy", None, "lower"),
        ("k3s", "command", "rke2 server", None, "is-not"),
        ("k3s", "image", "cloudnativelabs/kube-router:v2.1.0", None, "is"),
        ("k0s", "command", "k0s install controller --single", None, "is"),
        ("k0s", "command", "k0s install controller", None, ""),
        ("k0s", "key", "spec.network.provider", "calico", "is-not"),
    ],
)
def test_evidence(tag: str, kind: str, text: str, value: str | None, sense: str) -> None:
    evidence = [item for item in _owner(tag).evidence if item.kind == kind]
    found = [item.sense for item in evidence if item.matches(text, value)]
    assert found == ([sense] if sense else [])


def test_an_alias_is_a_tag() -> None:
    assert _owner("kuberouter").tag == "kube-router"


def test_an_unknown_tag_is_a_value_with_a_reason() -> None:
    owner = load_owner("kube-ruter")
    assert isinstance(owner, UnknownOwner)
    assert "did you mean kube-router" in owner.reason


def test_an_owner_of_ones_own() -> None:
    owner = parse_owner(
        {"tag": "mine", "tables": [{"families": ["ip"], "name": "filter", "own_chains": ["M-*"]}]}
    )
    assert owner.own_chain("ip", "filter", "M-1")
    assert owner.manages("ip", "filter", "any")


def test_missing_data_is_said() -> None:
    assert (rules_dir() / "owners").is_dir()
    with pytest.raises(MissingDataError, match="not fully installed"):
        load_toml("owners", "none.toml")
