"""Work shared among processes gives what one process gives."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nftlint.sieve import search, sharing
from nftlint.sieve.looking import Suspect
from nftlint.sieve.sharing import SHARES, shared
from nftlint.sieve.sift import sift
from nftlint.sieve.walk import Trouble

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not copied here")


def listed(numbers):
    return list(numbers)


@pytest.mark.parametrize("jobs", [1, 2, 3, 7])
@pytest.mark.parametrize("count", [0, 1, 2, 6, SHARES])
def test_every_share_is_done_once(jobs, count):
    answers = shared(count, listed, jobs)
    assert len(answers) == jobs
    assert sorted(number for answer in answers for number in answer) == list(range(count))


@pytest.mark.parametrize("how", ["dies", "raises", "half"])
def test_what_a_process_cannot_answer_is_done_here(how):
    here = os.getpid()

    def work(numbers):
        if os.getpid() == here:
            return list(numbers)
        if how == "half":
            next(numbers)
        if how != "raises":
            os._exit(1)
        raise ValueError

    answers = shared(100, work, 3)
    assert sorted(number for answer in answers for number in answer) == list(range(100))


def test_without_more_processes_all_is_done_here(monkeypatch):
    def none() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", none)
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    assert shared(3, listed, 4) == [[0, 1, 2]]
    assert len(list(Path("/proc/self/fd").iterdir())) == open_before


def test_a_long_answer_arrives_whole():
    assert shared(0, lambda _: b"\1" * 1_000_000, 2) == [b"\1" * 1_000_000] * 2


def test_an_error_here_leaves_no_process_behind():
    here = os.getpid()

    def work(_numbers):
        if os.getpid() == here:
            raise KeyError

    with pytest.raises(KeyError):
        shared(2, work, 2)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def nothing(_directory, _names):
    return None


@pytest.fixture
def eager(monkeypatch):
    """However little there is to do, it is shared."""
    for name, value in {"_SHARE": 1, "_LOT": 2, "_WAITING": 3}.items():
        monkeypatch.setattr(search, name, value)


@pytest.fixture
def tree(tmp_path):
    for number in range(60):
        place = tmp_path / f"d{number % 7}" / f"e{number % 3}"
        place = tmp_path if number % 5 == 0 else place
        place.mkdir(parents=True, exist_ok=True)
        text = {0: "nft add rule", 1: "apt install nftables\n"}.get(number % 4, "echo")
        (place / f"{number}.sh").write_text(text)
    (tmp_path / "d").write_text("nft")
    (tmp_path / "d1.sh").write_text("nft")
    (tmp_path / "nft.sh").write_text("")
    (tmp_path / "no\udcfftext.sh").write_text("nft")
    return tmp_path


def found(paths, jobs, gate=nothing):
    items, files = sift([str(path) for path in paths], gate, jobs=jobs)
    return files, [
        (item.name, isinstance(item, Suspect) and item.idle, isinstance(item, Trouble))
        for item in items
    ]


def test_a_tree_is_the_same_for_any_number_of_processes(eager, tree):
    one = found([tree], 1)
    assert one[0] == 64
    assert len(one[1]) == 34
    assert sum(idle for _, idle, _ in one[1]) == 15
    assert one == found([tree], 2) == found([tree], 5)


def test_it_is_shared(eager, tree, monkeypatch):
    kept = []

    def watched(count, work, jobs):
        kept.append((count, jobs))
        return shared(count, work, jobs)

    monkeypatch.setattr(sharing, "shared", watched)
    found([tree], 2)
    assert [jobs for _, jobs in kept] == [2]
    assert kept[0][0] > 5


def test_the_order_is_that_of_a_walk(eager, tree):
    names = [name for name, _, _ in found([tree], 2)[1]]
    assert names == sorted(names, key=lambda name: name.split("/"))


def test_directories_that_cannot_be_read_are_told_in_their_place(eager, tree, monkeypatch):
    scandir = os.scandir

    def shut(path):
        if str(path).endswith(("/e1", "/d3")):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", shut)
    one, two = found([tree], 1), found([tree], 3)
    assert one == two
    assert sum(trouble for _, _, trouble in one[1]) == 7


def test_paths_that_meet_give_each_file_once(eager, tree):
    alone = found([tree], 2)
    for paths in ([tree, tree / "d1"], [tree, tree / "d1.sh", tree], [tree, f"{tree}/./d2/e0"]):
        assert found(paths, 2) == alone
    assert found([tree / "d1", tree], 2)[0] == alone[0]
    apart = found([tree / "d1", tree / "d2", tree / "d1.sh"], 2)
    assert apart[0] == found([tree / "d1"], 1)[0] + found([tree / "d2"], 1)[0] + 1


def test_a_configuration_that_cannot_be_used_is_said_whoever_meets_it(eager, tree):
    def gate(directory, _names):
        if directory.endswith("d5/e2"):
            raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        found([tree], 2, gate)
