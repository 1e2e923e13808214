"""Baselines: the findings that were there when a project began to use nftlint."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath
from typing import Any

from nftlint.artifact import Artifact
from nftlint.config import ConfigError
from nftlint.filereport import FileReport
from nftlint.record import dataclass, replace
from nftlint.results import Report, Result, Suppressed
from nftlint.sieve.walk import why

VERSION = 1


@dataclass(frozen=True, slots=True)
class Baseline:
    """The fingerprints of known findings, each with its file's path relative to ``directory``."""

    directory: Path
    known: Mapping[str, str]


def read_baseline(path: Path) -> Baseline:
    """Read a baseline file. Raises ``ConfigError`` for one that cannot be used."""
    import json

    try:
        table: Any = json.loads(path.read_text("utf-8"))
        if table["version"] != VERSION:
            raise ConfigError(f"{path}: a baseline of version {table['version']} is not known")
        known = {str(item["fingerprint"]): str(item["path"]) for item in table["findings"]}
    except OSError as error:
        raise ConfigError(f"{path}: {why(error)}") from None
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, ConfigError):
            raise
        raise ConfigError(f"{path}: not a baseline that nftlint has written") from None
    return Baseline(path.absolute().parent, known)


def without_known(report: FileReport, baseline: Baseline | None) -> FileReport:
    """Return the report with the findings that the baseline has as suppressed ones."""
    if baseline is None or not report.results:
        return report
    results = sorted(report.results, key=lambda item: (item.location.span, item.rule))
    prints = _fingerprints(results, report.artifacts, baseline.directory)
    pairs = list(zip(results, prints, strict=True))
    known = [
        Suppressed(result, "external", "it is in the baseline")
        for result, one in pairs
        if one in baseline.known
    ]
    new = tuple(result for result, one in pairs if one not in baseline.known)
    return replace(report, results=new, suppressed=(*report.suppressed, *known))


def gone(baseline: Baseline | None, report: Report, paths: Iterable[Path]) -> int:
    """Return how many known findings are there no more, of those in the files under the paths."""
    if baseline is None:
        return 0
    roots = [Path(os.path.normpath(path.absolute())) for path in paths]
    files = [Path(os.path.normpath(baseline.directory / name)) for name in baseline.known.values()]
    sought = sum(1 for file in files if any(file.is_relative_to(root) for root in roots))
    return sought - sum(1 for item in report.suppressed if item.kind == "external")


def write_baseline(path: Path, report: Report) -> int:
    """Write all findings of a report, known ones included; returns how many. Raises ``OSError``."""
    import json

    directory = path.absolute().parent
    external = [item.result for item in report.suppressed if item.kind == "external"]
    results = sorted(
        (*report.results, *external), key=lambda item: (item.location.uri, item.location.span)
    )
    prints = _fingerprints(results, report.artifacts, directory)
    findings = [
        {"rule": result.rule, "path": _relative(result.location.uri, directory), "fingerprint": one}
        for result, one in zip(results, prints, strict=True)
    ]
    text = json.dumps({"version": VERSION, "findings": findings}, indent=2)
    path.write_text(f"{text}\n", "utf-8")
    return len(findings)


def _fingerprints(
    results: Iterable[Result], artifacts: Mapping[str, Artifact], directory: Path
) -> list[str]:
    """Return the fingerprint of each result: of rule, path, words, and its number among equals."""
    from nftlint.identity import Identities, digest

    identities = Identities()
    found = []
    for result in results:
        uri = result.location.uri
        source = result.location.span.of(artifacts[uri].text)
        words = identities(uri, result.rule, source)
        known = f"{_relative(uri, directory)}\0{words}"
        found.append(digest(known))
    return found


def _relative(uri: str, directory: Path) -> str:
    return PurePath(os.path.relpath(Path(uri).absolute(), directory)).as_posix()
