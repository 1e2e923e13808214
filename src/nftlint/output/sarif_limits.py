"""What of a report one upload to code scanning holds."""

from __future__ import annotations

from collections.abc import Sequence

from nftlint.output.summary import count
from nftlint.results import Report, Result, Suppressed

RESULT_LIMIT = 25_000
"""GitHub refuses an upload with more results in one run."""
_GRAVEST_FIRST = ("error", "warning", "note")


def held(report: Report) -> tuple[Sequence[Result], Sequence[Suppressed]]:
    """Return the results and the suppressed ones that are written, each in their order.

    Where there are too many, the gravest are; suppressed ones are the first to go.
    """
    results = report.results
    if len(results) > RESULT_LIMIT:
        by_level = sorted(range(len(results)), key=lambda at: _gravity(results[at]))
        results = tuple(results[at] for at in sorted(by_level[:RESULT_LIMIT]))
    return results, report.suppressed[: RESULT_LIMIT - len(results)]


def _gravity(result: Result) -> int:
    return _GRAVEST_FIRST.index(result.level)


def left_out(report: Report) -> str:
    """Return how much of the report is not written, or nothing."""
    results, suppressed = held(report)
    missing = len(report.results) - len(results)
    aside = len(report.suppressed) - len(suppressed)
    parts = [count(missing, "result")] if missing else []
    parts += [count(aside, "suppressed result")] if aside else []
    if not parts:
        return ""
    limit = f"one upload holds {RESULT_LIMIT:,}"
    which = "; the gravest are kept" if missing else ""
    return f"{' and '.join(parts)} left out: {limit}{which}. Lint less at once."
