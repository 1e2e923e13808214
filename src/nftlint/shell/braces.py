"""Unquoted ``{22,80}``: several words for bash, and itself for a plain ``sh``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nftlint.patterns import compiled
from nftlint.shell.tree import Simple, Word

_BRACES = compiled(r"\{[^{}\s]*(?:,|\.\.)[^{}\s]*\}")
_PLAIN_SHELL = compiled(r"#![ \t]*(?:\S*/)?(?:env[ \t]+)?(?:\S*/)?(?:da|a)?sh\b")
_BASH = compiled(r"#![ \t]*(?:\S*/)?(?:env[ \t]+(?:-\S+[ \t]+)*)?(?:\S*/)?(?:ba|z|k|mk)sh\b")
_NUMBERS = compiled(r"(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?\Z")
_LETTERS = compiled(r"([A-Za-z])\.\.([A-Za-z])\Z")
MOST_WORDS = 64
"""A word that expands to more is left as it is."""


def is_bash(text: str) -> bool:
    """Tell whether a script's first line names a shell that expands braces."""
    return _BASH.match(text) is not None


def expanded(word: str) -> list[str]:
    """Return the words that bash makes of an unquoted one without variables; itself for none."""
    if "{" not in word:
        return [word]
    words = _expanded(word)
    return words if len(words) <= MOST_WORDS else [word]


def _expanded(word: str) -> list[str]:
    start = word.find("{")
    while start >= 0:
        end = _closing(word, start)
        choices = _choices(word[start + 1 : end]) if end > 0 else []
        if choices:
            rest = _expanded(word[end + 1 :])
            if len(choices) * len(rest) > MOST_WORDS:
                return [word] * (MOST_WORDS + 1)
            return [word[:start] + one + other for one in choices for other in rest]
        start = word.find("{", start + 1)
    return [word]


def _closing(word: str, start: int) -> int:
    depth = 0
    for at in range(start, len(word)):
        depth += (word[at] == "{") - (word[at] == "}")
        if depth == 0:
            return at
    return -1


def _choices(inner: str) -> list[str]:
    """Return what ``{…}`` stands for; nothing where it is no list and no range."""
    parts = list(_parts(inner))
    if len(parts) > 1:
        return [one for part in parts for one in _expanded(part)]
    if match := _NUMBERS.match(inner):
        return list(_numbers(match))
    if match := _LETTERS.match(inner):
        first, last = ord(match[1]), ord(match[2])
        step = 1 if first <= last else -1
        return [chr(code) for code in range(first, last + step, step)]
    return []


def _parts(inner: str) -> Iterator[str]:
    """Yield what stands between the commas that are in no braces of their own."""
    depth = at = 0
    for index, char in enumerate(inner):
        depth += (char == "{") - (char == "}")
        if char == "," and depth == 0:
            yield inner[at:index]
            at = index + 1
    yield inner[at:]


def _numbers(match: re.Match[str]) -> Iterator[str]:
    first, last = int(match[1]), int(match[2])
    step = abs(int(match[3] or 1)) or 1
    padded = any(re.match(r"-?0\d", text) for text in match.group(1, 2))
    width = max(map(len, match.group(1, 2))) if padded else 0
    end = last + (1 if first <= last else -1)
    for number in range(first, end, step if first <= last else -step)[: MOST_WORDS + 1]:
        yield f"{number:0{width}d}" if width else str(number)


def brace_caveats(simple: Simple, text: str) -> tuple[str, ...]:
    """Return what is uncertain about a command whose words bash would take apart.

    nft then gets other words than are written: usually it refuses them, and nothing was ever added.
    """
    if _PLAIN_SHELL.match(text):
        return ()
    words: Sequence[Word] = simple.words
    if is_bash(text):  # a word without quotes and variables has been taken apart
        words = [word for word in words if word.pieces]
    found = (match[0] for word in words for match in _unquoted(word, text))
    return tuple(
        f"bash makes several words of the unquoted `{shown}`, so that nft gets no set."
        for shown in dict.fromkeys(found)
    )


def _unquoted(word: Word, text: str) -> Iterator[re.Match[str]]:
    spans = [piece.span for piece in word.pieces if piece.kind == "plain"]
    for span in spans if word.pieces else [word.span]:
        yield from _BRACES.finditer(text, span.start, span.end)
