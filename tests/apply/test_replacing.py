"""A file is replaced whole, as what it was, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nftlint.artifact import Artifact
from nftlint.packed import pack, unpack
from nftlint.replacing import NotWritableError, replace_file

OLD = Artifact("x.sh", "old")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "x.sh"
    path.write_text("old")
    return path


def refused(path: Path, old: Artifact = OLD) -> str:
    before, names = path.read_bytes(), sorted(path.parent.iterdir())
    with pytest.raises(NotWritableError) as error:
        replace_file(path, old, b"new", [path.parent])
    assert (path.read_bytes(), sorted(path.parent.iterdir())) == (before, names)
    return str(error.value)


def test_a_file_keeps_its_mode_and_leaves_no_other_behind(path):
    path.chmod(0o751)
    replace_file(path, OLD, b"\xef\xbb\xbfnew\r\n", [path.parent])
    assert path.read_bytes() == b"\xef\xbb\xbfnew\r\n"
    assert path.stat().st_mode & 0o777 == 0o751
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_a_file_keeps_its_owner_and_set_user_id(path):
    os.chown(path, 12345, 54321)
    path.chmod(0o4755)
    replace_file(path, OLD, b"new", [path.parent])
    status = path.stat()
    assert (status.st_uid, status.st_gid, status.st_mode & 0o7777) == (12345, 54321, 0o4755)


def test_a_file_that_cannot_be_given_away_runs_as_nobody_else(path, monkeypatch):
    def refuse(*_):
        raise PermissionError

    path.chmod(0o6755)
    monkeypatch.setattr(os, "fchown", refuse)
    replace_file(path, OLD, b"new", [path.parent])
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o7777 == 0o755


def test_a_link_is_written_through_only_within_the_given_paths(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (outside / "target").write_text("old")
    (inside / "link").symlink_to(outside / "target")
    assert "outside the given paths" in refused(inside / "link")
    replace_file(inside / "link", OLD, b"new", [inside, outside])
    assert (outside / "target").read_text() == "new"
    assert (inside / "link").is_symlink()


def test_a_file_with_other_names_is_left(path):
    (path.parent / "other").hardlink_to(path)
    assert "2 names" in refused(path)


def test_a_read_only_file_is_left(path):
    path.chmod(0o444)
    assert refused(path) == "it is read-only"


def test_a_file_that_is_another_now_is_left(path):
    path.write_text("old, and more")
    assert "changed" in refused(path)


def test_of_gzip_the_text_is_held_against_what_was_linted(path):
    path.write_bytes(pack(b"old", b"\x1f\x8b\x08" + bytes(7)))
    packed = Artifact("x.sh", "old", unpack(path.read_bytes()).header)
    assert "changed" in refused(path, Artifact("x.sh", "other", packed.header))
    replace_file(path, packed, b"new", [path.parent])


def test_what_a_killed_run_left_is_taken_away_and_what_a_running_one_writes_is_not(path):
    replace_file(path, OLD, b"old", [path.parent])
    (path.parent / "other.sh").write_text("old")
    stem = ".nftlint-fix-fa67ffda-"
    living = [
        path.parent / f"{stem}{os.getppid()}",
        path.parent / ".nftlint-fix-00000000-999999999",
    ]
    left = [path.parent / f"{stem}{name}" for name in ("999999999", "x", os.getpid())]
    for file in (*living, *left):
        file.write_text("half")
    replace_file(path, OLD, b"new", [path.parent])
    assert [file for file in left if file.exists()] == []
    assert [file for file in living if not file.exists()] == []


def test_a_name_may_be_as_long_as_the_file_system_takes(tmp_path):
    path = tmp_path / ("x" * 252 + ".sh")
    path.write_text("old")
    replace_file(path, OLD, b"new", [tmp_path])
    assert path.read_text() == "new"
