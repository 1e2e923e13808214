"""Whole-process time of nftlint beside other tools, on one tree, in one run.

    python benchmarks/compare.py TREE [--runs 5] [--plant N] [--skip ansible-lint]

The tools run in turn, so that all see the same machine; figures are medians, and the ratio to
ripgrep's is what to compare between machines. A tool that is not installed is left out.
``--plant N`` works on a copy with N findings planted into it.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PLANTED = "#!/bin/sh\nnft add rule ip filter INPUT tcp dport '{ %d, 80, 443 }' accept\n"


@dataclass(frozen=True)
class Tool:
    """A program under test: its name, and its command line for a tree."""

    name: str
    command: Callable[[Path], list[str]]


def shell_files(tree: Path) -> list[str]:
    """Return the shell scripts of a tree by extension."""
    return [str(path) for path in sorted(tree.rglob("*.sh")) if path.is_file()]


def yaml_files(tree: Path) -> list[str]:
    """Return the YAML files of a tree."""
    return [str(path) for path in sorted(tree.rglob("*.y*ml")) if path.is_file()]


def docker_files(tree: Path) -> list[str]:
    """Return the Dockerfiles of a tree."""
    return [str(path) for path in sorted(tree.rglob("Dockerfile*")) if path.is_file()]


NFTLINT = [sys.executable, "-m", "nftlint", "check", "--exit-zero", "--assume-tag", "kube-router"]
TOOLS = (
    Tool("rg -l '\\bnft\\b'", lambda tree: ["rg", "-l", r"\bnft\b", str(tree)]),
    Tool("nftlint check", lambda tree: [*NFTLINT, "--output-format", "concise", str(tree)]),
    Tool("shellcheck", lambda tree: ["shellcheck", *shell_files(tree)]),
    Tool("hadolint", lambda tree: ["hadolint", *docker_files(tree)]),
    Tool("yamllint", lambda tree: ["yamllint", *yaml_files(tree)]),
    Tool("ast-grep", lambda tree: ["ast-grep", "-p", "nft $$$A", "-l", "bash", str(tree)]),
    Tool(
        "semgrep",
        lambda tree: ["semgrep", "--metrics=off", "-e", "nft ...", "-l", "bash", str(tree)],
    ),
    Tool("ansible-lint", lambda tree: ["ansible-lint", "--offline", "-q", str(tree)]),
)


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("tree", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--plant", type=int, default=0, metavar="N")
    parser.add_argument("--skip", action="append", default=[], metavar="TOOL")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        tree = planted(options.tree, Path(work), options.plant) if options.plant else options.tree
        tools = [tool for tool in TOOLS if usable(tool, tree, options.skip)]
        times: dict[str, list[float]] = {tool.name: [] for tool in tools}
        for _ in range(options.runs + 1):
            for tool in tools:
                times[tool.name].append(seconds(tool.command(tree), tree))
        report(times, tree, options.runs)
    return 0


def planted(tree: Path, work: Path, count: int) -> Path:
    """Return a copy of the tree with ``count`` findings in ten files a directory."""
    copy = work / "tree"
    shutil.copytree(tree, copy, symlinks=True)
    for number in range(count):
        place = copy / "planted" / f"d{number // 10}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"f{number % 10}.sh").write_text(PLANTED % (number % 60000 + 1))
    return copy


def usable(tool: Tool, tree: Path, skipped: list[str]) -> bool:
    """Tell whether the tool is there and has something to do."""
    command = tool.command(tree)
    name = tool.name.split()[0]
    return name not in skipped and shutil.which(command[0]) is not None and len(command) > 1


def seconds(command: list[str], tree: Path) -> float:
    """Return the wall time of one run; its output is read and thrown away."""
    start = time.perf_counter()
    subprocess.run(command, capture_output=True, check=False, cwd=tree)
    return time.perf_counter() - start


def report(times: dict[str, list[float]], tree: Path, runs: int) -> None:
    """Print a Markdown table; the first run of each tool warms up and does not count."""
    files = sum(1 for path in tree.rglob("*") if path.is_file())
    print(f"{files} files, {runs} runs, wall time in seconds\n")
    print("| tool | median | min | max | ÷ first |\n|---|---|---|---|---|")
    first = None
    for name, found in times.items():
        counted = found[1:]
        median = statistics.median(counted)
        first = first or median
        row = f"{median:.3f} | {min(counted):.3f} | {max(counted):.3f} | {median / first:.1f}"
        print(f"| `{name}` | {row} |")


if __name__ == "__main__":
    sys.exit(main())
