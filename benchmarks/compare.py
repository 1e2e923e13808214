"""Whole-process time of nftlint beside other tools, on one tree, in one run.

    python benchmarks/compare.py TREE [--runs 5] [--plant N] [--skip ansible-lint]
    python benchmarks/compare.py --files 10000 [--plant 1000]
    python benchmarks/compare.py --one-file

The tools run in turn, so that all see the same machine; figures are medians, and the ratio to
ripgrep's is what to compare between machines: of wall time, and of processor time, which other
work on the machine disturbs less. A tool that is not installed is left out.
``--plant N`` works on a copy with N findings planted into it; ``--files N`` on a tree that is made
up: shell scripts, YAML, Dockerfiles and settings, none of which speaks of nft. ``--one-file`` holds
one clean file against an interpreter that does nothing. Put the environment that nftlint is
installed in, from its wheel, first in PATH.
"""

from __future__ import annotations

import argparse
import resource
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
SEMGREP = """\
rules:
  - id: nft
    languages: [bash]
    severity: WARNING
    message: nft
    pattern: nft ...
"""
Taken = tuple[float, float]
"""Wall and processor time of a run, in seconds."""

NOTHING = 127
"""Exit statuses from here on say that a tool did not run."""


@dataclass(frozen=True)
class Tool:
    """A program under test: its name, and its command line for a tree and a working directory."""

    name: str
    command: Callable[[Path, Path], list[str]]


def named(tree: Path, *patterns: str) -> list[str]:
    """Return the files of a tree whose names match."""
    found = {path for pattern in patterns for path in tree.rglob(pattern) if path.is_file()}
    return [str(path) for path in sorted(found)]


def semgrep(tree: Path, work: Path) -> list[str]:
    """Return the command line for a rule file of our own, without network."""
    rules = work / "semgrep.yml"
    rules.write_text(SEMGREP)
    options = ["--metrics=off", "--disable-version-check", "--quiet", "--config", str(rules)]
    return ["semgrep", "scan", *options, str(tree)]


CHECK = ["nftlint", "check", "--quiet", "--assume-tag", "kube-router"]
TOOLS = (
    Tool("rg", lambda tree, _: ["rg", "-l", r"\bnft\b", str(tree)]),
    Tool("nftlint", lambda tree, _: [*CHECK, str(tree)]),
    Tool("ast-grep", lambda tree, _: ["ast-grep", "-p", "nft $$$A", "-l", "bash", str(tree)]),
    Tool("semgrep", semgrep),
    Tool("shellcheck", lambda tree, _: ["shellcheck", *named(tree, "*.sh")]),
    Tool("hadolint", lambda tree, _: ["hadolint", *named(tree, "Dockerfile*")]),
    Tool("yamllint", lambda tree, _: ["yamllint", *named(tree, "*.yml", "*.yaml")]),
    Tool("ansible-lint", lambda tree, _: ["ansible-lint", "--offline", "-q", str(tree)]),
)
ONE_FILE = (
    Tool("python -c pass", lambda _, __: ["python", "-c", "pass"]),
    Tool("nftlint", lambda tree, _: ["nftlint", "check", str(tree / "clean.sh")]),
    Tool("nftlint (nftables installed)", lambda tree, _: ["nftlint", "check", str(tree / "b.sh")]),
    Tool("shellcheck", lambda tree, _: ["shellcheck", str(tree / "clean.sh")]),
)


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("tree", type=Path, nargs="?")
    parser.add_argument("--files", type=int, default=0, metavar="N", help="make a tree of N files")
    parser.add_argument("--one-file", action="store_true")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--plant", type=int, default=0, metavar="N")
    parser.add_argument("--skip", action="append", default=[], metavar="TOOL")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        tree = prepared(options, work)
        tools = ONE_FILE if options.one_file else TOOLS
        chosen = [tool for tool in tools if usable(tool, tree, work, options.skip)]
        times: dict[str, list[Taken]] = {tool.name: [] for tool in chosen}
        for _ in range(options.runs + 1):
            for tool in chosen:
                times[tool.name].append(taken(tool.command(tree, work), work))
        report(times, tree, options.runs)
    return 0


def prepared(options: argparse.Namespace, work: Path) -> Path:
    """Return the tree to measure on: the given one, a copy with findings, or one that is made."""
    tree = work / "tree"
    if options.one_file:
        tree.mkdir()
        (tree / "clean.sh").write_text("#!/bin/sh\necho hello\n")
        (tree / "b.sh").write_text("#!/bin/sh\napt-get install -y nftables\n")
    elif options.tree is None:
        make(tree, options.files or 1000)
    elif not options.plant:
        return options.tree.absolute()
    else:
        shutil.copytree(options.tree, tree, symlinks=True)
    plant(tree, options.plant)
    return tree


def make(tree: Path, count: int) -> None:
    """Make a tree of so many files, forty to a directory, with texts of one to four KB."""
    kinds = (
        (
            "run{}.sh",
            "#!/bin/sh\nset -eu\n",
            'install -m 644 "$1/{}" /etc/app/ && echo "done {}"\n',
        ),
        ("tasks{}.yml", "---\n", "- name: copy {0}\n  copy:\n    src: f{0}\n    dest: /etc/f{0}\n"),
        ("Dockerfile.{}", "FROM debian:12\n", "RUN apt-get install -y package-{0} && echo {0}\n"),
        ("app{}.conf", "[main]\n", "listen-{0} = 10.0.0.{0}\n"),
    )
    for number in range(count):
        place = tree / f"d{number // 1600}" / f"e{number // 40 % 40}"
        place.mkdir(parents=True, exist_ok=True)
        name, head, line = kinds[number % len(kinds)]
        lines = (line.format(number + at, at) for at in range(20 + number % 40))
        (place / name.format(number)).write_text(head + "".join(lines))


def plant(tree: Path, count: int) -> None:
    """Put ``count`` findings into a tree, ten files a directory."""
    for number in range(count):
        place = tree / "planted" / f"d{number // 10}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"f{number % 10}.sh").write_text(PLANTED % (number % 60000 + 1))


def usable(tool: Tool, tree: Path, work: Path, skipped: list[str]) -> bool:
    """Tell whether the tool is there and has something to do."""
    command = tool.command(tree, work)
    return tool.name not in skipped and shutil.which(command[0]) is not None and len(command) > 1


def processor() -> float:
    """Return the processor time of all children so far, in seconds."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def taken(command: list[str], work: Path) -> Taken:
    """Return the wall and processor time of one run; its output is read and thrown away."""
    start, before = time.perf_counter(), processor()
    done = subprocess.run(command, capture_output=True, check=False, cwd=work)
    seconds = (time.perf_counter() - start, processor() - before)
    if done.returncode < 0 or done.returncode >= NOTHING:
        print(f"{command[0]} ended with {done.returncode}: {done.stderr[-300:]!r}", file=sys.stderr)
    return seconds


def report(times: dict[str, list[Taken]], tree: Path, runs: int) -> None:
    """Print a Markdown table; the first run of each tool warms up and does not count."""
    files = sum(1 for path in tree.rglob("*") if path.is_file())
    print(f"{files} files, {runs} runs, seconds (median, least, most)\n")
    print("| tool | wall | ÷ first | processor | ÷ first |\n|---|---|---|---|---|")
    first: list[float] = []
    for name, found in times.items():
        row = [f"`{name}`"]
        for which in (0, 1):
            figures = [one[which] for one in found[1:]]
            median = statistics.median(figures)
            first += [median] if len(first) == which else []
            ratio = f"{median / first[which]:.1f}" if first[which] else "-"
            row += [f"{median:.3f} ({min(figures):.3f} to {max(figures):.3f})", ratio]
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    sys.exit(main())
