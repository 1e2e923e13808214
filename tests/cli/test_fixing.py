"""``check --fix`` and its kin, as users run them."""

from __future__ import annotations

import os
import pty
import resource
import select
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

DIRTY = "#!/bin/sh\nnft add rule ip filter INPUT ct state new accept\n"
FIXED = "#!/bin/sh\niptables -A INPUT -m conntrack --ctstate NEW -j ACCEPT\n"
UNFIXABLE = "#!/bin/sh\nnft add rule ip filter INPUT ip saddr @blocked drop\n"


def test_only_fixing_says_nothing_of_what_is_left(node, nftlint):
    (node / "b.sh").write_text(UNFIXABLE.replace("@blocked", "@blocked iifname @x"))
    (node / "nftlint.toml").write_text(
        '[[hosts]]\ntag = "kube-router"\npaths = ["a.sh"]\n'
        '[[hosts]]\ntag = "kube-router"\npaths = ["b.sh"]\n'
    )
    done = nftlint("check", "--fix-only")
    assert (done.returncode, done.stdout) == (0, "Fixed 1 finding.\n")
    assert (node / "a.sh").read_text() == FIXED
    assert nftlint("check").returncode == 1


def test_only_fixing_says_what_could_not_be_read(node, nftlint):
    done = nftlint("check", "--fix-only", "a.sh", "missing.sh")
    assert (done.returncode, done.stdout) == (2, "Fixed 1 finding.\n")
    assert done.stderr == "missing.sh: error: No such file or directory\n"


def test_fixes_are_listed(node, nftlint):
    (node / "b.sh").write_text(DIRTY + DIRTY)
    done = nftlint("check", "--fix", "--show-fixes")
    assert done.returncode == 0
    assert done.stdout == (
        "No problems found in 3 files.\nFixed 3 findings:\n"
        "- a.sh:\n    1 of NFT101 native-rule-in-managed-chain\n"
        "- b.sh:\n    2 of NFT101 native-rule-in-managed-chain\n"
    )


def test_only_the_selected_rules_are_fixed(node, nftlint):
    before = f"{DIRTY}true # nftlint: ignore[NFT001] x\n"
    (node / "a.sh").write_text(before)
    nftlint("check", "--fix", "--select", "NFT001,NFT003")
    assert (node / "a.sh").read_text() == f"{DIRTY}true\n"
    nftlint("check", "--fix", "--select", "NFT1")
    assert (node / "a.sh").read_text() == f"{FIXED}true\n"


def test_a_rule_that_is_not_selected_stays_in_a_call_of_two(node, nftlint):
    """A flush is another rule's; what the call says of it stays with nft."""
    text = "nft 'flush chain ip filter INPUT; add rule ip filter INPUT ct state new accept'\n"
    (node / "a.sh").write_text(text)
    nftlint("check", "--fix", "--unsafe-fixes", "--select", "NFT101")
    after = (node / "a.sh").read_text()
    assert "nft 'flush chain ip filter INPUT'" in after
    assert "iptables -A INPUT" in after


def test_a_diff_exits_with_1_where_something_would_change(node, nftlint):
    done = nftlint("check", "--diff")
    assert done.returncode == 1
    subprocess.run(["git", "apply"], cwd=node, input=done.stdout, text=True, check=True)
    assert (node / "a.sh").read_text() == FIXED
    done = nftlint("check", "--diff")
    assert (done.returncode, done.stdout) == (0, "")


ATTACHED = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "os.execv(sys.executable, [sys.executable, '-m', 'nftlint', 'check', '--interactive'])"
)
"""Takes standard input for its controlling terminal, so that control characters are signals."""

PATIENCE = 20
"""Seconds without a word until an answer is typed again: a terminal may drop what comes early."""


def interact(node, answers):
    """Run at a pseudo-terminal; an answer is typed at each question."""
    fd, terminal = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", ATTACHED],
        cwd=node,
        env={**os.environ, "NO_COLOR": "1", "TERM": "dumb"},
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    said, waiting, last = b"", list(answers), ""
    while True:
        if not select.select([fd], [], [], PATIENCE)[0]:
            os.write(fd, last.encode())
            continue
        try:
            chunk = os.read(fd, 4096)
        except OSError:
            break
        if not chunk:
            break
        said += chunk
        if said.endswith(b"[y,n,a,q,?]? ") and waiting:
            last = waiting.pop(0)
            os.write(fd, last.encode())
    os.close(fd)
    return child.wait(), said.decode(), waiting


@pytest.mark.parametrize("ports", ["22", "{ 22, 80 }"])
def test_a_fix_that_would_take_a_shield_away_says_so(node, ports):
    (node / "a.sh").write_text(f"{DIRTY}nft add rule ip filter INPUT tcp dport '{ports}' accept\n")
    _, said, _ = interact(node, ["q\n"])
    assert ("misread rules of its table are not written back" in said) == ("{" in ports)


def test_a_diff_says_what_it_could_not_read(node, nftlint):
    done = nftlint("check", "--diff", "a.sh", "missing.sh")
    assert done.returncode == 2
    assert "missing.sh" in done.stderr
    assert done.stdout.startswith("--- a/a.sh\n")


INPUT = {
    # options: (exit status, what is printed)
    ("--fix",): (0, FIXED),
    ("--fix", "--select", "NFT003"): (0, DIRTY),
    ("--fix", "--ignore", "NFT002"): (0, FIXED),
}


@pytest.mark.parametrize("options", INPUT, ids=" ".join)
def test_standard_input_is_printed_fixed(nftlint, options):
    done = nftlint("check", "--assume-tag", "kube-router", *options, "-", input=DIRTY)
    assert (done.returncode, done.stdout) == INPUT[options]


@pytest.mark.parametrize(("option", "status"), [("--fix", 1), ("--fix-only", 0)])
def test_what_is_left_of_standard_input_fails_the_run(nftlint, option, status):
    done = nftlint("check", "--assume-tag", "kube-router", option, "-", input=UNFIXABLE)
    assert (done.returncode, done.stdout) == (status, UNFIXABLE)


ANSWERS = {
    # answers: (which of three rules are fixed, exit status)
    ("y\n", "y\n", "y\n"): ("yyy", 0),
    ("n\n", "y\n", "n\n"): ("nyn", 1),
    ("a\n",): ("yyy", 0),
    ("n\n", "a\n"): ("nyy", 1),
    ("y\n", "q\n"): ("ynn", 1),
    ("?\n", "what\n", "y\n", "q\n"): ("ynn", 1),
    ("y\n", "\x04"): ("ynn", 1),
    ("y\n", "\x03"): ("nnn", 130),
}


@pytest.mark.parametrize("answers", ANSWERS, ids=repr)
def test_fixes_are_taken_one_by_one(node, answers):
    which, status = ANSWERS[answers]
    old, new = DIRTY.splitlines()[1], FIXED.splitlines()[1]
    (node / "a.sh").write_text(f"{old}\n" * 3)
    found, said, left = interact(node, answers)
    text = (node / "a.sh").read_text()
    assert text == "".join(f"{new if letter == 'y' else old}\n" for letter in which)
    assert (found, left) == (status, [])
    assert "1 - nft add rule" in said
    assert "1 + iptables -A INPUT" in said
    assert "Traceback" not in said


def test_interactive_needs_a_terminal(nftlint):
    done = nftlint("check", "--interactive", stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert "terminal" in done.stderr


def test_a_file_that_cannot_be_written_whole_stays_as_it_was(node, nftlint):
    before = DIRTY + "# padding\n" * 1000
    (node / "a.sh").write_text(before)
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (4096, 4096))
    done = nftlint("check", "--fix-only", preexec_fn=limit)
    assert done.returncode == 2
    assert done.stderr == "nftlint: a.sh: not fixed: File too large\n"
    assert (node / "a.sh").read_text() == before
    assert sorted(path.name for path in node.iterdir()) == ["a.sh", "nftlint.toml"]


FULL_DISK = """\
mount -t tmpfs -o size=64k none "$1" && cp "$2"/* "$1" && cd "$1" || exit 99
dd if=/dev/zero of=filler bs=4096 2>/dev/null
"$3" -m nftlint check --fix-only a.sh
echo "status $?"
cmp a.sh "$2/a.sh" && ls -A
"""


@pytest.mark.kernel
def test_a_full_disk_costs_no_file(node, tmp_path_factory):
    mount = tmp_path_factory.mktemp("mount")
    (node / "a.sh").write_text(DIRTY + "# padding\n" * 1000)
    unshare = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-Urm"]
    command = [*unshare, "sh", "-c", FULL_DISK, "sh", str(mount), str(node), sys.executable]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 99:
        pytest.skip(f"no file system can be mounted here: {done.stderr}")
    assert done.stderr == "nftlint: a.sh: not fixed: No space left on device\n"
    assert done.stdout.split("\n") == ["status 2", "a.sh", "filler", "nftlint.toml", ""]


def test_killed_at_random_points_it_leaves_whole_files():
    """The short form of ``scripts/kill_fixes.py``."""
    script = Path(__file__).parents[2] / "scripts" / "kill_fixes.py"
    command = [sys.executable, script, "--kills", "40", "--seed", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 files lost or half-written" in done.stdout


MISREAD = "#!/bin/sh\nnft add rule ip filter INPUT tcp dport { 22, 80 } accept\n"


def test_what_cannot_be_written_keeps_its_shield(node, nftlint):
    """b.sh stays misread; mending a.sh, which keeps the table from being listed, would widen it."""
    (node / "b.sh").write_text(MISREAD)
    (node / "b.sh").chmod(0o444)
    done = nftlint("check", "--fix")
    assert (node / "a.sh").read_text() == DIRTY
    assert (node / "b.sh").read_text() == MISREAD
    assert done.returncode == 2
    read_only, left_out = done.stderr.splitlines()
    assert read_only == "nftlint: b.sh: not fixed: it is read-only"
    assert left_out.startswith("nftlint: a.sh: fixes left out: b.sh:2 is misread in the same table")
    (node / "b.sh").chmod(0o644)
    assert nftlint("check", "--fix").returncode == 0
    assert "iptables" in (node / "a.sh").read_text()
    assert "iptables" in (node / "b.sh").read_text()


def test_what_is_misread_is_written_before_its_shield(node, nftlint):
    """The larger file cannot be written, which nobody knows before it is tried."""
    (node / "b.sh").write_text(MISREAD + "# padding\n" * 1000)
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (4096, 4096))
    done = nftlint("check", "--fix-only", preexec_fn=limit)
    assert "nftlint: b.sh: not fixed: File too large\n" in done.stderr
    assert (node / "a.sh").read_text() == DIRTY


def test_unsafe_fixes_are_taken_all_the_same(node, nftlint):
    (node / "b.sh").write_text(MISREAD)
    (node / "b.sh").chmod(0o444)
    done = nftlint("check", "--fix", "--unsafe-fixes")
    assert done.stderr == "nftlint: b.sh: not fixed: it is read-only\n"
    assert (node / "a.sh").read_text() == FIXED
