"""Trees in a short notation, for golden files: all that is said, nothing that is left out."""

from __future__ import annotations

from pathlib import Path

from nftlint.record import as_mapping, is_record

HOLES = {"□": "\U00100000", "■": "\U00100001"}
_HERE = Path(__file__).parent


def show(node: object) -> str:
    """Write a tree: the first field bare, the others by name, empty ones not at all."""
    if isinstance(node, tuple):
        return "[" + ", ".join(map(show, node)) + "]"
    if not is_record(node.__class__):
        return str(node)
    parts = [(name, value) for name, value in as_mapping(node).items() if name != "span"]
    said = [show(value) for _, value in parts[:1]]
    said += [
        f"{name}={show(value)}" for name, value in parts[1:] if value not in (None, (), False, "")
    ]
    return f"{type(node).__name__}({', '.join(said)})"


def with_holes(text: str) -> str:
    """Replace the signs of the golden files by hole characters."""
    for sign, hole in HOLES.items():
        text = text.replace(sign, hole)
    return text


def without_holes(text: str) -> str:
    """Replace hole characters by the signs of the golden files."""
    for sign, hole in HOLES.items():
        text = text.replace(hole, sign)
    return text


def cases(name: str) -> list[tuple[str, str]]:
    """Read a golden file: a text, then lines with two blanks before them; ``\\n`` in the text."""
    found: list[tuple[str, str]] = []
    for line in (_HERE / name).read_text().splitlines():
        if line.startswith("  "):
            text, tree = found[-1]
            found[-1] = (text, f"{tree}\n{line.strip()}".strip())
        elif line and not line.startswith("#"):
            found.append((line.replace("\\n", "\n"), ""))
    return found
