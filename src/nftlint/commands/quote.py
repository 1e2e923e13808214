"""Words back into shell: quoted only where needed, variables as they stood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from nftlint.fragment import Fragment, Refusal, UnwritableError
from nftlint.holes import Hole, is_hole
from nftlint.patterns import compiled

_SAFE = compiled(r"[A-Za-z0-9_@%+=:,./^-]*\Z")
_DOUBLE = compiled(r'[$`"\\]')


def single_quote(text: str) -> str:
    r"""Return ``text`` in single quotes; a single quote in it becomes ``'\''``."""
    return "'" + text.replace("'", "'\\''") + "'"


def double_escape(text: str) -> str:
    r"""Return ``text`` as it is written between double quotes, where ``$`` is to mean itself."""
    return _DOUBLE.sub(r"\\\g<0>", text)


def hole_styles(script: Fragment) -> dict[str, tuple[Hole, str]]:
    """Return for each hole character of a fragment what it is, and its style's name."""
    styles: dict[str, tuple[Hole, str]] = {}
    for segment in script.segments if script.holes else ():
        char = segment.inner.of(script.text)
        if char in script.holes:
            styles[char] = (script.holes[char], segment.style.name)
    return styles


def shell_quote(text: str, holes: Mapping[str, tuple[Hole, str]]) -> str:
    """Return one shell word that expands to ``text``.

    ``holes`` says of the hole characters in it how they were written (``hole_styles``): one that
    stood in double quotes is put in double quotes again, one in single quotes in single quotes.
    """
    if text == "!" or (text and _SAFE.match(text)):
        return text
    kinds = {_kind(char, holes) for char in text if is_hole(char)}
    if not kinds or kinds == {"single"}:
        return single_quote(_raw(text, holes))
    if kinds == {"double"} and "!" not in text:
        return '"' + _double(text, holes) + '"'
    return "".join(_pieces(text, holes))


def _kind(char: str, holes: Mapping[str, tuple[Hole, str]]) -> str:
    hole, style = holes.get(char, (None, "bare"))
    if hole is None or not hole.quoted:
        return "bare"
    return "single" if style == "single" else "double"


def _raw(text: str, holes: Mapping[str, tuple[Hole, str]]) -> str:
    return "".join(holes[char][0].raw if char in holes else char for char in text)


def _double(text: str, holes: Mapping[str, tuple[Hole, str]]) -> str:
    return "".join(holes[char][0].raw if char in holes else double_escape(char) for char in text)


def _pieces(text: str, holes: Mapping[str, tuple[Hole, str]]) -> Iterator[str]:
    def kind(char: str) -> str:
        return _kind(char, holes) if is_hole(char) else "literal"

    for name, group in groupby(text, kind):
        piece = "".join(group)
        if name == "bare":
            yield _raw(piece, holes)
        elif name == "double":
            yield '"' + _raw(piece, holes) + '"'
        elif name == "single":
            yield single_quote(_raw(piece, holes))
        else:
            yield piece if _SAFE.match(piece) else single_quote(piece)


def encode_bare(text: str) -> str:
    """Return ``text`` for a place between blanks, outside any quotes.

    Raises ``UnwritableError`` for text that would need quotes, since one word cannot begin
    them for another.
    """
    if not _SAFE.match(text.replace(" ", "")):
        raise UnwritableError("it would need quotes where none stand")
    return text


def encode_single(text: str) -> str:
    r"""Return ``text`` for a place between single quotes; raises nothing."""
    return text.replace("'", "'\\''")


def needs_one_run(holes: Mapping[str, tuple[Hole, str]], uses: Mapping[str, int]) -> Refusal | None:
    """Return why a variable may not be written as often as it is used: it runs something."""
    for char, count in uses.items():
        raw = holes[char][0].raw if char in holes else ""
        if count > 1 and _EFFECT.search(raw):
            return Refusal(f"`{raw}` would be evaluated {count} times instead of once")
    return None


_EFFECT = compiled(r"`|\$\(|:=|\+\+|--|[-+*/|&^%]=|RANDOM|\$[?!]|<\(|>\(")
