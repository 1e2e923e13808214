"""How fast shell is read: tree-sitter alone, nftlint's parser, and all of nftlint's reading.

    python benchmarks/shell_throughput.py PATH… [--repeat N] [--generated CALLS]

Reads the shell scripts below the paths (by name or first line), and one generated script with so
many nft calls. Prints MB/s of processor time, the best of N runs each.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath

import tree_sitter
import tree_sitter_bash

from nftlint.artifact import Artifact
from nftlint.carriers.shell import matches
from nftlint.scan import scan
from nftlint.shell.parse import parse

STEP = """\
port{0}=$((1000 + {0}))
if [ -n "$port{0}" ] && ! nft list chain ip filter INPUT | grep -q "step {0}"; then
    nft add rule ip filter INPUT tcp dport "$port{0}" accept >/dev/null 2>&1 || echo "failed {0}"
fi
cat > /tmp/notes{0} <<EOF
A text of no interest, with a variable $port{0} in it.
EOF
step{0}() {{
    local what="$1" where=/var/log/steps
    for word in a b c; do printf '%s %s\\n' "$what" "$word" >> "$where"; done
    case "$what" in start) echo starting;; stop) echo stopping;; *) return 1;; esac
}}
step{0} start
# {1}
"""


def scripts(tops: Sequence[Path]) -> Iterator[str]:
    """Yield the texts of the shell scripts below the given paths."""
    for path in sorted(
        path for top in tops for path in (top.rglob("*") if top.is_dir() else [top])
    ):
        if ".git" in path.parts or path.is_symlink() or not path.is_file():
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        if matches(PurePosixPath(path), text[:200]):
            yield text


def generated(calls: int) -> str:
    """Return a script of about 900 bytes for each of so many nft calls."""
    return "".join(STEP.format(at, "padding " * 40) for at in range(calls))


def megabytes_per_second(texts: Sequence[str], work: Callable[[str], object], repeat: int) -> float:
    """Return the throughput over all texts, the best of ``repeat`` runs."""
    size = sum(len(text.encode()) for text in texts)
    best = float("inf")
    for _ in range(repeat):
        started = time.process_time()
        for text in texts:
            work(text)
        best = min(best, time.process_time() - started)
    return size / best / 1e6


def report(name: str, texts: Sequence[str], repeat: int) -> None:
    """Print one line of the table."""
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))
    works: list[Callable[[str], object]] = [
        lambda text: parser.parse(text.encode()),
        parse,
        lambda text: scan(Artifact("script.sh", text), "shell"),
    ]
    speeds = [f"{megabytes_per_second(texts, work, repeat):.2f}" for work in works]
    size = sum(len(text.encode()) for text in texts) / 1e6
    print(f"| {name} | {len(texts)} | {size:.2f} | {' | '.join(speeds)} |")


def main() -> int:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    arguments.add_argument("paths", nargs="*", type=Path)
    arguments.add_argument("--repeat", type=int, default=3)
    arguments.add_argument("--generated", type=int, default=0, metavar="CALLS")
    given = arguments.parse_args()
    print("| scripts | files | MB | tree-sitter MB/s | parser MB/s | whole reading MB/s |")
    print("| --- | --- | --- | --- | --- | --- |")
    if given.paths:
        report("given", list(scripts(given.paths)), given.repeat)
    if given.generated:
        report("generated", [generated(given.generated)], given.repeat)
    return 0


if __name__ == "__main__":
    sys.exit(main())
