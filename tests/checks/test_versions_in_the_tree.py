"""What a project tells of versions decides what happens, how bad it is, and is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from nftlint.configs import Options
from nftlint.lint import lint
from nftlint.results import Result

RULE = "nft add rule ip filter INPUT meta mark set 0x1\n"
"""A parse error for 1.8.9, read right from 1.8.10 on, misread before 1.8.9."""

TAGGED = '[[hosts]]\ntag = "{}"\npaths = ["*.sh"]\n'
POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: {}\n"
ROUTER = "docker.io/cloudnativelabs/kube-router:v{}"


def judged(tree: Path, files: dict[str, str], tag: str, extra: str = "") -> Result:
    """Return the finding of the rule in a project with these files."""
    for name, text in (files | {"nftlint.toml": extra + TAGGED.format(tag)}).items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    (tree / "node.sh").write_text(RULE)
    report = lint([tree / "node.sh"], Options()).report
    assert report.failures == ()
    (result,) = report.results
    assert all(item.location.uri in report.artifacts for item in result.hosts[0].evidence)
    return result


TOLD = {
    "an image that reads it right": (
        {"ds.yaml": POD.format(ROUTER.format("2.1.0"))}, "kube-router", "none", "1.8.10",
    ),
    "an image that dies of it": (
        {"ds.yaml": POD.format(ROUTER.format("2.0.1"))}, "kube-router", "crash", "1.8.9",
    ),
    "an image that misreads it": (
        {"ds.yaml": POD.format(ROUTER.format("1.6.0"))}, "kube-router", "widening", "1.8.8",
    ),
    "two images": (
        {
            "a/ds.yaml": POD.format(ROUTER.format("2.0.0")),
            "b/ds.yaml": POD.format(ROUTER.format("2.5.0")),
        },
        "kube-router", "crash", "1.8.9",
    ),
    "an image in a script": (
        {"load.sh": f"ctr images pull {ROUTER.format('2.1.2')}\n"}, "kube-router", "none", "1.8.10",
    ),
    "kubespray": (
        {"group_vars/all.yml": 'kube_router_version: "v2.1.0"\n'}, "kube-router", "none", "1.8.10",
    ),
    "k0s by its release": (
        {"vars/main.yml": "k0s_version: v1.33.1+k0s.0\n"}, "k0s", "none", "1.8.11",
    ),
    "k0s by its image": (
        {"images.txt.sh": "quay.io/k0sproject/kube-router:v2.1.0-iptables1.8.9-0\n"},
        "k0s", "crash", "1.8.9",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TOLD)
def test_the_version_decides(tmp_path: Path, case: str) -> None:
    files, tag, mode, version = TOLD[case]
    result = judged(tmp_path, files, tag)
    assert result.failure_mode == mode
    assert result.level == ("warning" if mode == "none" else "error")
    assert f"iptables {version} " in result.message
    assert f"with iptables {version}" in result.hosts[0].evidence[0].why
    assert result.hosts[0].evidence[-1].location.uri.endswith("nftlint.toml")


UNTOLD = {
    "a comment": ({"ds.yaml": f"#  image: {ROUTER.format('2.1.0')}\n"}, "kube-router", ""),
    "no version": ({"ds.yaml": POD.format("cloudnativelabs/kube-router")}, "kube-router", ""),
    "an unknown version": ({"ds.yaml": POD.format(ROUTER.format("9.9"))}, "kube-router", ""),
    "k3s runs the host's": ({"v.yml": "k3s_version: v1.28.5+k3s1\n"}, "k3s", ""),
    "evidence is off": (
        {"ds.yaml": POD.format(ROUTER.format("2.1.0"))}, "kube-router", "evidence = false\n",
    ),
    "the configuration says otherwise": (
        {"ds.yaml": POD.format(ROUTER.format("2.1.0"))}, "kube-router", 'iptables = "1.8.8"\n',
    ),
    "another project": (
        {"other/.git/x": "", "../elsewhere.yaml": POD.format(ROUTER.format("2.1.0"))},
        "kube-router", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", UNTOLD)
def test_nothing_is_told(tmp_path: Path, case: str) -> None:
    files, tag, extra = UNTOLD[case]
    top = tmp_path / "top"
    top.mkdir()
    result = judged(top, files, tag, extra)
    assert result.failure_mode == "widening"
    assert len(result.hosts[0].evidence) == 1
