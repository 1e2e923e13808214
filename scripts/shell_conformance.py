"""Hold nftlint's shell reader against shfmt's, over the shell scripts of whole checkouts.

    python scripts/shell_conformance.py CHECKOUT… [--list FILE] [--limit N]

For every script that shfmt can read, the simple commands (first word to last) and the heredocs
(body and operator) must be the same. Explained, and not counted, are commands inside arithmetic,
which nftlint does not look for, and those in backticks with escapes, whose text is another one.
Prints each other difference and a summary, with those of commands that call nft counted apart;
exits 1 if there is one of these. Needs shfmt (PyPI: shfmt-py).
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
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from nftlint.shell.parse import parse
from nftlint.shell.tree import Piece as Quoted
from nftlint.shell.tree import Script, Simple
from nftlint.span import Span

SHEBANG = re.compile(rb"#! ?\S*?(?:env )?\S*\b(?:ba|da|a|k|mk)?sh\b")
EXTENSIONS = {".sh", ".bash", ".dash", ".ash", ".ksh"}
SHFMT = shutil.which("shfmt") or str(Path(sys.executable).with_name("shfmt"))
NFT = re.compile(r"\bnft\b|\$\{?NFT")
DECLARING = frozenset({"declare", "local", "export", "readonly", "typeset", "nameref", "let"})

ARITHMETIC = re.compile(rb"\(\([^\n]*|\$\[[^\n]*")
"""A command inside arithmetic is not looked for: what it prints is a number."""

Piece = tuple[str, int, int]


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
    elif is_dataclass(node) and not isinstance(node, (Span, type)):
        for field in fields(node):
            yield from _walk(getattr(node, field.name))


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
    explained = {piece for piece in mine ^ other if _explained(piece, data)}
    return mine - other - explained, other - mine - explained


def _explained(piece: Piece, data: bytes) -> bool:
    kind, start, end = piece
    if kind == "heredoc":
        return end == 0  # shfmt gives an empty body no place
    line = data[data.rfind(b"\n", 0, start) + 1 : start]
    in_backticks = line.count(b"`") % 2 == 1
    return ARITHMETIC.search(line) is not None or (in_backticks and b"\\" in data[start - 80 : end])


def _declares(piece: Piece, data: bytes) -> bool:
    words = data[piece[1] : piece[2]].split(None, 1)
    return piece[0] == "command" and bool(words) and words[0].decode() in DECLARING


def _byte_offsets(text: str) -> list[int]:
    offsets = [0]
    for char in text:
        offsets.append(offsets[-1] + len(char.encode()))
    return offsets


def report(path: Path, data: bytes, mine: set[Piece], other: set[Piece]) -> Iterator[str]:
    """Yield a line for each difference."""
    for who, pieces in (("nftlint", mine), ("shfmt", other)):
        for kind, start, end in sorted(pieces, key=lambda piece: piece[1]):
            line = data.count(b"\n", 0, start) + 1
            shown = data[start : end if kind == "command" else start + 40].decode(errors="replace")
            mark = " (calls nft)" if NFT.search(shown) else ""
            yield f"{path}:{line}: only {who}: {kind}{mark} {shown[:100]!r}"


def main() -> int:
    """Run the comparison and print the summary."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("checkouts", type=Path, nargs="+")
    parser.add_argument("--limit", type=int, default=0, help="stop after so many scripts")
    arguments = parser.parse_args()
    count: Counter[str] = Counter()
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
        lines = list(report(path, data, *found)) if found else []
        count["differences"] += len(lines)
        count["differences that touch nft"] += sum("(calls nft)" in line for line in lines)
        for line in lines:
            print(line)
    print(dict(count), f"{time.monotonic() - started:.1f} s", file=sys.stderr)
    return 1 if count["differences that touch nft"] else 0


if __name__ == "__main__":
    sys.exit(main())
