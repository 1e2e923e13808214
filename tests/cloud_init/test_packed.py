"""User-data that is gzip as a file: read as what it holds, and packed again."""

from __future__ import annotations

import gzip
from io import BytesIO
from pathlib import Path

import pytest

from nftlint.cli import main
from nftlint.packed import MAX_UNPACKED, pack, unpack

RULE = b"nft add rule ip filter INPUT tcp dport 22 accept"
FIXED = b"iptables -A INPUT -p tcp --dport 22 -j ACCEPT"
CONFIG = b"#cloud-config\nruncmd:\n  - %s\n"
HEADERS = {
    "plain": b"\x1f\x8b\x08\0\x07\0\0\0\x02\x03",
    "name": b"\x1f\x8b\x08\x08\x07\0\0\0\x02\x03user-data\0",
    "everything": b"\x1f\x8b\x08\x1c\x07\0\0\0\x02\x03\x02\0abuser-data\0why\0",
}


def checked(path: Path, *options: str) -> int:
    words = ["check", "--assume-tag", "kube-router", "--output-format", "concise", *options]
    return main([*words, str(path)])


@pytest.mark.parametrize("name", ["user-data", "user-data.gz", "seed.bin"])
@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_what_is_packed_is_found_at_its_line_and_fixed_with_the_same_header(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, header: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(pack(CONFIG % RULE, header))
    assert gzip.decompress(path.read_bytes()) == CONFIG % RULE
    assert checked(tmp_path) == 1
    told = capsys.readouterr().out
    assert f"{name}:3:5: " in told
    assert "(line 3 of the unpacked text)" in told
    assert checked(path, "--fix") == 0
    assert path.read_bytes().startswith(header)
    assert gzip.decompress(path.read_bytes()) == CONFIG % FIXED


def test_standard_input_stays_packed(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    class Input:
        buffer = BytesIO(gzip.compress(CONFIG % RULE))

    monkeypatch.setattr("sys.stdin", Input)
    checked(Path("-"), "--fix")
    assert gzip.decompress(capfdbinary.readouterr().out) == CONFIG % FIXED


WHOLE = gzip.compress(CONFIG % RULE)
BAD = {
    "bomb": (gzip.compress(CONFIG + b"#" * MAX_UNPACKED * 4), "more than 16 MB"),
    "short": (WHOLE[:-9], "ends too early"),
    "spoiled": (WHOLE[:-8] + b"\0" * 8, "incorrect data check"),
    "members": (WHOLE + gzip.compress(b"") * 100_000, "more than 64 members"),
    "garbage": (WHOLE + b"garbage", "not valid gzip"),
    "latin-1": (gzip.compress(CONFIG % b"echo \xe9 # nft"), "not UTF-8"),
}


@pytest.mark.parametrize(("data", "message"), BAD.values(), ids=BAD)
def test_what_cannot_be_unpacked_is_a_finding_and_is_never_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, message: str
) -> None:
    path = tmp_path / "user-data"
    path.write_bytes(data)
    assert checked(tmp_path, "--fix") == 1
    told = capsys.readouterr().out
    assert "NFT001" in told
    assert message in told
    assert path.read_bytes() == data


def test_what_is_no_text_of_a_known_kind_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "nft.8.gz").write_bytes(gzip.compress(b".TH nft 8\n.B " + RULE))
    (tmp_path / "x.tar.gz").write_bytes(gzip.compress(b"fw.sh\0" + RULE))
    assert checked(tmp_path) == 0
    assert checked(tmp_path / "nft.8.gz") == 1


def test_members_are_one_text() -> None:
    data = gzip.compress(b"a") + gzip.compress(b"b") + b"\0\0"
    assert unpack(data).data == b"ab"
