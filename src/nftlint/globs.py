"""Path globs: ``*`` and ``?`` within a name, ``**`` over directories, as in .gitignore files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import PurePosixPath

_STAR, _DEEP, _BELOW = "[^/]*", ".*", "(?:.*/)?"
_WILD = frozenset({_STAR, _DEEP, _BELOW})


def matches_any(path: PurePosixPath, globs: Iterable[str]) -> bool:
    """Tell whether the path, or a directory it lies in, matches one of the globs.

    A glob without ``/`` matches a name at any depth; one with ``/`` matches from the top.
    """
    return any(_pattern(glob).match(str(path)) for glob in globs)


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    body = glob.removeprefix("./").strip("/")
    anywhere = "/" not in body
    return re.compile(("(?:.*/)?" if anywhere else "") + _translate(body) + "(?:/.*)?$", re.DOTALL)


def _translate(glob: str) -> str:
    """Return the regular expression.

    What stands between a star and another is taken where it first comes: as the second may stand
    for all that the first does, no later place would match more, and none is tried (``(?>``).
    Without that, a dozen stars would take hours.
    """
    done, within = "", None
    for piece in _pieces(glob):
        if piece not in _WILD:
            if within is None:
                done += piece
            else:
                within += piece
            continue
        if within is not None:
            done += f"{_STAR}{within}" if piece == _BELOW else f"(?>{_STAR}?{within})"
        within = "" if piece == _STAR else None
        done += "" if piece == _STAR else piece
    return done if within is None else f"{done}{_STAR}{within}"


def _pieces(glob: str) -> Iterator[str]:
    at = 0
    while at < len(glob):
        if glob.startswith("**/", at):
            yield _BELOW
            while glob.startswith("**/", at):
                at += 3
        elif glob.startswith("**", at):
            yield _DEEP
            at += 2
        elif glob[at] == "[" and (end := glob.find("]", at + 2)) > 0:
            body = glob[at + 1 : end].replace("\\", "\\\\")
            yield f"(?!/)[{'^' + body[1:] if body[0] in '!^' else body}]"
            at = end + 1
        else:
            yield {"*": _STAR, "?": "[^/]"}.get(glob[at], re.escape(glob[at]))
            at += 1
