"""Fix copies of real shell scripts, and let bash read each before and after.

    python scripts/shell_syntax.py CHECKOUT… [--moved] [--keep DIRECTORY]

Every shell script that names nft is copied and fixed by ``nftlint check --fix --unsafe-fixes`` as
one of a host of kube-router. What ``bash -n`` took before, it has to take after. Hardly any real
script writes to the tables that kube-router drives, so with ``--moved`` the rules of all tables are
put into ``ip filter`` first: the shell around them stays what somebody wrote.
Prints how many scripts were changed, and each that bash reads no more; exits 1 if there is one.
``--keep`` leaves the scripts in ``before`` and ``after`` below a directory, to be compared by eye.
No script is run. Needs bash.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from nftlint.carriers.shell import matches
from nftlint.cli import main as nftlint

WRITE = re.compile(
    r"((?:add|insert|replace)[ ]+(?:rule|chain)[ ]+)(?:(?:inet|ip6?)[ ]+)?"
    r"(?:\"?\$\{?\w+\}?\"?|[\w-]+)(?=[ ]+)"
)
CHAIN = re.compile(r"(ip filter[ ]+)(input|output|forward)\b")
HOOK = re.compile(r"(ip filter[ ]+)(\w*(?:pre|post)routing)\b")


def moved(text: str) -> str:
    """Return a script whose rules and chains are in the table ``ip filter``.

    Its base chains of the usual names become those of iptables, or chains of one's own.
    """
    text = WRITE.sub(r"\1ip filter", text)
    text = CHAIN.sub(lambda found: found[1] + found[2].upper(), text)
    return HOOK.sub(r"\1MY\2", text)


def scripts_of(checkouts: list[Path]) -> Iterator[tuple[str, str]]:
    """Yield a name and the text of each shell script that names nft."""
    for top in checkouts:
        for path in sorted(top.rglob("*")):
            if ".git" in path.parts or path.is_symlink() or not path.is_file():
                continue
            try:
                text = path.read_bytes().decode()
            except UnicodeDecodeError:
                continue
            if "nft" in text.lower() and matches(PurePosixPath(path), text[:200]):
                yield f"{top.name}/{path.relative_to(top)}", text


def is_read_by_bash(path: Path) -> bool:
    """Tell whether bash takes a script's syntax; it is not run."""
    return subprocess.run(["bash", "-n", path], capture_output=True, check=False).returncode == 0


def fix(path: Path) -> int:
    """Apply all fixes to one script; returns the exit status."""
    options = ["--fix-only", "--unsafe-fixes", "--assume-tag", "kube-router", "--quiet"]
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        return nftlint(["check", *options, str(path)])


def judge(name: str, text: str, directory: Path) -> str:
    """Fix one script in a directory; returns what it came to, in a word or two."""
    before, after = (directory / kind / name for kind in ("before", "after"))
    for path in (before, after):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    if fix(after) != 0:
        return "failed"
    if after.read_bytes() == text.encode():
        return "unchanged"
    if not is_read_by_bash(before):
        return "changed, not read before"
    return "changed" if is_read_by_bash(after) else "broken"


def main() -> int:
    """Fix, count and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("checkouts", type=Path, nargs="+")
    parser.add_argument("--moved", action="store_true")
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    count: Counter[str] = Counter()
    with TemporaryDirectory() as temporary:
        directory = arguments.keep or Path(temporary)
        for kind in ("before", "after"):
            shutil.rmtree(directory / kind, ignore_errors=True)
        for name, text in scripts_of(arguments.checkouts):
            judged = judge(name, moved(text) if arguments.moved else text, directory)
            count[judged] += 1
            if judged in ("broken", "failed"):
                print(f"{judged}: {name}")
    print(dict(count), file=sys.stderr)
    return 1 if count["broken"] or count["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
