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
from nftlint.replacing import replace_file
from nftlint.results import Fix, Report, Result


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
    for artifact, fixed in fixed_artifacts(linted, threshold, pick):
        try:
            data = replace(artifact, text=fixed.text).encode()
            replace_file(Path(artifact.uri), artifact, data, paths)
        except OSError as error:
            why = error.strerror or str(error)
            print(f"nftlint: {visible(artifact.uri)}: not fixed: {why}", file=sys.stderr)
            outcome.failed = True
        else:
            outcome.mended += fixed.mended
    return outcome


def fixed_artifacts(
    linted: Linted, threshold: Applicability, pick: Pick = everything
) -> Iterator[tuple[Artifact, Fixed]]:
    """Yield each artifact that fixes of at least ``threshold`` change, with its new text."""
    for uri in dict.fromkeys(result.location.uri for result in linted.report.results):
        if not _fixable(linted.report, uri, threshold):
            continue
        artifact = linted.units[uri].artifact
        fixed = fix_text(artifact, linted.again(linted.units[uri]), threshold, pick)
        if fixed.refusal:
            print(f"nftlint: {visible(uri)}: not fixed: {fixed.refusal}", file=sys.stderr)
        elif fixed.text != artifact.text:
            yield artifact, fixed


def _fixable(report: Report, uri: str, threshold: Applicability) -> bool:
    return any(
        isinstance(result.fix, Fix) and result.fix.applicability >= threshold
        for result in report.results
        if result.location.uri == uri
    )


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
