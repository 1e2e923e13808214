"""The report of one file, and how those of many become one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nftlint.artifact import Artifact
from nftlint.record import dataclass, field
from nftlint.results import Failure, Location, NoFix, Report, Result, Suppressed, Untagged
from nftlint.span import Span


@dataclass(frozen=True, slots=True)
class FileReport:
    """What one file gives, and the texts that are needed to show it.

    ``hidden`` are findings of rules that do not run: they are neither shown nor fixed, and bear on
    what may be fixed beside them (see ``shielding``).
    """

    results: tuple[Result, ...] = ()
    untagged: tuple[Untagged, ...] = ()
    failures: tuple[Failure, ...] = ()
    artifacts: Mapping[str, Artifact] = field(default_factory=dict)
    suppressed: tuple[Suppressed, ...] = ()
    hidden: tuple[Result, ...] = ()


def not_read(location: Location, message: str) -> Result:
    """Return an NFT001 result."""
    reason = "what cannot be read is never changed"
    return Result("NFT001", "unreadable-input", "error", message, location, NoFix(reason))


def merge(reports: Iterable[FileReport], files: int) -> Report:
    """Put the reports of single files together, sorted by URI, place and rule."""
    everything = list(reports)
    artifacts: dict[str, Artifact] = {}
    for report in everything:
        artifacts.update(report.artifacts)
    results = [result for report in everything for result in report.results]
    suppressed = [item for report in everything for item in report.suppressed]
    return Report(
        tuple(sorted(results, key=_order)),
        artifacts,
        tuple(failure for report in everything for failure in report.failures),
        tuple(item for report in everything for item in report.untagged),
        files,
        tuple(sorted(suppressed, key=lambda item: _order(item.result))),
    )


def _order(result: Result) -> tuple[str, Span, str]:
    return result.location.uri, result.location.span, result.rule
