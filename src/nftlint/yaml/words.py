"""New words as YAML scalars: plain where that reads as the same text, else quoted."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nftlint.commands.quote import hole_styles
from nftlint.fragment import Fragment, Style, UnwritableError
from nftlint.holes import Hole, is_hole
from nftlint.patterns import compiled
from nftlint.yaml import styles
from nftlint.yaml.nodes import DOUBLE, SINGLE

_PLAIN = compiled(r"(?:[A-Za-z_/]|--?[A-Za-z])[A-Za-z0-9_./@%+=^:-]*(?<!:)\Z")
_ADDRESS = compiled(r"\d+\.\d+\.\d+\.\d+(?:/\d+)?\Z")
"""No number to any loader. True numbers are quoted, since cloud-init's schema wants texts."""
_BEGINNING = compiled(r"(?:[\[,]|\n[ -]*-)\s*\Z")
_SPECIAL = compiled(r"(?i)(?:y|n|yes|no|on|off|true|false|null)\Z")
"""Words that some loader reads as no text (YAML 1.1 and 1.2)."""


def write_word(text: str, script: Fragment, like: str, *, flow: bool) -> str:
    """Return a scalar that reads as ``text``, whose hole characters are the script's.

    ``like`` is the style preferred. A variable is written in the style that it stood in, since
    what it may expand to was right there. Raises ``UnwritableError``.
    """
    known = hole_styles(script)
    holes = {char: known[char] for char in text if char in known}
    kinds = {name for _, name in holes.values()}
    if len(kinds) > 1:
        raise UnwritableError("one word would hold variables that are quoted in different ways")
    if kinds:
        like = _with_hole(text, holes, kinds.pop(), script)
    elif like not in (SINGLE, DOUBLE) and is_plain(text, flow=flow):
        return text
    elif like != SINGLE or re.search(r"[^\x20-\x7e]", text):
        like = DOUBLE
    if like == SINGLE:
        return "'" + _encoded(text, holes, styles.SINGLE_QUOTED) + "'"
    if like == DOUBLE:
        return '"' + _encoded(text, holes, styles.DOUBLE_QUOTED) + '"'
    return _encoded(text, holes, styles.PLAIN_FLOW if flow else styles.PLAIN_BLOCK)


def is_plain(text: str, *, flow: bool) -> bool:
    """Tell whether a plain scalar of this text reads as this text in every loader."""
    if _ADDRESS.match(text):
        return True
    return bool(_PLAIN.match(text)) and not _SPECIAL.match(text) and not (flow and ":" in text)


def _with_hole(
    text: str, holes: Mapping[str, tuple[Hole, str]], style: str, script: Fragment
) -> str:
    """Return the style for a word with variables that stood in ``style``.

    A plain word may begin with a template only if the one that is taken over did.
    """
    if style in (styles.SINGLE_QUOTED.name, styles.DOUBLE_QUOTED.name):
        return style.removeprefix("yaml-")
    if not is_hole(text[0]):
        return style
    raw = holes[text[0]][0].raw
    if _began(text[0], script) or not raw.startswith(("{", "%")):
        return style
    if '"' in raw or "\\" in raw:
        raise UnwritableError(f"`{raw}` cannot be quoted anew in YAML")
    return DOUBLE


def _began(hole: str, script: Fragment) -> bool:
    """Tell whether a script's hole was the first of a plain scalar as it is written."""
    outer = next(item.outer for item in script.segments if item.inner.of(script.text) == hole)
    before = script.parent.text[: outer.start] if script.parent else ""
    return _BEGINNING.search(before[-200:]) is not None


def _encoded(text: str, holes: Mapping[str, tuple[Hole, str]], style: Style) -> str:
    pieces = re.split("([\U00100000-\U0010fffd])", text)
    return "".join(
        holes[piece][0].raw if piece in holes else style.encode(piece) for piece in pieces if piece
    )
