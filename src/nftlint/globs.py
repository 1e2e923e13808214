"""Path globs: ``*`` and ``?`` within a name, ``**`` over directories, as in .gitignore files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import PurePosixPath

from nftlint.sieve.stars import BELOW, STAR, joined


def matches_any(path: PurePosixPath, globs: Iterable[str]) -> bool:
    """Tell whether the path, or a directory it lies in, matches one of the globs.

    A glob without ``/`` matches a name at any depth; one with ``/`` matches from the top.
    """
    return any(_pattern(glob).match(str(path)) for glob in globs)


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    body = glob.removeprefix("./").strip("/")
    anywhere = "/" not in body
    whole = joined([BELOW, *_pieces(body)] if anywhere else _pieces(body))
    return re.compile(f"{whole}(?:/.*)?$", re.DOTALL)


def _pieces(glob: str) -> Iterator[str]:
    at = 0
    while at < len(glob):
        if glob.startswith("**/", at):
            yield BELOW
            while glob.startswith("**/", at):
                at += 3
        elif glob.startswith("**", at):
            yield ".*"
            at += 2
        elif glob[at] == "[" and (end := glob.find("]", at + 2)) > 0:
            body = glob[at + 1 : end].replace("\\", "\\\\")
            yield f"(?!/)[{'^' + body[1:] if body[0] in '!^' else body}]"
            at = end + 1
        else:
            yield {"*": STAR, "?": "[^/]"}.get(glob[at], re.escape(glob[at]))
            at += 1
