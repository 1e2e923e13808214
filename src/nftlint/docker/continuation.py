"""Which line continuations of a Dockerfile can stay in the shell's text as the shell's own.

BuildKit joins the lines before any shell sees them. A shell drops a backslash with its line break
too, but not within single quotes or a comment; there, and where quoting is not plain to see, the
text is given as BuildKit joins it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from nftlint.fragment import Style, UnwritableError
from nftlint.patterns import compiled

CONTINUED = "\\\n"

_TOKEN = compiled(
    r"(?P<whole>\\.|'[^']*')"  # nothing may be put inside
    r"""|"(?:[^"\\`$]|\\.|\$\{[^{}'"`\\$]*\}|\$\([^()'"`\\#<]*\)|\$(?![({]))*\""""
    r"|[^\\'\"#`<$]+|<(?!<)|\$(?!')|(?<=[^\s;&|()])#",
    re.DOTALL,
)


def keeps(text: str) -> Callable[[int], bool]:
    """Return a function that tells whether the shell would drop a continuation at an offset.

    ``text`` is a shell command after joining. A continuation is kept beside a blank only.
    """
    closed: list[tuple[int, int]] = []
    at = 0
    while match := _TOKEN.match(text, at):
        at = match.end()
        if match["whole"]:
            closed.append(match.span())

    def keeps_at(offset: int) -> bool:
        if not 0 < offset < at or any(start < offset < end for start, end in closed):
            return False
        return text[offset - 1] in " \t" or text[offset] in " \t"

    return keeps_at


def instruction_style(escape: str) -> Style:
    """Return how text is written in an instruction: on one line, or with its continuations."""

    def encode(text: str) -> str:
        if "\n" in text.replace(CONTINUED, ""):
            raise UnwritableError("a Dockerfile instruction cannot hold a line break")
        return text.replace(CONTINUED, f"{escape}\n")

    return Style("Dockerfile instruction", encode)
