"""Every piece of evidence speaks of lines that are looked at."""

from __future__ import annotations

from nftlint.hosts.marks import known_evidence
from nftlint.hosts.observe import HINTS

NAMES = ("group", "role")
"""Kinds that are held against names rather than lines."""


def test_each_pattern_holds_a_hint() -> None:
    for kind, several in known_evidence().items():
        for item in several:
            text = item.pattern.pattern + (item.value.pattern if item.value else "")
            assert kind in NAMES or HINTS.search(text), (kind, text)
