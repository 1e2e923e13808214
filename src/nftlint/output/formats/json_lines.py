"""``json-lines``: one object a line, one line a result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TextIO

from nftlint.output.look import PLAIN, Look
from nftlint.output.records import result_record
from nftlint.output.regions import Places
from nftlint.pages import RulePage
from nftlint.results import Report


def write(
    report: Report, rules: Mapping[str, RulePage], stream: TextIO, look: Look = PLAIN
) -> None:
    """Write each result as the ``json`` format has it, on a line of its own."""
    places = Places(report.artifacts)
    records = (result_record(result, places) for result in report.results)
    stream.writelines(f"{json.dumps(record)}\n" for record in records)
