r"""Escapes of bash's ``$'…'``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nftlint.patterns import compiled
from nftlint.span import Span

_ESCAPE = compiled(
    r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|c(.)|(.))",
    re.DOTALL,
)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b"} | {
    "f": "\f",
    "v": "\v",
}


def escapes(text: str, start: int = 0) -> Iterator[tuple[Span, str]]:
    """Yield each escape of ``text`` with what it means; spans are shifted by ``start``."""
    for match in _ESCAPE.finditer(text):
        yield Span(*match.span()).shift(start), _meaning(match)


def decode_ansi(text: str) -> str:
    """Return what stands between ``$'`` and ``'`` with its escapes undone."""
    return _ESCAPE.sub(_meaning, text)


def _meaning(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        return chr(min(int(code, 16), 0x10FFFF))
    if match[4]:
        return chr(int(match[4], 8) & 0xFF)
    if match[5]:
        return chr(ord(match[5]) & 0x1F)
    return _LETTERS.get(match[6], match[6] if match[6] in "\\'\"?" else match[0])


def encode_ansi(text: str) -> str:
    r"""Return ``text`` as it is written between ``$'`` and ``'``."""
    text = text.replace("\\", "\\\\").replace("'", "\\'")
    return text.replace("\n", "\\n").replace("\t", "\\t")
