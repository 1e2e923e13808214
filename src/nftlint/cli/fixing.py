"""``--fix`` and ``--diff``: choose, apply, lint again, write."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from nftlint.applicability import Applicability
from nftlint.apply import Fixed, Pick, everything, fix_text
from nftlint.artifact import Artifact
from nftlint.cli import CLEAN, FINDINGS
from nftlint.lint import Linted
from nftlint.output.escapes import for_terminal, visible
from nftlint.output.summary import count
from nftlint.output.unified import unified
from nftlint.record import dataclass, field, replace
from nftlint.replacing import obstacle, replace_file
from nftlint.results import Fix, Report, Result
from nftlint.shielding import Exposures, left_exposed, listable, misread
from nftlint.sieve.walk import why


@dataclass(slots=True)
class Outcome:
    """Which findings were fixed, and whether a file could not be written."""

    mended: list[Result] = field(default_factory=list)
    failed: bool = False


def fix_files(
    linted: Linted, paths: list[Path], threshold: Applicability, pick: Pick = everything
) -> Outcome:
    """Fix the files that the report speaks of; says on standard error what cannot be written."""
    outcome = Outcome()
    wanted = _fixable(linted.report, threshold)
    stuck = {uri for uri in wanted if _is_stuck(linted, uri, paths)}
    left = _left(linted, stuck)
    for uri in _misread_first(linted.report, [uri for uri in wanted if uri not in stuck]):
        found = _fixed(_leaving(linted, uri, left, threshold), uri, threshold, pick)
        if found is None:
            continue
        artifact, fixed = found
        try:
            data = replace(artifact, text=fixed.text).encode()
            replace_file(Path(uri), artifact, data, paths)
        except OSError as error:
            _say_not_fixed(uri, why(error))
            stuck.add(uri)
            left = _left(linted, stuck)
        else:
            outcome.mended += fixed.mended
    outcome.failed = bool(stuck)
    return outcome


def _is_stuck(linted: Linted, uri: str, paths: list[Path]) -> bool:
    """Tell, before anything is written, whether a file cannot be; says why."""
    reason = obstacle(Path(uri), linted.units[uri].artifact, paths)
    if reason:
        _say_not_fixed(uri, reason)
    return reason != ""


def _misread_first(report: Report, uris: Sequence[str]) -> list[str]:
    """Return the files in the order to write them: what was misread is mended before its shield."""
    first = {one.location.uri for one in report.results if misread([one])}
    return sorted(uris, key=lambda uri: uri not in first)


def _left(linted: Linted, stuck: set[str]) -> Exposures:
    """Return the tables whose misread rules stay, since their files cannot be written."""
    return left_exposed(linted.report.results, stuck, linted.report.artifacts) if stuck else {}


def _leaving(linted: Linted, uri: str, left: Exposures, threshold: Applicability) -> Linted:
    """Return the run as it is for a file, where the misread rules of some tables are left."""
    if not left:
        return linted
    here = listable(one for one in linted.report.results if one.location.uri == uri)
    if threshold is not Applicability.SAFE:
        here = frozenset()  # they are unsafe then, and taken
    for reason in dict.fromkeys(left[group] for group in here if group in left):
        _say_not_fixed(uri, reason, "fixes left out")
    return replace(linted, exposed={**linted.exposed, **left})


def _say_not_fixed(uri: str, reason: str, what: str = "not fixed") -> None:
    print(f"nftlint: {visible(uri)}: {what}: {visible(reason)}", file=sys.stderr)


def fixed_artifacts(linted: Linted, threshold: Applicability) -> Iterator[tuple[Artifact, Fixed]]:
    """Yield each artifact that fixes of at least ``threshold`` change, with its new text."""
    for uri in _fixable(linted.report, threshold):
        found = _fixed(linted, uri, threshold, everything)
        if found is not None:
            yield found


def _fixed(
    linted: Linted, uri: str, threshold: Applicability, pick: Pick
) -> tuple[Artifact, Fixed] | None:
    """Return a file with its new text, if it has one."""
    artifact = linted.units[uri].artifact
    fixed = fix_text(artifact, linted.again(linted.units[uri]), threshold, pick)
    if fixed.refusal:
        _say_not_fixed(uri, fixed.refusal)
    return None if fixed.refusal or fixed.text == artifact.text else (artifact, fixed)


def _fixable(report: Report, threshold: Applicability) -> list[str]:
    """Return the files with fixes that are wanted, in the order of the report."""
    found = (
        result.location.uri
        for result in report.results
        if isinstance(result.fix, Fix) and result.fix.applicability >= threshold
    )
    return list(dict.fromkeys(found))


def say_fixed(mended: Sequence[Result], *, each: bool) -> None:
    """Say how many findings were fixed; ``each`` lists them by file and rule."""
    if not mended:
        return
    print(f"Fixed {count(len(mended), 'finding')}{':' if each else '.'}")
    if not each:
        return
    by_uri: dict[str, Counter[str]] = {}
    for result in mended:
        by_uri.setdefault(result.location.uri, Counter())[f"{result.rule} {result.name}"] += 1
    for uri, rules in sorted(by_uri.items()):
        print(f"- {visible(uri)}:")
        for rule, number in sorted(rules.items()):
            print(f"    {number} of {rule}")


def diff(linted: Linted, threshold: Applicability) -> int:
    """Print what fixing would change as a unified diff; the exit status says whether it would."""
    status = CLEAN
    for artifact, fixed in fixed_artifacts(linted, threshold):
        lines = unified(artifact.uri, artifact.text, fixed.text)
        sys.stdout.writelines(for_terminal(lines, sys.stdout))
        status = FINDINGS
    return status


def fix_input(linted: Linted, name: str, threshold: Applicability) -> int:
    """Print the fixed text of standard input; exit status 1 if findings are left."""
    unit = linted.units[name]
    check = linted.again(unit)
    fixed = fix_text(unit.artifact, check, threshold)
    if fixed.refusal:
        print(f"nftlint: {visible(name)}: not fixed: {fixed.refusal}", file=sys.stderr)
    text = unit.artifact.text if fixed.refusal else fixed.text
    sys.stdout.buffer.write(replace(unit.artifact, text=text).encode())
    return FINDINGS if list(check(Artifact(unit.artifact.uri, text))) else CLEAN
