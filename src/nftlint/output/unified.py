"""Unified diffs that ``patch`` and ``git apply`` take."""

from __future__ import annotations

from collections.abc import Iterator


def unified(uri: str, before: str, after: str) -> Iterator[str]:
    r"""Yield the lines of a diff between two texts of one file, each with its line end.

    Lines end at ``\n`` alone, as ``patch`` sees them; a ``\r`` before it stays part of the line.
    """
    from difflib import unified_diff

    old, new = _name(f"a/{uri}"), _name(f"b/{uri}")
    for line in unified_diff(_split(before), _split(after), old, new):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _split(text: str) -> list[str]:
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines


def _name(path: str) -> str:
    """Return a path as git writes it: quoted as in C where it holds anything odd."""
    if path.isprintable() and path.isascii() and not set(path) & set(' "\\'):
        return path
    data = path.encode("utf-8", "surrogateescape")
    return '"' + "".join(_quoted(byte) for byte in data) + '"'


def _quoted(byte: int) -> str:
    char = chr(byte)
    if char in '"\\':
        return f"\\{char}"
    return char if " " <= char <= "~" else f"\\{byte:03o}"
