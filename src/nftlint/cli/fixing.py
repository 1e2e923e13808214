"""``--fix`` and ``--diff``: choose, apply, lint again, write."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nftlint.applicability import Applicability
from nftlint.apply import Fixed, fix_text, write_file
from nftlint.artifact import Artifact
from nftlint.cli import CLEAN, FINDINGS
from nftlint.lint import Linted
from nftlint.output.unified import unified
from nftlint.results import Fix, Report


@dataclass(slots=True)
class Outcome:
    """How many findings were fixed, and whether a file could not be written."""

    count: int = 0
    failed: bool = False


def fix_files(linted: Linted, paths: list[Path], threshold: Applicability) -> Outcome:
    """Fix the files that the report speaks of; says on standard error what cannot be written."""
    outcome = Outcome()
    for artifact, fixed in fixed_artifacts(linted, threshold):
        try:
            write_file(Path(artifact.uri), fixed.text, paths)
        except OSError as error:
            print(f"nftlint: {artifact.uri}: not fixed: {error}", file=sys.stderr)
            outcome.failed = True
        else:
            outcome.count += fixed.count
    return outcome


def fixed_artifacts(linted: Linted, threshold: Applicability) -> Iterator[tuple[Artifact, Fixed]]:
    """Yield each artifact that fixes of at least ``threshold`` change, with its new text."""
    for uri in dict.fromkeys(result.location.uri for result in linted.report.results):
        if not _fixable(linted.report, uri, threshold):
            continue
        artifact = linted.units[uri].artifact
        fixed = fix_text(artifact, linted.again(linted.units[uri]), threshold)
        if not fixed.settled:
            print(f"nftlint: {uri}: not fixed: the fixes undo each other", file=sys.stderr)
        elif fixed.text != artifact.text:
            yield artifact, fixed


def _fixable(report: Report, uri: str, threshold: Applicability) -> bool:
    return any(
        isinstance(result.fix, Fix) and result.fix.applicability >= threshold
        for result in report.results
        if result.location.uri == uri
    )


def diff(linted: Linted, threshold: Applicability) -> int:
    """Print what fixing would change as a unified diff; the exit status says whether it would."""
    status = CLEAN
    for artifact, fixed in fixed_artifacts(linted, threshold):
        sys.stdout.writelines(unified(artifact.uri, artifact.text, fixed.text))
        status = FINDINGS
    return status


def fix_input(linted: Linted, name: str, threshold: Applicability) -> int:
    """Print the fixed text of standard input; exit status 1 if findings are left."""
    unit = linted.units[name]
    check = linted.again(unit)
    fixed = fix_text(unit.artifact, check, threshold)
    sys.stdout.buffer.write(fixed.text.encode("utf-8"))
    return FINDINGS if list(check(Artifact(unit.artifact.uri, fixed.text))) else CLEAN
