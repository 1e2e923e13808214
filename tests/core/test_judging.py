"""Files that several processes judge: the same reports in the same order, the same errors."""

from __future__ import annotations

import os
import pickle
import time
from dataclasses import dataclass

import pytest

from nftlint.cli import main
from nftlint.config import ConfigError
from nftlint.filereport import FileReport
from nftlint.judging import judged
from nftlint.results import Failure

FORKS = hasattr(os, "fork")
forks = pytest.mark.skipif(not FORKS, reason="processes are not copied here")


@dataclass
class Numbered:
    """Stands for a unit."""

    number: int


MANY = [Numbered(number) for number in range(300)]


def report(unit: Numbered) -> FileReport:
    return FileReport(failures=(Failure(str(unit.number), f"by {os.getpid()}"),))


def who(found: list[FileReport]) -> list[str]:
    return [item.failures[0].uri for item in found]


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 40, 300])
def test_reports_come_in_order(count, jobs):
    assert who(judged(MANY[:count], report, jobs)) == [str(number) for number in range(count)]


def pids(found: list[FileReport]) -> set[str]:
    return {item.failures[0].message for item in found}


def slowly(unit: Numbered) -> FileReport:
    time.sleep(0.001)
    return report(unit)


@forks
def test_processes_share_many_files_and_not_a_few():
    own = {f"by {os.getpid()}"}
    assert pids(judged(MANY, slowly, 1)) == own
    assert pids(judged(MANY[:39], slowly, 2)) == own
    assert len(pids(judged(MANY, slowly, 2))) == 2


def test_where_there_is_no_fork_one_process_judges_all(monkeypatch):
    monkeypatch.delattr(os, "fork", raising=False)
    assert pids(judged(MANY, report, 4)) == {f"by {os.getpid()}"}


@pytest.mark.parametrize("jobs", [1, 3])
def test_of_several_wrong_configurations_the_first_is_told(jobs):
    def judge(unit: Numbered) -> FileReport:
        if unit.number > 30 and unit.number % 2:
            raise ConfigError(str(unit.number))
        return report(unit)

    with pytest.raises(ConfigError, match=r"^31$"):
        judged(MANY, judge, jobs)


@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize("error", [MemoryError, KeyboardInterrupt])
def test_what_ends_one_process_ends_all(error, jobs):
    def judge(unit: Numbered) -> FileReport:
        if unit.number == 123:
            raise error
        return report(unit)

    with pytest.raises(error):
        judged(MANY, judge, jobs)


@forks
def test_memory_that_only_a_copy_lacks_is_no_error():
    here = os.getpid()

    def judge(unit: Numbered) -> FileReport:
        if os.getpid() != here:
            raise MemoryError
        return report(unit)

    assert who(judged(MANY, judge, 3)) == [str(number) for number in range(300)]


@forks
def test_an_interrupted_run_leaves_nobody_behind():
    here = os.getpid()

    def judge(_: Numbered) -> FileReport:
        if os.getpid() != here:
            time.sleep(60)
        time.sleep(0.1)
        raise KeyboardInterrupt

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        judged(MANY, judge, 3)
    assert time.monotonic() - start < 20
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_all_of_a_report_can_be_sent(tmp_path, monkeypatch, capsys):
    """With fixes, refusals, evidence, suppressions, what is hidden, and what cannot be read."""
    monkeypatch.chdir(tmp_path)
    lines = (
        "nft add rule ip filter INPUT drop",
        "nft add rule ip filter INPUT meta skuid 0 drop # nftlint: ignore[NFT101] ours",
        "nft add rule ip filter INPUT ct state { established, related } accept",
        "nft 'add rule ip filter INPUT",
        "nft flush ruleset",
        "iptables-restore < x",
    )
    for number in range(60):
        text = f"{lines[number % len(lines)]}\nnft delete rule ip filter INPUT handle {number}\n"
        (tmp_path / f"f{number}.sh").write_text(text)
    told = []
    for jobs in ("1", "2"):
        arguments = ["check", "--jobs", jobs, "--ignore", "NFT104", "--assume-tag", "k3s"]
        status = main([*arguments, "--output-format", "sarif", "."])
        told.append((status, capsys.readouterr().out))
    assert told[0] == told[1]
    assert '"fixes"' in told[0][1]
    assert '"suppressions"' in told[0][1]


def test_a_wrong_configuration_is_an_error_that_can_be_sent():
    again = pickle.loads(pickle.dumps(ConfigError("no owner")))
    assert (type(again), str(again)) == (ConfigError, "no owner")
