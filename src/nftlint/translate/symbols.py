"""Symbolic constants that more than one family uses."""

from __future__ import annotations

DSCP = (
    {f"cs{number}": 8 * number for number in range(8)}
    | {f"af{high}{low}": 8 * high + 2 * low for high in range(1, 5) for low in range(1, 4)}
    | {"ef": 46, "be": 0}
)
"""Classes of service, as in RFC 4594."""
