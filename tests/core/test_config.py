"""Configuration files: what is read, and how mistakes are said."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from nftlint.analysis import versions_in_question
from nftlint.config import ConfigError, read_config
from nftlint.configs import Configs, Options
from nftlint.globs import matches_any


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_everything_is_read(tmp_path: Path) -> None:
    text = """
select = ["NFT1"]
ignore = "NFT109"
exclude = ["third_party/**"]
iptables = ["1.8.9"]
kube-router = ["2.1"]

[[hosts]]
tag = "kube-router"
paths = ["nodes/**"]
except = ["nodes/lb/**"]

[[files]]
glob = "*.tpl"
kind = "shell"
"""
    config = read_config(write(tmp_path / "nftlint.toml", text))
    assert config.select == ("NFT1",)
    assert config.ignore == ("NFT109",)
    assert config.iptables == ("1.8.9",)
    assert config.kube_router == ("2.1",)
    assert config.excludes(tmp_path / "third_party" / "x.sh")
    assert not config.excludes(tmp_path / "first_party" / "x.sh")
    assert [rule.tag for rule in config.host_rules(tmp_path / "nodes/a.sh")] == ["kube-router"]
    assert config.host_rules(tmp_path / "nodes/a.sh")[0].line == 9
    assert config.host_rules(tmp_path / "nodes/lb/a.sh") == []
    assert config.kind_of(tmp_path / "deep/er/x.tpl") == "shell"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("selct = []", "unknown key 'selct'; did you mean 'select'?"),
        ("[[hosts]]\ntag = 'k3s'\npath = ['a']", "unknown key in [[hosts]] 'path'; did you mean"),
        ("[[hosts]]\npaths = ['a']", "'tag' is missing"),
        ("hosts = 3", "must be written as [[hosts]] tables"),
        ("exclude = [1]", "'exclude' must be a string or a list of strings"),
        ("a = = b", "line 1"),
        ("select = 'NFT11'\nignore = ['NFT1', 'nft101']", "no rule 'NFT11'"),
        ("ignore = ['NFT1', 'nft101']", "no rule 'nft101'"),
        ("iptables = ['1.8.9', 'new']", "'iptables': 'new' is no version"),
        ("kube-router = '2.x'", "'kube-router': '2.x' is no version"),
        ("hosts = [{tag = 'k3s', iptables = '1.8.9.'}]", "'1.8.9.' is no version"),
    ],
)
def test_mistakes_name_the_file_and_the_key(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path / "nftlint.toml", text)
    with pytest.raises(ConfigError) as caught:
        read_config(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_the_nearest_configuration_holds(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    write(tmp_path / "pyproject.toml", "[tool.nftlint]\nselect = ['NFT101']\n")
    assert Configs(Options())(deep).select == ("NFT101",)
    write(tmp_path / "a" / "pyproject.toml", "[project]\nname = 'x'\n")
    assert Configs(Options())(deep).select == ("NFT101",)
    write(tmp_path / "a" / "nftlint.toml", "select = ['NFT002']\n")
    assert Configs(Options())(deep).select == ("NFT002",)


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("*.sh", "a/b/x.sh", True),
        ("*.sh", "x.sh.txt", False),
        ("a/*.sh", "a/x.sh", True),
        ("a/*.sh", "a/b/x.sh", False),
        ("a/**", "a/b/x.sh", True),
        ("a/**/x.sh", "a/x.sh", True),
        ("**/x.sh", "x.sh", True),
        ("vendor", "a/vendor/b/x.sh", True),
        ("a/", "a/b", True),
        ("a", "ab", False),
        ("[!a].sh", "b.sh", True),
        ("[!a].sh", "a.sh", False),
        ("a?.sh", "ab.sh", True),
        ("**", "anything/at/all", True),
        ("a[!b]c", "a/c", False),
        ("*?**/a", "ab/a", True),
        ("*a*ab", "aaab", True),
        ("*a" * 60 + "b", "a" * 200, False),
        ("**/" * 40 + "*a" * 50 + "c", "a" * 200, False),
    ],
)
def test_globs(glob: str, path: str, *, expected: bool) -> None:
    assert matches_any(PurePosixPath(path), (glob,)) is expected


@pytest.mark.parametrize(
    ("said", "judged"),
    [
        (["1.8.9"], ("1.8.9",)),
        (["1.8.6"], ("1.8.5", "1.8.7")),
        (["1.9.0", "1.8.9"], ("1.8.9", "1.8.13")),
        (["1.6"], ("1.8.2",)),
        (["v1.8.10"], ("1.8.10",)),
    ],
)
def test_a_version_that_was_not_measured_stands_for_its_neighbours(
    tmp_path: Path, said: list[str], judged: tuple[str, ...]
) -> None:
    config = read_config(write(tmp_path / "nftlint.toml", f"iptables = {said}\n"))
    assert versions_in_question(config, ()) == judged
