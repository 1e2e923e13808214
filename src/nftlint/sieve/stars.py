"""Globs as regular expressions that take no longer than they must, whoever wrote them.

A star may stand for all that a star before it does. So what stands between the two is taken where
it first comes: no later place would match more, and none is tried (``(?>``). Without that, a dozen
stars on a long name would take hours. The same holds for ``**/`` and what is between two of them.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

STAR = "[^/]*"
"""``*``: anything within a name."""

BELOW = "(?:.*/)?"
"""``**/``: any directories, or none."""

_DEEP = (".*", ".+")
_SLASHES = ("/", r"\/")


def joined(pieces: Iterable[str]) -> str:
    """Return the regular expression of a glob's pieces: ``STAR``, ``BELOW``, ``.*`` and others."""
    parts: list[list[str]] = [[]]
    for piece in pieces:
        if piece == BELOW:
            parts.append([])
        else:
            parts[-1].append(piece)
    first, *rest = parts
    done = _part(first)
    for at, part in enumerate(rest, 1):
        whole_names = part[-1:] != [] and part[-1] in _SLASHES and not set(_DEEP) & set(part)
        first_will_do = at < len(rest) and whole_names
        done += f"(?>(?:.*?/)??{_part(part)})" if first_will_do else BELOW + _part(part)
    return done


def _part(pieces: Iterable[str]) -> str:
    """Return the expression of what stands between two ``**/``."""
    done = wild = within = ""
    for piece in pieces:
        if piece != STAR and piece not in _DEEP:
            within += piece
            continue
        first_will_do = wild == STAR or (wild != "" and piece in _DEEP)
        done += f"(?>{wild}?{within})" if first_will_do else wild + within
        wild, within = piece, ""
    return done + wild + within
