"""Count which runs of nft in real Ansible and cloud-init trees nftlint reads, by a plain search.

    python scripts/yaml_recall.py CHECKOUT… [--explained FILE] [--list STATE…] [--table]

Every line of a YAML file, template, script or unit with the word ``nft`` outside of comments is
looked at. Its state is one of

    call      nftlint reads a run of nft there, or the file as a script of nft's
    loads     nftlint follows ``nft -f FILE`` there
    asks      the run only lists, checks (``-c``, ``validate:``) or says its version
    missed    nftlint reads nothing there

``--list`` prints the lines of these states for checking by hand. FILE holds what that came
to (``scripts/yaml_recall.tsv``): repository, path, line, a word for the class (``prose``, ``name``,
``run``), the reason; a missed line that is not in it makes the exit status 1. Of missed lines only
``run`` counts as a run that is there. A checkout is named ``OWNER+NAME``.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nftlint.configs import Configs, Options
from nftlint.discover import collect
from nftlint.fragment import Fragment, to_root
from nftlint.link import link
from nftlint.lint import read_collected
from nftlint.span import Span
from nftlint.unit import Unit

WORD = re.compile(r"(?<![\w./$%{-])(?:(?:/usr)?/s?bin/)?nft(?![\w.*/:=-])")
_ASKING = r"(?:-\w*c\w*\b|list\b|-v\b|--version|describe\b|monitor\b)"
ASKS = re.compile(rf"nft['\",]*\s+(?:-\w+\s+)*{_ASKING}|validate:|which nft")
COMMENT = re.compile(r"\s*(?:#(?!!)|\{#|//|;)")
KINDS = {".yml", ".yaml", ".j2", ".jinja2", ".sh", ".service", ".cfg", ".conf", ".nft"}
KINDS |= {".tpl", ".tftpl", ".tf", ".hcl"}


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """A line (1-based) with the word in it, and what nftlint made of it."""

    repository: str
    path: str
    number: int
    state: str
    text: str


def main() -> int:
    """Count, list or tabulate, as the options say."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("trees", nargs="+", type=Path, metavar="CHECKOUT")
    parser.add_argument("--explained", type=Path, metavar="FILE")
    parser.add_argument("--list", action="append", default=[], metavar="STATE")
    parser.add_argument("--table", action="store_true", help="print a table in Markdown")
    options = parser.parse_args()
    known = explained(options.explained)
    lines = [line for tree in options.trees for line in lines_of(tree)]
    for line in lines:
        if line.state in options.list:
            print(f"{line.state}\t{line.repository}\t{line.path}\t{line.number}\t{line.text[:160]}")
    if options.table:
        print_table(lines, known)
    counts = Counter(line.state for line in lines)
    print(", ".join(f"{number} {state}" for state, number in sorted(counts.items())))
    unexplained = [line for line in lines if line.state == "missed" and key(line) not in known]
    return 1 if unexplained and options.explained else 0


def key(line: Line) -> tuple[str, str, str]:
    """Return how the file of explanations names a line."""
    return line.repository, line.path, str(line.number)


def explained(path: Path | None) -> dict[tuple[str, str, str], str]:
    """Return the class of each line that was checked by hand."""
    if path is None:
        return {}
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line[:1] != "#"]
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def lines_of(tree: Path) -> Iterator[Line]:
    """Yield every line of a checkout that has the word, or that nftlint finds a run on."""
    repository = tree.resolve().name.replace("+", "/")
    found = found_lines(tree)
    for path in sorted(tree.rglob("*")):
        if not path.is_file() or path.is_symlink() or path.suffix not in KINDS:
            continue
        name = str(path.relative_to(tree))
        here = found.pop(name, {})
        text = path.read_text("utf-8", "replace").split("\n")
        numbers = {number for number, line in enumerate(text, 1) if has_word(line)}
        numbers |= {number for number, (_, what) in here.items() if what == "call"}
        if here.get(1, (0, ""))[0] > len(text) - 1:
            numbers = {1}  # all of the file is a script of nft's
        for number in sorted(numbers):
            yield Line(
                repository, name, number, state(number, here, text), text[number - 1].strip()
            )
    for name, here in found.items():
        calls = [number for number, (_, what) in here.items() if what == "call"]
        yield from (Line(repository, name, number, "call", "") for number in calls)


def has_word(line: str) -> bool:
    """Tell whether a line that is no comment has the word ``nft``."""
    return WORD.search(line) is not None and not COMMENT.match(line)


def state(number: int, found: dict[int, tuple[int, str]], text: list[str]) -> str:
    """Return what nftlint makes of a line; a run may go on over several lines."""
    for start, (end, what) in found.items():
        if start <= number <= end:
            return what
    return "asks" if ASKS.search(text[number - 1]) else "missed"


Found = dict[int, tuple[int, str]]
"""The first line of each thing that nftlint reads, its last line, and its state."""


def found_lines(tree: Path) -> dict[str, Found]:
    """Return what nftlint reads in each file."""
    options = Options(isolated=True)
    configs = Configs(options)
    read = read_collected(collect([tree], configs.excluded), configs, options)
    found: dict[str, Found] = {}
    for unit in link([item for item in read if isinstance(item, Unit)]):
        name = str(unit.path.relative_to(tree.resolve()))
        found[name] = dict(of_unit(unit))
    return found


def of_unit(unit: Unit) -> Iterator[tuple[int, tuple[int, str]]]:
    """Yield what nftlint reads in one file."""
    text = unit.artifact.text
    if unit.found is None:
        return
    for item in unit.found.references:
        if item.verb == "loads":
            start, end = place(item.place.fragment, item.place.span, text)
            yield start, (end, "loads")
    for call in unit.found.calls:
        start, end = place(call.host, call.span, text)
        yield start, (end, "call")
    if unit.found.kind.endswith("nft"):
        yield 1, (text.count("\n") + 1, "call")


def place(fragment: Fragment, span: Span, text: str) -> tuple[int, int]:
    """Return the first and the last line (1-based) of a place."""
    span = to_root(fragment, span)
    first = text.count("\n", 0, span.start) + 1
    return first, text.count("\n", 0, max(span.end - 1, span.start)) + 1


def print_table(lines: list[Line], known: dict[tuple[str, str, str], str]) -> None:
    """Print what each repository holds."""
    print("| repository | runs there | read as calls | files followed | only ask | missed |")
    print("|---|---|---|---|---|---|")
    for name in sorted({line.repository for line in lines}):
        here = Counter(
            line.state
            for line in lines
            if line.repository == name and (line.state != "missed" or known.get(key(line)) == "run")
        )
        shown = " | ".join(str(here[word]) for word in ("call", "loads", "asks", "missed"))
        print(f"| {name} | {here.total()} | {shown} |")


if __name__ == "__main__":
    sys.exit(main())
