"""Hold what nftlint leaves out as ignored against git, over random trees and ``.gitignore`` files.

    python scripts/ignores_agreement.py --trees 500

The oracle is ``git ls-files --cached --others --exclude-standard``. Exit status 1 if they differ.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from nftlint.sieve.walk import never_read, walk

NAMES = [
    "a",
    "b",
    "foo",
    "bar",
    "foo.d",
    "x.log",
    "a.b",
    "-",
    "[x]",
    "a b",
    "foo ",
    "é",
    "!x",
    "#y",
]
NAMES += [".h", "ab"]
PATTERNS = """
a|b/|*.log|foo*|*o|/a|/foo|a/b|a/*|a/**|**/b|**/foo/|a/**/b|!a|!*.log|!foo|[ab]|[!a]|[a-c]oo|\\!x|\\#y
foo\\ |foo |?|a?b|*|!*/|/*|!/a|f[a-z]o|[[:alpha:]]|[]x]|\\[x\\]|**|a/|b/*|!b/a|fo**|x.*|*.d|.*|[z-a]
[a|a\\|/**/a|a**/b|é|[^a-b]|!|# a|a\\*|[a\\-z]|é*|**/a/**|a/**/**/b
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trees", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    different = 0
    for seed in range(options.seed, options.seed + options.trees):
        with tempfile.TemporaryDirectory() as top:
            told = difference(Path(top), seed)
        if told:
            different += 1
            print(f"seed {seed}: {told}")
    print(f"{options.trees} trees, {different} different")
    return 1 if different else 0


def difference(top: Path, seed: int) -> str:
    """Return how nftlint and git differ on a tree that is made in ``top``, or nothing."""
    rng = random.Random(seed)
    git = ["git", "-C", str(top), "-c", "core.excludesFile=/dev/null"]
    subprocess.run([*git, "init", "-q"], check=True)
    _fill(top, rng, 0)
    (top / ".git" / "info" / "exclude").write_text(rng.choice([*_patterns(), "", "", ""]) + "\n")
    tracked = [path for path in _files(top) if rng.random() < 0.15]
    subprocess.run(
        [*git, "add", "-f", "--", ".gitignore", *tracked], check=False, capture_output=True
    )
    command = [*git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, capture_output=True).stdout
    wanted = {name for item in listed.split(b"\0") if (name := os.fsdecode(item))}
    walked = walk(str(top), lambda _directory, _names: None, ignore_files=True)
    got = {os.path.relpath(item, top) for item in walked if isinstance(item, str)}
    if got == {name for name in wanted if not never_read(Path(name).name)}:
        return ""
    rules = [(str(path.relative_to(top)), path.read_text()) for path in top.rglob(".gitignore")]
    return f"ignored by git alone {got - wanted}, by nftlint alone {wanted - got}, by {rules}"


def _fill(directory: Path, rng: random.Random, depth: int) -> None:
    for name in rng.sample(NAMES, rng.randint(1, 5)):
        if depth < 3 and rng.random() < 0.45:
            (directory / name).mkdir()
            _fill(directory / name, rng, depth + 1)
        else:
            (directory / name).write_text("x")
    if depth == 0 or rng.random() < 0.5:
        lines = [rng.choice(_patterns()) for _ in range(rng.randint(1, 4))]
        end = rng.choice(["\n", "\r\n"])
        (directory / ".gitignore").write_text("".join(line + end for line in lines), newline="")


def _patterns() -> list[str]:
    return PATTERNS.strip("\n").replace("\n", "|").split("|")


def _files(top: Path) -> list[str]:
    every = (path for path in sorted(top.rglob("*")) if ".git" not in path.relative_to(top).parts)
    return [str(path) for path in every if path.is_file()]


if __name__ == "__main__":
    sys.exit(main())
