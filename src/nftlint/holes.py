"""Holes: parts of a fragment whose text is only known when it runs.

A shell variable, a Jinja expression or a Terraform template inside a fragment is one
*hole character* in the fragment's text, taken from Unicode's private use plane 16. It passes
through parsing and translation like a letter, and is written back as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product

from nftlint.record import dataclass

FIRST = 0x100000
LAST = 0x10FFFD


@dataclass(frozen=True, slots=True)
class Hole:
    """What a hole character stands for.

    ``raw`` is the parent's text for it (``$PORT``, ``{{ port }}``), without the quotes around it.
    ``values`` are all values it can have, where they are known; ``None`` where they are not.
    ``quoted`` says whether it stood in double quotes, so that it cannot split into words.
    """

    raw: str
    name: str
    quoted: bool = False
    values: tuple[str, ...] | None = None


def is_hole(char: str) -> bool:
    """Tell whether ``char`` is a hole character."""
    return FIRST <= ord(char) <= LAST


def has_holes(text: str) -> bool:
    """Tell whether ``text`` contains a hole character."""
    return not text.isascii() and any(char >= "\U00100000" for char in text)


def may_be(text: str, name: str) -> bool:
    """Tell whether ``text``, its hole characters being anything, can be ``name``."""
    import re

    parts = (".*" if is_hole(char) else re.escape(char) for char in text)
    return re.fullmatch("".join(parts), name, re.DOTALL) is not None


def choices(known: Mapping[str, Sequence[str]]) -> Iterator[dict[str, str]]:
    """Yield every way to give each name one of its values, those of the last name in turn.

    They are made one by one: eight loops over ten words give a hundred million.
    """
    for values in product(*known.values()):
        yield dict(zip(known, values, strict=True))


def spellings(text: str, known: Mapping[str, Sequence[str] | None], most: int) -> list[str]:
    """Return each text that comes of known values in place of their hole characters.

    What has no values stays a hole, and all do where there would be more texts than ``most``.
    """
    here = {char: values for char, values in known.items() if values and char in text}
    found = list(islice(choices(here), most + 1))
    if len(found) > most:
        return [text]
    return [spelled(text, choice) for choice in found]


def spelled(text: str, values: Mapping[str, str]) -> str:
    """Return the text with a value in place of each of these hole characters."""
    return text.translate({ord(char): value for char, value in values.items()})
