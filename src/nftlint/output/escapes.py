"""What a hostile file name or source line may contain, made harmless to show."""

from __future__ import annotations

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


def visible_lines(text: str) -> str:
    """Return ``text`` made visible line by line; its line breaks stay."""
    return "\n".join(visible(line) for line in text.split("\n"))
