"""How new text is written in each style of scalar.

Every ``encode`` sees a piece of the scalar's text, not all of it, so it refuses what could end
the scalar or change its neighbours; what only shows in the whole is found by reading again.
"""

from __future__ import annotations

import re
from functools import partial

from nftlint.fragment import Style, UnwritableError
from nftlint.patterns import compiled

_BREAKS = compiled("[\r\x85\u2028\u2029\ufeff]")
_UNPRINTABLE = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_FLOW = compiled(r"[,\[\]{}?]")
_WIDE = "\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_ESCAPED = f"[^ !#-\\[\\]-~{_WIDE}]"  # like the one above it takes 8 ms to compile: when used
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\x1b": "\\e"}


def _checked(text: str, kind: str) -> str:
    found = _BREAKS.search(text) or re.search(_UNPRINTABLE, text)
    if found:
        raise UnwritableError(f"a {kind} cannot hold the character U+{ord(found.group()):04X}")
    return text


def encode_plain(text: str, *, flow: bool) -> str:
    """Write in a plain scalar.

    Raises ``UnwritableError`` for what YAML would read as an indicator there.
    """
    _checked(text, "plain YAML scalar")
    for bad, name in (("\n", "a line break"), ("\t", "a tab"), (": ", "': '"), (" #", "' #'")):
        if bad in text:
            raise UnwritableError(f"a plain YAML scalar cannot hold {name}")
    if text.startswith("#") or text.endswith(":"):
        raise UnwritableError("a plain YAML scalar cannot hold '#' or ':' at this place")
    if flow and (found := _FLOW.search(text)):
        raise UnwritableError(f"a plain scalar in a YAML flow list cannot hold {found.group()!r}")
    if flow and ":" in text:
        raise UnwritableError("a plain scalar in a YAML flow list cannot hold ':' everywhere")
    return text


def encode_single(text: str) -> str:
    """Write between single quotes; raises ``UnwritableError`` for a line break."""
    if "\n" in _checked(text, "single-quoted YAML scalar"):
        raise UnwritableError("a single-quoted YAML scalar cannot hold a line break as such")
    return text.replace("'", "''")


def encode_double(text: str) -> str:
    """Write between double quotes: everything can be."""
    return re.sub(_ESCAPED, _escape, text)


def _escape(found: re.Match[str]) -> str:
    char = found.group()
    if char in _SHORT:
        return _SHORT[char]
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def encode_literal(text: str, *, indent: int) -> str:
    """Write in a ``|`` block: each new line gets the block's indentation, in blanks."""
    _checked(text, "YAML block scalar")
    return re.sub(r"\n(?!\n)", "\n" + " " * indent, text)


def encode_folded(text: str, *, indent: int) -> str:
    """Write in a ``>`` block, where an empty line is what reads as a line break.

    Raises ``UnwritableError`` for lines that begin or end with blanks: they do not fold.
    """
    _checked(text, "YAML block scalar")
    if re.search(r"\n[ \t\n]|[ \t]\n", text):
        raise UnwritableError("a folded YAML scalar cannot hold lines with blanks at their ends")
    return text.replace("\n", "\n\n" + " " * indent)


PLAIN_BLOCK = Style("yaml-plain", partial(encode_plain, flow=False))
PLAIN_FLOW = Style("yaml-plain", partial(encode_plain, flow=True))
SINGLE_QUOTED = Style("yaml-single", encode_single)
DOUBLE_QUOTED = Style("yaml-double", encode_double)


def literal(indent: int) -> Style:
    """Return the style of a ``|`` block whose lines are indented by ``indent`` blanks."""
    return Style("yaml-literal", partial(encode_literal, indent=indent))


def folded(indent: int) -> Style:
    """Return the style of a ``>`` block whose lines are indented by ``indent`` blanks."""
    return Style("yaml-folded", partial(encode_folded, indent=indent))
