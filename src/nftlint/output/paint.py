"""Colour, where it is asked for."""

from __future__ import annotations

from nftlint.record import dataclass

_CODES = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "bold": "1",
    "frame": "1;34",
    "removed": "31",
    "added": "32",
}


@dataclass(frozen=True, slots=True)
class Paint:
    """Puts a style around text, or nothing where ``on`` is false."""

    on: bool

    def __call__(self, style: str, text: str) -> str:
        """Return ``text`` in a style: a level, ``bold``, ``frame``, ``removed`` or ``added``."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.on and text else text
