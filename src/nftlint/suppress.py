"""Suppressions: which results a comment ``# nftlint: ignore[…]`` takes away."""

from __future__ import annotations

from collections.abc import Sequence

from nftlint.directives import Ignore, Parsed
from nftlint.fragment import to_root
from nftlint.results import Result


def kept(results: Sequence[Result], directives: Sequence[Parsed], text: str) -> list[Result]:
    """Return the results that no directive ignores.

    ``ignore`` holds for what begins on its own line or on the next; ``ignore-file`` for the file.
    ``text`` is the artifact's.
    """
    ignores = [item for item in directives if isinstance(item, Ignore)]
    if not ignores:
        return list(results)
    return [result for result in results if not any(_holds(one, result, text) for one in ignores)]


def _holds(ignore: Ignore, result: Result, text: str) -> bool:
    if result.rule not in ignore.rules:
        return False
    if ignore.whole_file:
        return True
    line = _line(text, to_root(ignore.fragment, ignore.span).start)
    return _line(text, result.location.span.start) in (line, line + 1)


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset)
