"""From paths to candidates."""

from __future__ import annotations

import base64
import gzip
import os
from pathlib import Path

import pytest

from nftlint.discover import Candidate, Unreadable, collect
from nftlint.needles import may_matter
from nftlint.sieve import looking


def found(*paths: Path, excluded: str = "") -> list[str]:
    items = collect(list(paths), lambda path: bool(excluded) and excluded in str(path)).items
    return [
        item.path.name if isinstance(item, Candidate) else f"{item.uri}: {item.reason}"
        for item in items
    ]


def test_a_walk_takes_each_file_with_the_word_once(tmp_path: Path) -> None:
    (tmp_path / "b.sh").write_bytes(b"nft list")
    (tmp_path / "a.sh").write_bytes(b"echo")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x").write_bytes(b"nft")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "c").write_bytes(b"# nft")
    (tmp_path / "link.sh").symlink_to("b.sh")
    (tmp_path / "loop").symlink_to(".")
    os.mkfifo(tmp_path / "fifo")
    assert found(tmp_path) == ["b.sh", "c"]
    assert found(tmp_path, tmp_path / "b.sh") == ["b.sh", "c"]
    assert found(tmp_path, excluded="deep") == ["b.sh"]
    assert found(tmp_path / "b.sh", excluded="b.sh") == []


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    items = collect([tmp_path / "no", tmp_path / "fifo"], lambda _: False).items
    assert [(item.reason, item.usage) for item in items if isinstance(item, Unreadable)] == [
        ("No such file or directory", True),
        ("not a regular file", False),
    ]


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("#!/bin/sh\n" + "true\n" * 50, []),
        ("#!/bin/sh\n" + "true\n" * 50 + "nft list ruleset\n", ["#!/bin/s"]),
        ("#!/bin/sh\n" + "true\n" * 500, ["#!/bin/s"]),
        ("#!\0 nft list", []),
    ],
)
def test_of_a_large_file_the_beginning_is_taken_if_it_may_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, met: list[str]
) -> None:
    for name, value in {"SIZE_LIMIT": 8, "HEAD": 8, "_PIECE": 7, "_FIRST": 4}.items():
        monkeypatch.setattr(looking, name, value)
    (tmp_path / "large.sh").write_text(text)
    for path, wanted in ((tmp_path, met), (tmp_path / "large.sh", [text[:8]])):
        items = collect([path], lambda _: False).items
        heads = [one.data.decode() for one in items if isinstance(one, Candidate) and not one.whole]
        assert heads == wanted


@pytest.mark.parametrize("before", ["", "x", "xy", "xyz"])
def test_nft_in_base64_is_not_overlooked(before: str) -> None:
    payload = base64.b64encode(f"{before}nft add rule".encode())
    assert b"nft" not in payload
    for said in (b"encoding: b64\n", b"Content-Transfer-Encoding: BASE64\n\n", b"!!binary "):
        assert may_matter(said + payload)
        assert may_matter(said + b"\n  ".join(payload[at : at + 5] for at in range(0, 24, 5)))
    assert not may_matter(b"certificate: " + payload)


def packed(text: bytes) -> bytes:
    return b"encoding: gz+b64\ncontent: " + base64.b64encode(gzip.compress(text, mtime=0))


def test_gzip_in_base64_is_looked_into() -> None:
    assert not may_matter(packed(b"echo hello\n"))
    assert not may_matter(packed(packed(b"echo hello\n")))
    for text in (b"nft list", packed(b"nft list"), b"iptables -F", b"echo\n" * 1_000_000):
        assert may_matter(packed(text))
    whole = packed(b"echo hello\n" * 9)
    assert may_matter(whole[:-30])
    assert may_matter(whole.rstrip(b"=") + b"AAAA")
    assert may_matter(whole + b"\n" + whole.partition(b"content: ")[2][:40])
    members = gzip.compress(b"echo") + gzip.compress(b"nft list")
    assert may_matter(b"encoding: gz+b64\ncontent: " + base64.b64encode(members))


@pytest.mark.parametrize("before", ["", "x", "xy", "xyz"])
def test_iptables_in_base64_is_not_overlooked(before: str) -> None:
    inner = base64.b64encode(f"{before}iptables -F".encode())
    assert may_matter(b"encoding: b64\n" + inner)
    assert may_matter(b"encoding: b64\n" + base64.b64encode(b"encoding: gz+b64\n" + inner))


MATTERS = ["ip6tables --flush", "iptables-legacy -A", "netfilter-persistent save", "iptables-save"]
MATTERS += ["systemctl restart iptables", "- systemd:\n    name: iptables\n    state: reloaded"]
MATTERS += ["$NFT add rule ip filter INPUT accept", "${NFT} -f x", "{{ NFT }} -f x"]
MATTERS += ["FlushAllOnReload=yes", "iptables:\n  flush: true", "iptables -t nat -X"]


@pytest.mark.parametrize("text", MATTERS)
def test_what_iptables_can_break_matters(text: str) -> None:
    assert may_matter(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        *("iptables -A INPUT -j ACCEPT", "tables -F", "update-alternatives"),
        *("systemctl restart docker", "iptables -L; restart x", "mint the NFT"),
    ],
)
def test_a_clean_file_does_not_matter(text: str) -> None:
    assert not may_matter(f"#!/bin/sh\n{text}\n".encode())
