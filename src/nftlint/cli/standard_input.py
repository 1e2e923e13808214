"""Standard input as an artifact."""

from __future__ import annotations

from pathlib import Path

from nftlint.artifact import Artifact, UnreadableTextError, decode
from nftlint.discover import Candidate
from nftlint.lint import Options, checker, lint_data, merge
from nftlint.results import Check, Report


def lint_input(data: bytes, name: str, options: Options) -> tuple[Report, Check]:
    """Lint bytes as the file ``name``; what has no telling name is taken for a shell script.

    Returns the report, which always has the input's artifact if it is text, and a way to lint it
    again. Raises ``ConfigError``.
    """
    candidate = Candidate(Path(name), name, data)
    report = merge([lint_data(candidate, options, default="shell")], 1)
    try:
        artifact = Artifact(name, decode(data))
    except UnreadableTextError:
        return report, checker(Path(name), options)
    artifacts = {**report.artifacts, name: artifact}
    whole = Report(report.results, artifacts, report.failures, report.untagged, report.files)
    return whole, checker(Path(name), options, default="shell")
