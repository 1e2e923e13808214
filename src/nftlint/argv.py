"""An argument list in which every word knows where it came from."""

from __future__ import annotations

from nftlint.record import dataclass
from nftlint.span import Span


@dataclass(frozen=True, slots=True)
class Arg:
    """One word of a command. ``text`` is unquoted and may contain hole characters.

    ``origin`` is the span of the source statement that this word says again, or ``None``.
    """

    text: str
    origin: Span | None = None


Argv = tuple[Arg, ...]


def argv(*words: str) -> Argv:
    """Return words of no particular origin as an argument list."""
    return tuple(Arg(word) for word in words)
