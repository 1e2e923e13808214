"""How a report looks where people read it."""

from __future__ import annotations

from nftlint.record import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """``width`` is the terminal's, in cells; ``quiet`` leaves out the summary."""

    color: bool = False
    width: int = 100
    quiet: bool = False


PLAIN = Look()
