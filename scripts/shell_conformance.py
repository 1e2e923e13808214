"""Hold nftlint's shell reader against shfmt's, over the shell scripts of whole checkouts.

    python scripts/shell_conformance.py CHECKOUT… [--explained FILE] [--limit N]

For every script that shfmt can read, the simple commands (first word to last) and the heredocs
(body and operator) must be the same. What differs by a construct that FILE explains
(``scripts/shell_conformance.tsv``) is counted under its name. Prints each other difference, and a
summary; exits 1 if one is left, or if an explained one is a command that calls nft.
Needs shfmt (PyPI: shfmt-py).
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nftlint.record import as_mapping, is_record
from nftlint.shell.parse import parse
from nftlint.shell.tree import Piece as Quoted
from nftlint.shell.tree import Script, Simple
from nftlint.span import Span

SHEBANG = re.compile(rb"#! ?\S*?(?:env )?\S*\b(?:ba|da|a|k|mk)?sh\b")
EXTENSIONS = {".sh", ".bash", ".dash", ".ash", ".ksh"}
SHFMT = shutil.which("shfmt") or str(Path(sys.executable).with_name("shfmt"))
NFT = re.compile(r"\bnft\b|\$\{?NFT")
DECLARING = frozenset({"declare", "local", "export", "readonly", "typeset", "nameref", "let"})

EXPLAINED = Path(__file__).with_suffix(".tsv")

Piece = tuple[str, int, int]
"""``command`` or ``heredoc``, and where it stands: bytes, or code points in nftlint's tree."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A construct by which the two may differ; ``only`` is who sees it (or ``either``)."""

    name: str
    only: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A piece that only one of the two sees."""

    only: str
    kind: str
    line: int
    text: str
    marked: str

    @property
    def calls_nft(self) -> bool:
        """Tell whether it is, or may be, a call of nft."""
        return NFT.search(self.text) is not None


def scripts_of(checkouts: list[Path]) -> Iterator[Path]:
    """Yield the shell scripts below the given directories, by name or first line."""
    for path in sorted(path for top in checkouts for path in _files(top)):
        if path.suffix in EXTENSIONS:
            yield path
        elif not path.suffix and not path.is_symlink():
            with path.open("rb") as stream:
                if SHEBANG.match(stream.readline(80)):
                    yield path


def _files(top: Path) -> Iterator[Path]:
    if top.is_file():
        yield top
        return
    for path in top.rglob("*"):
        if ".git" not in path.parts and path.is_file() and not path.is_symlink():
            yield path


def shfmt_tree(data: bytes) -> Any:
    """Return shfmt's tree of a script, or ``None`` where shfmt cannot read it."""
    for dialect in ("bash", "mksh", "posix"):
        command = [SHFMT, "--to-json", "-ln", dialect]
        done = subprocess.run(command, input=data, capture_output=True, check=False)
        if done.returncode == 0:
            return json.loads(done.stdout)
    return None


def _offset(node: Any, key: str) -> int:
    position = node.get(key, {})
    return int(position.get("Offset", 0))


def theirs(node: Any, data: bytes) -> Iterator[Piece]:
    """Yield commands and heredocs of shfmt's tree; offsets are bytes."""
    if isinstance(node, list):
        for item in node:
            yield from theirs(item, data)
    elif isinstance(node, dict):
        if node.get("Type") == "CallExpr" and node.get("Args"):
            args = node["Args"]
            yield "command", _offset(args[0], "Pos"), _offset(args[-1], "End")
        if "Hdoc" in node:
            yield "heredoc", _offset(node, "OpPos"), _offset(node["Hdoc"], "Pos")
        for key, value in node.items():
            if key not in {"Pos", "End"}:
                yield from theirs(value, data)


def ours(script: Script, at: int = 0) -> Iterator[Piece]:
    """Yield commands and heredocs of nftlint's tree; offsets are code points."""
    for node in (script.body, *(heredoc.pieces for heredoc in script.heredocs.values())):
        yield from _commands(node, script.text, at)
    for heredoc in script.heredocs.values():
        operator = heredoc.redirect.span.start + len(heredoc.redirect.fd)
        yield "heredoc", at + operator, at + heredoc.body.start


def _commands(tree: object, text: str, at: int) -> Iterator[Piece]:
    for node in _walk(tree):
        if isinstance(node, Simple) and node.words:
            yield "command", at + node.words[0].span.start, at + node.words[-1].span.end
        elif isinstance(node, Quoted) and node.kind == "backtick":
            inner = node.inner.of(text)
            if "\\" not in inner:
                yield from ours(parse(inner), at + node.inner.start)


def _walk(node: object) -> Iterator[object]:
    yield node
    if isinstance(node, tuple):
        for item in node:
            yield from _walk(item)
    elif is_record(node.__class__) and not isinstance(node, Span):
        for value in as_mapping(node).values():
            yield from _walk(value)


def compare(data: bytes) -> tuple[set[Piece], set[Piece]] | None:
    """Return what only nftlint and only shfmt sees; ``None`` where shfmt cannot read it."""
    tree = shfmt_tree(data)
    if tree is None:
        return None
    text = data.decode()
    offsets = _byte_offsets(text)
    mine = {(kind, offsets[start], offsets[end]) for kind, start, end in ours(parse(text))}
    other = set(theirs(tree, data))
    mine -= {piece for piece in mine if _declares(piece, data)}
    other -= {piece for piece in other if _declares(piece, data)}
    return mine - other, other - mine


def _declares(piece: Piece, data: bytes) -> bool:
    words = data[piece[1] : piece[2]].split(None, 1)
    return piece[0] == "command" and bool(words) and words[0].decode() in DECLARING


def _byte_offsets(text: str) -> list[int]:
    offsets = [0]
    for char in text:
        offsets.append(offsets[-1] + len(char.encode()))
    return offsets


def differences(data: bytes, mine: set[Piece], other: set[Piece]) -> Iterator[Difference]:
    """Yield what only one of the two sees, in the order of the script."""
    pairs = [(piece, only) for only, ps in (("nftlint", mine), ("shfmt", other)) for piece in ps]
    for (kind, start, end), only in sorted(pairs, key=lambda pair: pair[0][1]):
        text = data[start : max(start, end)].decode(errors="replace")
        first = data.rfind(b"\n", 0, start) + 1
        before = data[first:start].decode(errors="replace")
        after = data[max(start, end) :].split(b"\n", 1)[0].decode(errors="replace")
        marked = f"{before}▸{text}◂{after}"
        yield Difference(only, kind, data.count(b"\n", 0, start) + 1, text, marked)


def read_explanations(path: Path) -> list[Explanation]:
    """Read the constructs that explain a difference."""
    rows = [row.split("\t") for row in path.read_text("utf-8").splitlines() if row[:1] != "#"]
    return [Explanation(name, only, re.compile(text, re.DOTALL)) for name, only, text, _why in rows]


def explained_by(difference: Difference, explanations: list[Explanation]) -> str:
    """Return the name of the construct that explains a difference, empty where none does."""
    for item in explanations:
        if item.only in {difference.only, "either"} and item.pattern.search(difference.marked):
            return item.name
    return ""


def main() -> int:
    """Run the comparison and print the summary."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("checkouts", type=Path, nargs="+")
    parser.add_argument("--explained", type=Path, default=EXPLAINED)
    parser.add_argument("--limit", type=int, default=0, help="stop after so many scripts")
    arguments = parser.parse_args()
    explanations = read_explanations(arguments.explained)
    count: Counter[str] = Counter()
    left = 0
    started = time.monotonic()
    for path in scripts_of(arguments.checkouts):
        if arguments.limit and count["scripts"] >= arguments.limit:
            break
        data = path.read_bytes().replace(b"\r\n", b"\n")  # as nftlint reads it
        try:
            found = compare(data)
        except UnicodeDecodeError:
            continue
        count["scripts" if found is not None else "unreadable for shfmt"] += 1
        for difference in differences(data, *found) if found else ():
            name = explained_by(difference, explanations)
            count[name or "differences"] += 1
            if difference.calls_nft or not name:
                left += 1
                mark = " (calls nft)" if difference.calls_nft else ""
                place = f"{path}:{difference.line}"
                print(f"{place}: only {difference.only}{mark}: {difference.text[:100]!r}")
    print(dict(count), f"{time.monotonic() - started:.1f} s", file=sys.stderr)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
