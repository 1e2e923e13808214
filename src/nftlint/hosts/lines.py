r"""Lines as shells and Dockerfiles have them: a backslash at the end continues a line.

All offsets are of the text (code points, 0-based).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nftlint.patterns import compiled

_LINE = compiled(r"(?:[^\n\\]|\\.)*(?:\\\n(?:[^\n\\]|\\.)*)*", re.DOTALL)
_COMMENT = compiled(r"(?:^|(?<=\s))(?:#|//).*$", re.MULTILINE)


def logical_lines(text: str) -> Iterator[re.Match[str]]:
    """Yield each line with those that continue it, without the line end."""
    return _LINE.finditer(text)


def logical_line(text: str, start: int) -> re.Match[str]:
    """Return the line that begins at ``start``, with those that continue it."""
    found = _LINE.match(text, start)
    assert found is not None  # noqa: S101  (it matches nothing, too)
    return found


def line_start(text: str, at: int) -> int:
    """Return where the line begins that ``at`` is in, with the lines that it continues."""
    start = text.rfind("\n", 0, at) + 1
    while start > 1:
        above = text.rfind("\n", 0, start - 1) + 1
        line = text[above : start - 1]
        if (len(line) - len(line.rstrip("\\"))) % 2 == 0:
            break
        start = above
    return start


def stripped(raw: str) -> str:
    """Return a line without its comment, nothing where it has nothing else."""
    bare = raw.lstrip()
    if not bare or bare[0] in "#;" or bare.startswith("//"):
        return ""
    line = _COMMENT.sub("", raw) if "#" in raw or "//" in raw else raw
    line = line.replace("\\\n", " ")
    return line if line.strip() else ""
