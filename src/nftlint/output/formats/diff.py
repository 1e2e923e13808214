"""``diff``: what the safe fixes would change, for ``patch`` and ``git apply``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TextIO

from nftlint.applicability import Applicability
from nftlint.fragment import Replacement, apply
from nftlint.output.unified import unified
from nftlint.pages import RulePage
from nftlint.results import Fix, Report


def write(
    report: Report,
    rules: Mapping[str, RulePage],
    stream: TextIO,
    *,
    color: bool = False,
    width: int = 100,
) -> None:
    """Write a unified diff for each file that a safe fix changes."""
    for uri in dict.fromkeys(result.location.uri for result in report.results):
        if uri in report.artifacts and (replacements := _safe(report, uri)):
            text = report.artifacts[uri].text
            stream.writelines(unified(uri, text, apply(text, replacements)))


def _safe(report: Report, uri: str) -> list[Replacement]:
    """Return the replacements of a file's safe fixes; of fixes that overlap, the first."""
    taken: list[Replacement] = []
    for result in report.results:
        fix = result.fix
        if result.location.uri == uri and isinstance(fix, Fix):
            new = [item for item in fix.replacements if item not in taken]
            if fix.applicability is Applicability.SAFE and not _overlap(new, taken):
                taken += new
    return taken


def _overlap(some: Iterable[Replacement], others: Iterable[Replacement]) -> bool:
    taken = list(others)
    return any(
        one.span.start < other.span.end and other.span.start < one.span.end
        for one in some
        for other in taken
    )
