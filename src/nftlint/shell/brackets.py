"""Where round brackets close."""

from __future__ import annotations

import re

from nftlint.patterns import compiled
from nftlint.shell.cursor import Cursor

_PARENTHESES = compiled(r"\\.|'[^']*'|\"(?:[^\"\\]|\\.)*\"|[()]|[^\\'\"()]+|.", re.DOTALL)
_ARITHMETIC = compiled(r"\\.|[()]|[^\\()]+", re.DOTALL)


def balanced(cursor: Cursor, start: int) -> int:
    """Return the end of the parentheses that open at ``start``."""
    depth = 0
    for match in _PARENTHESES.finditer(cursor.text, start):
        depth += (match[0] == "(") - (match[0] == ")")
        if depth == 0:
            return match.end()
    raise cursor.fail("`(` is not closed")


def arithmetic_end(cursor: Cursor, start: int) -> int:
    """Return the end of ``((…))`` that opens at ``start``, or -1 where it is no arithmetic."""
    depth = 0
    for match in _ARITHMETIC.finditer(cursor.text, start):
        depth += (match[0] == "(") - (match[0] == ")")
        if depth == 1 and match[0] == ")":
            return match.end() + 1 if cursor.text.startswith(")", match.end()) else -1
    return -1
