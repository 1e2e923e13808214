"""``json``: the whole run as one object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TextIO

from nftlint import __version__
from nftlint.output.look import PLAIN, Look
from nftlint.output.records import result_record, summary_record
from nftlint.output.regions import Places
from nftlint.pages import RulePage
from nftlint.results import Report


def write(
    report: Report, rules: Mapping[str, RulePage], stream: TextIO, look: Look = PLAIN
) -> None:
    """Write one JSON object: ``version``, ``results``, ``summary``."""
    places = Places(report.artifacts)
    run = {
        "version": __version__,
        "results": [result_record(result, places) for result in report.results],
        "summary": summary_record(report),
    }
    json.dump(run, stream, indent=2)
    stream.write("\n")
