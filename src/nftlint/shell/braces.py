"""Unquoted ``{22,80}``: several words for bash, and itself for a plain ``sh``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nftlint.shell.tree import Simple, Word

_BRACES = re.compile(r"\{[^{}\s]*(?:,|\.\.)[^{}\s]*\}")
_PLAIN_SHELL = re.compile(r"#![ \t]*(?:\S*/)?(?:env[ \t]+)?(?:\S*/)?(?:da|a)?sh\b")


def brace_caveats(simple: Simple, text: str) -> tuple[str, ...]:
    """Return what is uncertain about a command whose words bash would take apart.

    nft then gets other words than are written: usually it refuses them, and nothing was ever added.
    """
    if _PLAIN_SHELL.match(text):
        return ()
    found = (match[0] for word in simple.words for match in _unquoted(word, text))
    return tuple(
        f"bash makes several words of the unquoted `{shown}`, so that nft gets no set."
        for shown in dict.fromkeys(found)
    )


def _unquoted(word: Word, text: str) -> Iterator[re.Match[str]]:
    spans = [piece.span for piece in word.pieces if piece.kind == "plain"]
    for span in spans if word.pieces else [word.span]:
        yield from _BRACES.finditer(text, span.start, span.end)
