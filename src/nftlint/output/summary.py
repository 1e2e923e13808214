"""The end of a report for people: what was found, what can be fixed, what was not judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from nftlint.applicability import Applicability
from nftlint.output.escapes import visible
from nftlint.output.paint import Paint
from nftlint.output.regions import Places
from nftlint.output.tagging import tagging_lines
from nftlint.results import Fix, Report, Untagged


def failure_lines(report: Report, places: Places, paint: Paint) -> Iterator[str]:
    """Yield a line for each file that could not be linted, or was not linted whole."""
    for failure in report.failures:
        at = "" if failure.offset is None else f":{places.at(failure.uri, failure.offset)}"
        place = paint("bold", visible(failure.uri) + at)
        yield f"{place}: {paint('error', 'error')}: {visible(failure.message)}"


def remarks(report: Report) -> list[str]:
    """Return what must be said beside a report for machines: failures, and what is untagged."""
    return [*failed(report), *untagged_lines(report.untagged)]


def failed(report: Report) -> list[str]:
    """Return a line without colours for each file that could not be linted."""
    return list(failure_lines(report, Places(report.artifacts), Paint(on=False)))


def summary_lines(report: Report) -> list[str]:
    """Return the summary as lines, without colour and hostile characters made visible."""
    return [_found(report), *_fixable(report), *_gone(report), *untagged_lines(report.untagged)]


def untagged_lines(untagged: Sequence[Untagged]) -> list[str]:
    """Return how much no tag speaks of, whoever writes it, and the configuration that tags it."""
    if not untagged:
        return []
    by_config: dict[tuple[str, bool], list[str]] = {}
    for item in untagged:
        by_config.setdefault((item.config, item.inline), []).append(item.location.uri)
    writes = count(len(untagged), "write")
    files = count(len({item.location.uri for item in untagged}), "file")
    head = f"{writes} to managed tables in {files} not judged: no tag says what runs there."
    hints = (
        line
        for (config, inline), uris in by_config.items()
        for line in tagging_lines(config, uris, inline=inline)
    )
    return [head, *hints]


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where there is not one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _found(report: Report) -> str:
    files = count(report.files, "file")
    aside = f"; {count(len(report.failures), 'error')}" if report.failures else ""
    aside += f"; {len(report.suppressed)} suppressed" if report.suppressed else ""
    if not report.results:
        return f"No problems found in {files}{aside}."
    affected = len({result.location.uri for result in report.results})
    found = count(len(report.results), "problem")
    return f"Found {found} in {affected} of {files}{aside}."


def _fixable(report: Report) -> Iterable[str]:
    fixes = [result.fix for result in report.results if isinstance(result.fix, Fix)]
    by = Counter(fix.applicability for fix in fixes)
    safe, unsafe = by[Applicability.SAFE], by[Applicability.UNSAFE]
    if safe:
        yield f"{safe} fixable with --fix."
    if unsafe:
        more = "more " if safe else ""
        yield f"{unsafe} {more}fixable with --fix --unsafe-fixes: read why first."


def _gone(report: Report) -> Iterable[str]:
    if report.gone:
        is_, them = ("is", "it") if report.gone == 1 else ("are", "them")
        known = count(report.gone, "finding")
        yield f"{known} of the baseline {is_} there no more: --write-baseline leaves {them} out."
