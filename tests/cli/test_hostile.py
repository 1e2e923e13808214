"""Input that nobody writes, or somebody does on purpose: the run ends, and says what is wrong."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from nftlint.output import format_names
from nftlint.sieve.looking import opened
from nftlint.sieve.sift import sift
from nftlint.sieve.walk import Trouble

DIRTY = "#!/bin/sh\nnft add rule ip filter INPUT ct state new accept\n"
SECONDS = 120
"""Of wall time: a run takes some seconds, but the machine may have a dozen others to do."""
MEMORY = 2 * 1024**3
LITTLE = 150 * 1024**2
LIBC = ctypes.CDLL(None)
PR_CAPBSET_DROP = 24
READING = (1, 2)
"""``CAP_DAC_OVERRIDE`` and ``CAP_DAC_READ_SEARCH``; source: linux/capability.h, prctl(2)."""
TAGGED = ("--assume-tag", "kube-router")


def limited() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def unprivileged() -> None:
    """Let what is run next read only what its modes allow, though it should be root's."""
    limited()
    if os.geteuid() == 0:
        for capability in READING:
            assert LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0


def check(
    directory: Path,
    *arguments: str,
    options: tuple[str, ...] = TAGGED,
    before: Callable[[], None] = limited,
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "nftlint", "check", *options, *arguments]
    done = subprocess.run(
        command,
        cwd=directory,
        capture_output=True,
        check=False,
        timeout=SECONDS,
        preexec_fn=before,
        stdin=subprocess.DEVNULL,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    assert b"defect" not in done.stdout + done.stderr, done.stdout.decode()
    return done


NAMES = [
    "new\nline.sh",
    "escape\x1b[31m\x07.sh",
    "::error file=x::.sh",
    "<&\"'>.sh",
    "bidi\u202e.sh",
]


@pytest.fixture(scope="module")
def odd_names(tmp_path_factory):
    top = tmp_path_factory.mktemp("names")
    for name in (*map(os.fsencode, NAMES), b"no\xfftext.sh"):
        Path(os.fsdecode(bytes(top) + b"/" + name)).write_text(DIRTY)
    return top


@pytest.mark.parametrize("name", format_names())
def test_a_name_does_no_harm_in_any_format(odd_names, name):
    done = check(odd_names, "--output-format", name)
    assert done.returncode == 1
    text = done.stdout.decode("utf-8")
    assert not set(text) & set("\x1b\x07\u202e")
    if name in ("json", "sarif", "rdjson", "gitlab"):
        json.loads(text)
    elif name in ("json-lines", "rdjsonl"):
        assert len([json.loads(line) for line in text.splitlines()]) == len(NAMES) + 1
    elif name == "junit":
        ET.fromstring(text)
    elif name == "github":
        assert text.count("::error title=") == len(NAMES) + 1
        assert "\n::error file=x::" not in text


def test_files_of_odd_names_are_fixed(odd_names, tmp_path):
    for path in odd_names.iterdir():
        (tmp_path / path.name).write_text(DIRTY)
    assert check(tmp_path, "--fix").returncode == 0
    assert {path.read_text() == DIRTY for path in tmp_path.iterdir()} == {False}


def test_what_is_no_file_is_passed_by(tmp_path):
    (tmp_path / "itself").symlink_to("itself")
    (tmp_path / "nowhere.sh").symlink_to("gone")
    (tmp_path / "above").symlink_to(".")
    (tmp_path / "zero.sh").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "fifo.sh")
    (tmp_path / "a.sh").write_text(DIRTY)
    (tmp_path / "twice.sh").symlink_to("a.sh")
    done = check(tmp_path, "--output-format", "concise")
    assert done.stdout.decode().splitlines()[1] == "Found 1 problem in 1 of 2 files."
    for name in ("itself", "nowhere.sh", "fifo.sh", "zero.sh"):
        assert check(tmp_path, name).returncode == 2


PRINTING = {
    "clean": ("check", "clean.sh"),
    "findings": ("check", *TAGGED, "a.sh"),
    "json": ("check", *TAGGED, "--output-format", "json", "a.sh"),
    "diff": ("check", *TAGGED, "--diff", "a.sh"),
    "hosts": ("hosts", "."),
    "rules": ("rules",),
    "translate": ("translate", "add rule ip filter INPUT tcp dport 22 accept"),
}


def shell(directory: Path, command: tuple[str, ...], more: str) -> subprocess.CompletedProcess[str]:
    """Run nftlint from a shell that does ``more`` about its streams."""
    line = f'exec "$@" {more}'
    words = ["sh", "-c", line, "sh", sys.executable, "-m", "nftlint", *command]
    done = subprocess.run(
        words, cwd=directory, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    return done


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("name", PRINTING)
def test_a_full_or_closed_output_is_no_crash(tmp_path, monkeypatch, name, unbuffered):
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    (tmp_path / "a.sh").write_text(DIRTY)
    (tmp_path / "clean.sh").write_text("echo\n")
    full = shell(tmp_path, PRINTING[name], ">/dev/full")
    assert (full.returncode, full.stderr.count("No space left on device")) == (2, 1)
    usual = shell(tmp_path, PRINTING[name], "").returncode
    for closed in (">&-", "2>&-", "2>/dev/full"):
        assert shell(tmp_path, PRINTING[name], closed).returncode == usual


def test_a_closed_input_and_a_directory_that_is_gone_are_said(tmp_path):
    assert "standard input is closed" in shell(tmp_path, ("check", "-"), "<&-").stderr
    (tmp_path / "gone").mkdir()
    words = ["sh", "-c", 'rmdir ../gone; exec "$@"', "sh", sys.executable, "-m", "nftlint", "check"]
    done = subprocess.run(
        words, cwd=tmp_path / "gone", capture_output=True, text=True, check=False, timeout=SECONDS
    )
    assert done.stderr == "nftlint: error: the working directory is gone\n"
    assert done.returncode == 2


def test_what_may_not_be_read_is_said(tmp_path):
    (tmp_path / "shut").mkdir(mode=0)
    (tmp_path / "a.sh").write_text("nft")
    (tmp_path / "a.sh").chmod(0)
    done = check(tmp_path, before=unprivileged)
    assert done.returncode == 2
    assert done.stdout.count(b"Permission denied") == 2


@pytest.mark.parametrize("arguments", [TAGGED, ()], ids=["tagged", "untagged"])
def test_directories_may_lie_as_deep_as_the_system_lets_them(tmp_path, arguments):
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    (tmp_path / "nftlint.toml").write_text("")
    deepest = tmp_path / ("d/" * 1500) / "b.sh"
    for path in (tmp_path / "a.sh", deepest):
        path.write_text(DIRTY)
    try:
        done = check(tmp_path, options=arguments)
        assert done.returncode == (1 if arguments else 0), done
        assert b"2 " in done.stdout + done.stderr
        assert check(tmp_path, str(deepest), options=arguments).returncode == done.returncode
    finally:  # pytest's own cleaning up would be recursive
        subprocess.run(["rm", "-rf", tmp_path / "d"], check=True)


def test_a_tree_may_change_while_it_is_read(tmp_path):
    for name in ("a.sh", "b.sh", "c.sh", "d.sh"):
        (tmp_path / name).write_text(DIRTY)

    def change(_directory, _names):
        (tmp_path / "a.sh").unlink()
        (tmp_path / "b.sh").unlink()
        os.mkfifo(tmp_path / "b.sh")
        (tmp_path / "c.sh").unlink()
        (tmp_path / "c.sh").mkdir()

    items = list(opened(sift([str(tmp_path)], change)[0]))
    told = [(Path(item.name).name, item.reason) for item in items if isinstance(item, Trouble)]
    assert told == [("a.sh", "No such file or directory"), ("c.sh", "Is a directory")]
    assert [Path(item.name).name for item in items if not isinstance(item, Trouble)] == ["d.sh"]


DEEP = 5000
LARGE = {
    "line.sh": "#!/bin/sh\necho " + "a" * 20_000_000 + f"\n{DIRTY}",
    "words.sh": f"#!/bin/sh\n{DIRTY}echo " + "a " * 600_000,
    "commands.sh": "#!/bin/sh\n" + "a;" * 600_000 + DIRTY,
    "instructions/Dockerfile": "FROM a\n" + "RUN echo a\n" * 300_000 + f"RUN {DIRTY[10:]}",
    "lines.sh": "#!/bin/sh\n" + "echo a # b\n" * 4000 + DIRTY,
    "parentheses.sh": "#!/bin/sh\n" + "( " * DEEP + DIRTY + " )" * DEEP,
    "substitutions.sh": "#!/bin/sh\necho " + "$(" * DEEP + "nft" + ")" * DEEP + f"\n{DIRTY}",
    "ifs.sh": "#!/bin/sh\n" + "if true; then\n" * DEEP + DIRTY + "fi\n" * DEEP,
    "quotes.sh": "#!/bin/sh\n" + 'echo "$(echo "' * DEEP + DIRTY,
    "heredocs.sh": "#!/bin/sh\n" + "".join(f"cat <<E{n}\n" for n in range(1000)) + DIRTY,
    "braces.nft": "table ip filter { chain x { " + "{ " * DEEP + "}" * DEEP + " } }\n",
    "flow.yml": "- hosts: all\n  tasks:\n  - shell: nft list ruleset\n    x: " + "[" * DEEP,
    "blocks.yml": "#cloud-config\n" + "".join(f"{' ' * n}a:\n" for n in range(1000)) + "# nft\n",
    "aliases.yml": "#cloud-config\n# nft\na0: &a0 [x, x]\n"
    + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    + "runcmd: *a59\n",
}


@pytest.mark.parametrize("name", LARGE)
def test_deep_and_endless_texts_take_bounded_time_and_memory(tmp_path, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(LARGE[name])
    (tmp_path / "other.sh").write_text(DIRTY)
    done = check(tmp_path, "--output-format", "concise")
    assert done.returncode in (1, 2)
    assert b"other.sh:2:1: error: NFT101" in done.stdout


def test_a_file_of_100_mb_is_said_to_be_too_large(tmp_path):
    with (tmp_path / "a.sh").open("wb") as stream:
        stream.write(DIRTY.encode())
        stream.truncate(100 * 1024**2)
    with (tmp_path / "b.sh").open("wb") as stream:
        stream.writelines([b"#!/bin/sh\n", *[b"# comment\n" * 100_000] * 100, DIRTY.encode()])
    done = check(tmp_path, "--output-format", "concise", "a.sh", "b.sh")
    assert done.returncode == 1
    assert done.stdout.count(b"NFT001") == 2


@pytest.fixture
def no_callbacks():
    """Without what other tests have the garbage collector call: what is raised there is lost."""
    kept = gc.callbacks[:]
    gc.callbacks.clear()
    gc.collect()
    yield
    gc.callbacks[:] = kept


def test_what_takes_too_long_is_given_up(tmp_path, monkeypatch, no_callbacks):
    from nftlint import lint as module
    from nftlint.configs import Options
    from nftlint.patience import patient

    monkeypatch.setattr(module, "patient", lambda: patient(0.05))
    (tmp_path / "slow.sh").write_text(DIRTY + "echo a\n" * 20_000)
    (report,) = [module.lint([tmp_path], Options(assume_tags=("kube-router",))).report]
    assert [failure.message for failure in report.failures] == [
        "not read: it would take more than 60 s"
    ]


def test_what_takes_too_much_memory_costs_no_other_file(tmp_path):
    (tmp_path / "a.sh").write_text(DIRTY + "a;" * 200_000)
    (tmp_path / "b.sh").write_text(DIRTY)

    def short() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (LITTLE, LITTLE))

    done = check(tmp_path, "--output-format", "concise", before=short)
    assert done.returncode == 2
    assert b"a.sh: error: not read: there is not enough memory for it" in done.stdout
    assert b"b.sh:2:1: " in done.stdout
