"""Shielding: a rule that cannot be listed keeps the misread ones beside it from being written back.

While ``iptables -S`` or ``iptables-save`` fails on a table, its owner aborts before the write-back.
Fixing only the rule that cannot be listed would let the misread ones of the same table be widened:
such a fix is safe only if every misread rule of that table on that host has a safe fix, too.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from nftlint.applicability import Applicability
from nftlint.artifact import Artifact
from nftlint.edits import Replacement
from nftlint.record import replace
from nftlint.results import Fix, Host, NoFix, Result
from nftlint.unit import Origin

Group = tuple[tuple[str, ...], str, int, str, str]
"""One table on one host: tags, what tags it (URI, offset), family, table."""

Exposures = Mapping[Group, str]
"""For each table that must not be made listable: why."""

WRITTEN_BACK = frozenset({"NFT101", "NFT102"})
"""The rules whose findings come true when a table is written back; a flush needs no sync."""

UNLISTABLE = frozenset({"crash", "sync-abort"})


def exposures(results: Iterable[Result], artifacts: Mapping[str, Artifact]) -> dict[Group, str]:
    """Return the tables with a misread rule that has no safe fix."""
    found: dict[Group, str] = {}
    for result in results:
        if _is_misread(result) and not _is_safe(result):
            for group in _groups(result):
                if group not in found:
                    found[group] = _reason(result, artifacts)
    return found


def left_exposed(
    results: Iterable[Result], uris: Container[str], artifacts: Mapping[str, Artifact]
) -> dict[Group, str]:
    """Return the tables with a misread rule in a file that cannot be written."""
    here = (one for one in results if one.location.uri in uris and isinstance(one.fix, Fix))
    return exposures((replace(one, fix=NoFix("")) for one in here), artifacts)


def misread(results: Iterable[Result]) -> frozenset[Group]:
    """Return the tables with a misread rule."""
    return frozenset(group for one in results if _is_misread(one) for group in _groups(one))


def listable(results: Iterable[Result]) -> frozenset[Group]:
    """Return the tables that cannot be listed until the results are mended."""
    unlisted = (one for one in results if one.failure_mode in UNLISTABLE)
    return frozenset(group for one in unlisted for group in _groups(one))


def _is_misread(result: Result) -> bool:
    return result.rule in WRITTEN_BACK and result.failure_mode == "widening"


def shielded(results: Sequence[Result], exposed: Exposures) -> list[Result]:
    """Return the results with each fix made unsafe that would take a shield away."""
    if not exposed:
        return list(results)
    reasons: dict[tuple[str, tuple[Replacement, ...]], str] = {}
    for result in results:
        if result.failure_mode in UNLISTABLE and isinstance(result.fix, Fix) and _is_safe(result):
            for group in _groups(result):
                if group in exposed:
                    reasons[result.location.uri, result.fix.replacements] = exposed[group]
    return [_downgraded(result, reasons) for result in results]


def _downgraded(
    result: Result, reasons: Mapping[tuple[str, tuple[Replacement, ...]], str]
) -> Result:
    fix = result.fix
    if not isinstance(fix, Fix) or not _is_safe(result):
        return result
    reason = reasons.get((result.location.uri, fix.replacements))
    if reason is None:
        return result
    unsafe = replace(fix, applicability=Applicability.UNSAFE, reasons=(*fix.reasons, reason))
    return replace(result, fix=unsafe)


def _is_safe(result: Result) -> bool:
    return isinstance(result.fix, Fix) and result.fix.applicability is Applicability.SAFE


def _groups(result: Result) -> Iterator[Group]:
    subject = result.subject
    if subject is None:
        return
    for host in result.hosts:
        yield *origin(host, result.location.uri), subject.family, subject.table


def origin(host: Host, uri: str) -> Origin:
    """Return what makes several files one host: its tags, and the place that gives them.

    Without such a place, the file ``uri`` is a host of its own.
    """
    if not host.evidence:
        return host.tags, uri, 0
    location = host.evidence[-1].location
    return host.tags, location.uri, location.span.start


def _reason(result: Result, artifacts: Mapping[str, Artifact]) -> str:
    uri = result.location.uri
    line = artifacts[uri].text.count("\n", 0, result.location.span.start) + 1
    return (
        f"{uri}:{line} is misread in the same table and has no safe fix: while this rule cannot be "
        "listed, that misreading is not written back, so mend both or neither"
    )
