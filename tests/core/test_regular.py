"""Files that nobody named are read whole, or not at all, without waiting."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nftlint.regular import read_regular

LARGEST = 3 * 1024 * 1024


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024, LARGEST])
def test_a_file_is_read_whole(tmp_path: Path, size: int) -> None:
    data = os.urandom(size)
    (tmp_path / "a").write_bytes(data)
    (tmp_path / "b").symlink_to("a")
    assert read_regular(tmp_path / "b", LARGEST) == data


def refused(path: Path) -> str:
    with pytest.raises(OSError) as error:  # noqa: PT011 - of what kind differs between systems
        read_regular(path, LARGEST)
    return str(error.value)


def test_what_is_no_file_or_too_large_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "loop").symlink_to("loop")
    with (tmp_path / "large").open("wb") as stream:
        stream.truncate(LARGEST + 1)
    for name in ("fifo", "zero", "."):
        assert "not a regular file" in refused(tmp_path / name)
    assert "symbolic links" in refused(tmp_path / "loop")
    assert f"larger than {LARGEST} bytes" in refused(tmp_path / "large")


def test_no_handle_is_left_open(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    refused(tmp_path)
    os.mkfifo(tmp_path / "fifo")
    refused(tmp_path / "fifo")
    assert len(list(Path("/proc/self/fd").iterdir())) == before
