"""Paths as URIs, and as the platforms have them that show findings beside the code."""

from __future__ import annotations

import os
from pathlib import Path

from nftlint.record import dataclass

_KEPT = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/!$&'()*+,;=@"
)
"""What RFC 3986 lets stand in a path. A colon is not among them: in a relative reference's first
segment it would end a scheme."""


def percent_encoded(path: str) -> str:
    """Return a path, relative or absolute, with every byte quoted that no URI path may hold."""
    data = path.encode("utf-8", "surrogateescape")
    return "".join(chr(byte) if byte in _KEPT else f"%{byte:02X}" for byte in data)


@dataclass(frozen=True, slots=True)
class Checkout:
    """Whose paths a platform knows: those below ``root``; ``here`` is where nftlint runs."""

    root: Path
    here: Path

    def path(self, uri: str) -> str:
        """Return a path from the root; an absolute one of what lies elsewhere.

        ``uri`` is relative to ``here``, or absolute.
        """
        if self.root == self.here and not uri.startswith(("/", "..")):
            return uri
        full = Path(os.path.normpath(self.here / uri))
        return str(full.relative_to(self.root) if full.is_relative_to(self.root) else full)


def checkout() -> Checkout:
    """Return the git repository around the current directory, or else the directory itself."""
    here = Path.cwd()
    tops = (top for top in (here, *here.parents) if (top / ".git").exists())
    return Checkout(next(tops, here), here)
