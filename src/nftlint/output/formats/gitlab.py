"""``gitlab``: a code quality report for merge requests."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from typing import TextIO

from nftlint.output.look import PLAIN, Look
from nftlint.output.records import Record
from nftlint.output.regions import Places
from nftlint.pages import RulePage
from nftlint.results import Report, Result

_SEVERITIES = {"error": "critical", "warning": "major", "note": "minor"}


def write(
    report: Report, rules: Mapping[str, RulePage], stream: TextIO, look: Look = PLAIN
) -> None:
    """Write an array of issues, each with a fingerprint of its own that survives moved lines."""
    places = Places(report.artifacts)
    seen: Counter[str] = Counter()
    json.dump([_issue(result, places, seen) for result in report.results], stream, indent=2)
    stream.write("\n")


def _issue(result: Result, places: Places, seen: Counter[str]) -> Record:
    region = places.region(result.location)
    return {
        "description": result.message,
        "check_name": result.rule,
        "fingerprint": _fingerprint(result, places, seen),
        "severity": "blocker" if result.failure_mode == "widening" else _SEVERITIES[result.level],
        "location": {
            "path": result.location.uri,
            "lines": {"begin": region.start_line, "end": region.end_line},
        },
    }


def _fingerprint(result: Result, places: Places, seen: Counter[str]) -> str:
    """Return a hash of rule, file and source text; the ordinal tells equal ones apart."""
    lines = places.lines(result.location.uri)
    source = "" if lines is None else result.location.span.of(lines.text)
    known = json.dumps([result.rule, result.location.uri, source])
    seen[known] += 1
    return sha256(f"{known} {seen[known]}".encode()).hexdigest()
