"""Which kind of user-data a text is, by its first bytes."""

from __future__ import annotations

import re

from nftlint.patterns import compiled

_KINDS = (
    ("#cloud-config-archive", "archive"),
    ("#cloud-config-jsonp", "patch"),
    ("#cloud-config", "cloud-config"),
    ("#cloud-boothook", "boothook"),
    ("#include", "include"),
    ("#part-handler", "part-handler"),
    ("## template: jinja", "jinja"),
    ("#!", "script"),
)
"""Longest first; compared without regard to case, after leading white space."""

_TEMPLATE_LINES = compiled(r"\s*(?:\{#.*?#\}|\{%.*?%\}|%\{.*?\})", re.DOTALL)
_INCLUDE = compiled(r"(?i)#include(?:-once)?[ \t]*(?:\n|\Z)")


def kind_of_part(text: str) -> str:
    """Return the kind of a text: ``cloud-config``, ``script``, ``mime`` …; empty for none.

    Template statements before the first line are passed over: they are gone when it is read.
    """
    start = text.removeprefix("\ufeff")
    while found := _TEMPLATE_LINES.match(start):
        start = start[found.end() :]
    start = start.lstrip()
    lower = start[:4096].lower()
    kind = next((kind for prefix, kind in _KINDS if lower.startswith(prefix)), "")
    if kind == "include" and not _INCLUDE.match(start):
        return ""  # C has the word as well
    if kind == "jinja":
        return kind if kind_of_part(start.partition("\n")[2]) else ""
    if not kind and re.search(r"(?m)^mime-version:", lower) and "multipart/" in lower:
        return "mime"
    return kind


def header_end(text: str) -> int:
    """Return where the text after the first line that is not blank begins."""
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start)
    return end + 1 if end >= 0 else len(text)
