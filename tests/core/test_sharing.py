"""Files shared among processes give what one process gives."""

from __future__ import annotations

import os

import pytest

from nftlint.sieve import sift as module
from nftlint.sieve.sharing import chosen, shared
from nftlint.sieve.sift import sift

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not copied here")


@pytest.mark.parametrize("jobs", [1, 2, 3, 7])
@pytest.mark.parametrize("count", [0, 1, 2, 6, 1000])
def test_every_name_is_asked_for_once_and_in_order(jobs, count):
    names = [str(number) for number in range(count)]
    assert chosen(names, lambda name: int(name) % 3 == 0, jobs) == names[::3]


def test_what_a_process_cannot_answer_is_done_here():
    here = os.getpid()

    def work(first: int, end: int) -> bytes:
        if os.getpid() != here and first == 4:
            os._exit(1)
        if os.getpid() != here and first == 2:
            raise ValueError
        return f"{first}-{end}".encode()

    assert shared(6, work, 3) == [b"0-2", b"2-4", b"4-6"]


def test_a_long_answer_arrives_whole():
    assert shared(2, lambda first, _end: bytes([first]) * 1_000_000, 2)[1] == b"\1" * 1_000_000


def test_an_error_here_leaves_no_process_behind():
    def work(first: int, _end: int) -> bytes:
        if first == 0:
            raise KeyError
        return b""

    with pytest.raises(KeyError):
        shared(2, work, 2)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_tree_is_the_same_for_any_number_of_processes(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_SHARE", 2)
    for number in range(40):
        text = "nft add rule" if number % 7 == 0 else "echo"
        (tmp_path / f"{number}.sh").write_text(text)
    (tmp_path / "gone.sh").write_text("echo")

    def found(jobs: int) -> list[str]:
        items, files = sift([str(tmp_path)], lambda _directory, _names: None, jobs=jobs)
        assert files == 41
        return [item.name for item in items]

    assert len(found(1)) == 6
    assert found(1) == found(2) == found(5)
