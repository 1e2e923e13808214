"""How far a fix or a translation may be trusted."""

from __future__ import annotations

from enum import IntEnum


class Applicability(IntEnum):
    """Ordered from untrusted to trusted, so that ``min`` combines several.

    ``SAFE``: the firewall does the same before and after; ``--fix`` applies it.
    ``UNSAFE``: right under a condition that nftlint cannot see; ``--unsafe-fixes`` applies it.
    ``DISPLAY_ONLY``: shown to be taken up by hand, never applied.
    ``NONE``: there is no fix.
    """

    NONE = 0
    DISPLAY_ONLY = 1
    UNSAFE = 2
    SAFE = 3

    @property
    def label(self) -> str:
        """The word used in output: ``safe``, ``unsafe``, ``display-only``, ``none``."""
        return self.name.lower().replace("_", "-")
