"""``rdjson``: reviewdog's diagnostics in one object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TextIO

from nftlint.output.look import PLAIN, Look
from nftlint.output.rdjson_records import SOURCE, diagnostic
from nftlint.output.regions import Places
from nftlint.pages import RulePage
from nftlint.results import Report


def write(
    report: Report, rules: Mapping[str, RulePage], stream: TextIO, look: Look = PLAIN
) -> None:
    """Write one ``DiagnosticResult``."""
    places = Places(report.artifacts)
    diagnostics = [diagnostic(result, places) for result in report.results]
    json.dump({"source": SOURCE, "diagnostics": diagnostics}, stream, indent=2)
    stream.write("\n")
