"""``rdjsonl``: reviewdog's diagnostics, one a line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TextIO

from nftlint.output.look import PLAIN, Look
from nftlint.output.rdjson_records import diagnostic
from nftlint.output.regions import Places
from nftlint.pages import RulePage
from nftlint.results import Report


def write(
    report: Report, rules: Mapping[str, RulePage], stream: TextIO, look: Look = PLAIN
) -> None:
    """Write each result as a ``Diagnostic`` on a line of its own."""
    places = Places(report.artifacts)
    records = (diagnostic(result, places) for result in report.results)
    stream.writelines(f"{json.dumps(record)}\n" for record in records)
