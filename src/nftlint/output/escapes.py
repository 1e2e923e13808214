"""What a hostile file name or source line may contain, made harmless to show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO
from unicodedata import category

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, direction marks, lone surrogates, unassigned, line separators: never shown as such."""


def visible(text: str) -> str:
    """Return ``text`` on one line, with all that a terminal could obey written as escapes."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(visible_char(char) for char in text)


def visible_char(char: str) -> str:
    r"""Return a character as it is, or as an escape (``\x1b``, ``\u202e``) if it is not printed."""
    if category(char) not in _HIDDEN:
        return char
    return char.encode("unicode_escape").decode("ascii")


def well_formed(text: str) -> str:
    """Return ``text`` with U+FFFD for what is no character: bytes of a name that are not UTF-8.

    JSON can say them, but readers that are strict (protobuf's) refuse the whole report for it.
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def for_terminal(lines: Iterable[str], stream: TextIO) -> Iterator[str]:
    """Yield lines as they are, or made visible where a terminal would obey them.

    Tabs and line ends stay: what a file or a pipe gets is for programs, byte by byte.
    """
    if not stream.isatty():
        yield from lines
        return
    for line in lines:
        text = line.removesuffix("\n")
        end = line[len(text) :]
        text = text.removesuffix("\r")
        yield "\t".join(visible(part) for part in text.split("\t")) + end


def visible_lines(text: str) -> str:
    """Return ``text`` made visible line by line; its line breaks stay."""
    return "\n".join(visible(line) for line in text.split("\n"))
