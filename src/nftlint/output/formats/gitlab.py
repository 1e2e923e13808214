"""``gitlab``: a code quality report for merge requests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import TextIO

from nftlint.output.escapes import well_formed
from nftlint.output.fingerprints import Fingerprints
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
    prints = Fingerprints(Places(report.artifacts))
    json.dump([_issue(result, prints) for result in report.results], stream, indent=2)
    stream.write("\n")


def _issue(result: Result, prints: Fingerprints) -> Record:
    path = prints.places.checkout.path(result.location.uri)
    region = prints.places.region(result.location)
    known = f"{path}\0{prints.statement(result)}".encode("utf-8", "surrogatepass")
    return {
        "description": well_formed(result.described),
        "check_name": result.rule,
        "fingerprint": sha256(known).hexdigest(),
        "severity": "blocker" if result.failure_mode == "widening" else _SEVERITIES[result.level],
        "location": {
            "path": well_formed(path),
            "lines": {"begin": region.start_line, "end": region.end_line},
        },
    }
