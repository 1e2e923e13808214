"""Paths as URIs."""

from __future__ import annotations

_KEPT = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/!$&'()*+,;=@"
)
"""What RFC 3986 lets stand in a path. A colon is not among them: in a relative reference's first
segment it would end a scheme."""


def percent_encoded(path: str) -> str:
    """Return a path, relative or absolute, with every byte quoted that no URI path may hold."""
    data = path.encode("utf-8", "surrogateescape")
    return "".join(chr(byte) if byte in _KEPT else f"%{byte:02X}" for byte in data)
