"""Whole-process time of nftlint beside other tools, each table on one tree, in one run.

    python benchmarks/compare.py one-file
    python benchmarks/compare.py tools [TREE] [--files 1000] [--plant 1000]
    python benchmarks/compare.py trees TREE...
    python benchmarks/compare.py growth [--sizes 1000,10000,100000]
    python benchmarks/compare.py all [TREE...] --write

``one-file`` holds one clean file against an interpreter that does nothing; ``tools`` runs all tools
on one tree as it is, and with findings planted into a copy; ``trees`` nftlint and ripgrep on clean
trees; ``growth`` those that are quick on trees of growing size. Without TREE it is made up (see
``trees.py``). ``all`` is all of it (``trees`` on those that are given), and ``--write`` puts the
tables where README.md has a block of that name.

The tools run in turn, so that all see the same machine; figures are medians, and the ratio to
ripgrep's is what to compare between machines: of wall time, and of processor time, which other
work on the machine disturbs less. A tool that takes longer than ``--limit`` gets a cell that says
so; one that takes longer than some seconds is run once. Put the environment that nftlint is
installed in, from its wheel, first in PATH, and behind it what has the other tools.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import trees
from measure import SLOW, Measured, Taken, measured
from tools import NFTLINT, ONE_FILE, QUICK, RG, SEMGREP, TAGGED, TOOLS, Tool, versions

README = Path(__file__).with_name("README.md")
COLUMNS = ("wall s", "÷ first", "processor s", "÷ first")


def main() -> int:
    """Measure, and print or write the tables."""
    options = _parsed()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        (work / "semgrep.yml").write_text(SEMGREP)
        wanted = SECTIONS if options.section == "all" else [options.section]
        for section in wanted:
            if section == "trees" and not options.tree:
                continue
            table = "\n".join(SECTIONS[section](options, work))
            print(table, end="\n\n", flush=True)
            if options.write:
                _write(section, table)
    return 0


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("section", choices=[*SECTIONS, "all"])
    parser.add_argument("tree", type=Path, nargs="*")
    parser.add_argument("--files", type=int, default=1000, help="of the tree that is made up")
    parser.add_argument("--plant", type=int, default=1000, metavar="FINDINGS")
    parser.add_argument("--sizes", default="1000,10000,100000", help="of the trees that grow")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--limit", type=float, default=120, metavar="SECONDS")
    parser.add_argument("--skip", action="append", default=[], metavar="PROGRAM")
    parser.add_argument("--write", action="store_true", help="put the tables into README.md")
    return parser.parse_args()


def one_file(options: argparse.Namespace, work: Path) -> Iterator[str]:
    """Yield the table of one clean file."""
    tree = work / "one-file"
    tree.mkdir()
    (tree / "clean.sh").write_text("#!/bin/sh\necho hello\n")
    (tree / "installs.sh").write_text("#!/bin/sh\napt-get install -y nftables\n")
    found = measured(ONE_FILE, tree, work, max(options.runs, 15), options.limit)
    yield from _said(options, ONE_FILE, [*found.values()])
    yield from _head("program", *COLUMNS)
    first = found[ONE_FILE[0]]
    for tool, one in found.items():
        yield _row(f"`{tool.title}`", *_cells(one, first))


def all_tools(options: argparse.Namespace, work: Path) -> Iterator[str]:
    """Yield the table of all tools on one tree, clean and with findings."""
    clean, dirty = work / "clean", work / "dirty"
    if options.section == "tools" and options.tree:
        shutil.copytree(options.tree[0], clean, symlinks=True)
    else:
        trees.make(clean, options.files)
    shutil.copytree(clean, dirty, symlinks=True)
    trees.plant(dirty, options.plant)
    tools = [tool for tool in TOOLS if tool.program not in options.skip]
    pairs = [measured(tools, tree, work, options.runs, options.limit) for tree in (clean, dirty)]
    yield from _said(options, tools, [one for found in pairs for one in found.values()])
    titles = [f"clean, {column}" for column in COLUMNS]
    titles += [f"{options.plant:,} findings, {column}" for column in COLUMNS]
    yield f"{trees.size(clean):,} files, and {options.plant:,} more with a finding each.\n"
    yield from _head("tool", *titles)
    for tool in tools:
        yield _row(
            f"`{tool.title}`", *(c for found in pairs for c in _cells(found[tool], found[RG]))
        )


def clean_trees(options: argparse.Namespace, work: Path) -> Iterator[str]:
    """Yield the table of nftlint and ripgrep on the trees that are given."""
    tools = (RG, NFTLINT, TAGGED)
    rows: list[str] = []
    times: list[Measured] = []
    for tree in (path.absolute() for path in options.tree):
        found = measured(tools, tree, work, options.runs, options.limit)
        times += found.values()
        named = (tree.name.replace("+", "/"), f"{trees.size(tree):,}")
        rows += [_row(*named, f"`{one.title}`", *_cells(found[one], found[RG])) for one in tools]
    yield from _said(options, tools, times)
    yield from _head("tree", "files", "tool", *COLUMNS)
    yield from rows


def growth(options: argparse.Namespace, work: Path) -> Iterator[str]:
    """Yield the table of the tools that are quick, on trees of growing size."""
    sizes = [int(size) for size in options.sizes.split(",")]
    tools = [tool for tool in QUICK if tool.program not in options.skip]
    found: list[dict[Tool, Measured]] = []
    for size in sizes:
        tree = work / f"growth-{size}"
        trees.make(tree, size)
        before = (sizes[len(found) - 1], found[-1]) if found else (size, {})
        late = {tool: _late(before[1].get(tool), size / before[0], options.limit) for tool in tools}
        left = [tool for tool in tools if not late[tool]]
        found.append({**late, **measured(left, tree, work, options.runs, options.limit)})
        shutil.rmtree(tree)
    yield from _said(options, tools, [one for taken in found for one in taken.values()])
    titles = (f"{size:,} files, {column}" for size in sizes for column in COLUMNS)
    yield from _head("tool", *titles)
    for tool in tools:
        yield _row(
            f"`{tool.title}`", *(c for taken in found for c in _cells(taken[tool], taken[RG]))
        )


def _late(before: Measured | None, factor: float, limit: float) -> str:
    """Say why a tool is not run on a tree so many times as large as the one before."""
    if not isinstance(before, Taken):
        return before or ""
    likely = before.wall * factor
    return f"not run: likely {likely:.0f} s" if likely > limit else ""


def _said(
    options: argparse.Namespace, tools: Sequence[Tool], times: Sequence[Measured]
) -> Iterator[str]:
    """Say when and how it was measured."""
    python = ".".join(map(str, sys.version_info[:2]))
    figures = [one for one in times if isinstance(one, Taken)]
    once = any(one.once for one in figures)
    yield (
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {os.cpu_count()} processors, load "
        f"{os.getloadavg()[0]:.1f} at the end, Python {python}; {versions(tools)}. Medians of "
        f"{max(one.runs for one in figures)} runs"
        f"{f' (°: of one, as it took more than {SLOW:.0f} s)' if once else ''}, limit "
        f"{options.limit:.0f} s.\n"
    )


def _cells(one: Measured, first: Measured) -> tuple[str, str, str, str]:
    """Return the cells of one tool: its wall and processor time, each with its ratio."""
    if isinstance(one, str):
        return one, "", "", ""
    mark = "°" if one.once else ""
    return (
        f"{_figure(one.wall)}{mark}",
        _ratio(one.wall, first.wall if isinstance(first, Taken) else 0),
        f"{_figure(one.processor)}",
        _ratio(one.processor, first.processor if isinstance(first, Taken) else 0),
    )


def _figure(seconds: float) -> str:
    return (
        f"{seconds:.3f}" if seconds < 1 else f"{seconds:.2f}" if seconds < 10 else f"{seconds:.0f}"
    )


def _ratio(one: float, first: float) -> str:
    return "" if not first else f"{one / first:.1f}" if one < first * 100 else f"{one / first:,.0f}"


def _head(*titles: str) -> Iterator[str]:
    yield _row(*titles)
    yield "|" + "---|" * len(titles)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _write(section: str, table: str) -> None:
    """Put a table into its block of the page."""
    begin, end = f"<!-- compare.py {section} -->\n", "\n<!-- end -->"
    pattern = re.compile(f"(?s)(?<={re.escape(begin)}).*?(?={re.escape(end)})")
    README.write_text(pattern.sub(lambda _: table, README.read_text("utf-8")), "utf-8")


SECTIONS: dict[str, Callable[[argparse.Namespace, Path], Iterator[str]]] = {
    "one-file": one_file,
    "trees": clean_trees,
    "tools": all_tools,
    "growth": growth,
}


if __name__ == "__main__":
    sys.exit(main())
