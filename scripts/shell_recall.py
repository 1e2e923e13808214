"""Count which nft rules of real shell scripts nftlint finds, beside a search that knows no shell.

    python scripts/shell_recall.py CHECKOUT… [--explained FILE] [--list STATE…] [--table]

Every line of a shell script that says ``add rule``, ``insert rule`` or ``replace rule`` outside
of comments (shfmt says where these are) counts as a rule. Its state is one of

    plain    nftlint finds it, and shfmt sees a command of literal words there that runs nft
    other    nftlint finds it in another form (heredoc, function, variable, text for later);
             where a variable keeps it, or a function prints it whose call is found instead,
             by the words of what is found
    missed   nftlint finds no call there
    extra    no such line, but nftlint finds a call there that writes a rule

``--list`` prints the lines of these states, one each, for checking by hand. FILE holds what that
came to (``scripts/shell_recall.tsv``): repository, path, lines, a word for the class, the reason;
a missed line that is not in it makes the exit status 1. A checkout is named ``OWNER+NAME``.
Needs shfmt (PyPI: shfmt-py).
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from shell_conformance import shfmt_tree

from nftlint.artifact import Artifact
from nftlint.carriers.shell import matches
from nftlint.found import NftCall
from nftlint.fragment import Fragment, to_root
from nftlint.scan import scan

RULE = re.compile(r"(?:add|insert|replace)\s+rule\b")
"""No word needs to begin there: ``printf '%sadd rule …'`` and ``"…\\nadd rule …"`` count."""

VERB = re.compile(r"(?:^|[;{}\n])\s*(?!create|delete|destroy|reset|list)\S+\s+rule\b")
VARIABLE = re.compile(r"\$\{[^}]*\}|\$\w+|%[sdiub]|[\"'\\{]")
"""A variable of the shell, or a directive of printf; a quote or a brace parts words as well."""

BLOCK = re.compile(r"\bchain\s+\S+\s*\{(?P<body>[^}]*)")
HOOK = re.compile(r"type\b|policy\b|comment\b|flags\b|#|$")
"""What stands in a chain's block that is no rule."""

FEW = 4
STATES = ("plain", "other", "missed", "extra")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a script (1-based) and its state."""

    repository: str
    path: str
    number: int
    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """What checking by hand came to, for some lines of one file."""

    kind: str
    why: str


Explained = dict[tuple[str, str, int], Reason]


def scripts_of(checkout: Path) -> Iterator[tuple[str, str]]:
    """Yield path and text of the shell scripts of a checkout, as nftlint tells them."""
    for path in sorted(checkout.rglob("*")):
        if ".git" in path.parts or path.is_symlink() or not path.is_file():
            continue
        try:
            text = path.read_bytes().replace(b"\r\n", b"\n").decode()
        except UnicodeDecodeError:
            continue
        if matches(PurePosixPath(path), text[:200]):
            yield path.relative_to(checkout).as_posix(), text


def states_of(repository: str, path: str, text: str) -> Iterator[Line]:
    """Yield the lines of a script that hold a rule, by either way, with their states."""
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    tree = shfmt_tree(text.encode())
    holding = set(_rule_lines(text, starts, tree))
    plain = set(_plain_lines(tree)) if tree else set()
    calls = [call for call in scan(Artifact(path, text), "shell").calls if _writes(call)]
    printing = list(_printing(tree))
    found = {number for call in calls for number in _lines(call.script, starts)}
    found |= {number for lines in printing if found & set(lines) for number in lines}
    found |= set(_kept(holding - found, calls, tree, text, starts))
    for number in sorted(holding):
        state = "missed" if number not in found else "plain" if number in plain else "other"
        yield Line(repository, path, number, state, _text(text, starts, number))
    for call in calls:
        lines = {*_lines(call.script, starts), *_call_lines(call, starts)}
        lines |= {number for other in printing if lines & set(other) for number in other}
        if not lines & holding:
            yield Line(repository, path, min(lines), "extra", " ".join(call.script.text.split()))


def _text(text: str, starts: list[int], number: int) -> str:
    return text[starts[number - 1] :].split("\n", 1)[0].strip()


def _number(starts: list[int], offset: int) -> int:
    low, high = 0, len(starts)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if starts[middle] <= offset else (low, middle)
    return low + 1


def _rule_lines(text: str, starts: list[int], tree: Any) -> Iterator[int]:
    """Yield the lines with a rule, without those in comments."""
    comments = dict(_comments(tree)) if tree else {}
    for found in RULE.finditer(text):
        number = _number(starts, found.start())
        line = starts[number - 1]
        before = text[line : found.start()]
        column = len(before.encode()) + 1
        if not before.lstrip().startswith("#") and column < comments.get(number, column + 1):
            yield number


def _comments(node: Any) -> Iterator[tuple[int, int]]:
    """Yield line and column (1-based, bytes) of each comment in shfmt's tree."""
    if isinstance(node, list):
        for item in node:
            yield from _comments(item)
    elif isinstance(node, dict):
        if "Hash" in node and "Text" in node:
            yield node["Hash"]["Line"], node["Hash"]["Col"]
        for value in node.values():
            yield from _comments(value)


def _kept(
    lines: set[int], calls: list[NftCall], tree: Any, text: str, starts: list[int]
) -> Iterator[int]:
    """Yield those of the lines that a variable keeps, or a function prints, for a call found.

    The words between two of the line's variables have to be in the call's script, at least four.
    """
    printed = {number for lines in _printing(tree) for number in lines}
    for number in (set(_assigned(tree)) | printed) & lines:
        line = _text(text, starts, number)
        found = RULE.search(line)
        parts = VARIABLE.split(line[found.start() :]) if found else []
        known = [part.strip() for part in parts if len(part.split()) >= FEW]
        if any(words in call.script.text for words in known for call in calls):
            yield number


def _printing(node: Any) -> Iterator[range]:
    """Yield the lines of each ``printf`` and ``echo`` in shfmt's tree."""
    if isinstance(node, list):
        for item in node:
            yield from _printing(item)
    elif isinstance(node, dict):
        words = node.get("Args") or ()
        if node.get("Type") == "CallExpr" and words and _literal(words[0]) in {"echo", "printf"}:
            yield range(words[0]["Pos"]["Line"], words[-1]["End"]["Line"] + 1)
        for key, value in node.items():
            if key not in {"Pos", "End"}:
                yield from _printing(value)


def _assigned(node: Any) -> Iterator[int]:
    """Yield the lines of all assignments in shfmt's tree."""
    if isinstance(node, list):
        for item in node:
            yield from _assigned(item)
    elif isinstance(node, dict):
        if "Name" in node and "Value" in node and "Pos" in node:
            yield from range(node["Pos"]["Line"], node["End"]["Line"] + 1)
        for key, value in node.items():
            if key not in {"Pos", "End"}:
                yield from _assigned(value)


def _plain_lines(node: Any) -> Iterator[int]:
    """Yield the lines of commands of literal words that run nft, in shfmt's tree."""
    if isinstance(node, list):
        for item in node:
            yield from _plain_lines(item)
    elif isinstance(node, dict):
        words = [_literal(word) for word in node.get("Args") or ()]
        if node.get("Type") == "CallExpr" and _runs_nft(words):
            yield from range(node["Args"][0]["Pos"]["Line"], node["Args"][-1]["End"]["Line"] + 1)
        for key, value in node.items():
            if key not in {"Pos", "End"}:
                yield from _plain_lines(value)


def _literal(word: Any) -> str:
    parts = word.get("Parts", ())
    return parts[0].get("Value", "") if parts and parts[0].get("Type") == "Lit" else ""


def _runs_nft(words: list[str]) -> bool:
    at = 1 if words[:1] == ["sudo"] else 0
    return at < len(words) and words[at].rpartition("/")[2] == "nft"


def _writes(call: NftCall) -> bool:
    """Tell whether a call's script adds a rule, by its verb or in a chain's block."""
    text = call.script.text
    inside = (part for block in BLOCK.finditer(text) for part in re.split("[;\n]", block["body"]))
    return bool(VERB.search(text)) or any(not HOOK.match(part.strip()) for part in inside)


def _lines(fragment: Fragment, starts: list[int]) -> Iterator[int]:
    """Yield the lines of the file that a fragment's text stands on."""
    for segment in fragment.segments:
        span = to_root(fragment, segment.inner)
        first, last = _number(starts, span.start), _number(starts, max(span.end - 1, span.start))
        yield from range(first, last + 1)


def _call_lines(call: NftCall, starts: list[int]) -> Iterator[int]:
    span = to_root(call.host, call.span)
    yield from range(_number(starts, span.start), _number(starts, span.end) + 1)


def read_explained(path: Path) -> Explained:
    """Read the file of reasons; lines are numbers and ranges with commas between."""
    explained: Explained = {}
    for row in path.read_text("utf-8").splitlines():
        if row and not row.startswith("#"):
            repository, file, lines, kind, why = row.split("\t")
            for part in lines.split(","):
                first, _, last = part.partition("-")
                for number in range(int(first), int(last or first) + 1):
                    explained[repository, file, number] = Reason(kind, why)
    return explained


def table(lines: Iterable[Line], explained: Explained) -> Iterator[str]:
    """Yield the rows of a Markdown table, one a repository."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        count = counts[line.repository]
        reason = explained.get((line.repository, line.path, line.number))
        count[line.state] += 1
        if reason is not None:
            count[reason.kind] += 1
    kinds = sorted({reason.kind for reason in explained.values()})
    heads = ["repository", *STATES, *kinds]
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    for name, count in sorted(counts.items()):
        cells = [str(count[key] or "") for key in (*STATES, *kinds)]
        yield f"| {name.replace('+', '/', 1)} | {' | '.join(cells)} |"
    total = sum(counts.values(), Counter[str]())
    yield f"| {len(counts)} | {' | '.join(str(total[key]) for key in (*STATES, *kinds))} |"


def main() -> int:
    """Count, print what is asked for, and tell of unexplained misses."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("checkouts", type=Path, nargs="+")
    parser.add_argument("--explained", type=Path, default=Path(__file__).with_suffix(".tsv"))
    parser.add_argument("--list", nargs="*", choices=STATES, default=[])
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    explained = read_explained(arguments.explained) if arguments.explained.exists() else {}
    lines = [
        line
        for checkout in arguments.checkouts
        for path, text in scripts_of(checkout)
        for line in states_of(checkout.name, path, text)
    ]
    for line in lines:
        if line.state in arguments.list:
            place = f"{line.repository}/{line.path}:{line.number}"
            print(place, line.state, line.text, sep="\t")
    if arguments.table:
        print(*table(lines, explained), sep="\n")
    missed = [line for line in lines if line.state == "missed"]
    unexplained = [
        line for line in missed if (line.repository, line.path, line.number) not in explained
    ]
    print(dict(Counter(line.state for line in lines)), file=sys.stderr)
    for line in unexplained:
        print(f"{line.repository}/{line.path}:{line.number}: not explained", file=sys.stderr)
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
