"""``concise``: a line for each result, as compilers write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

from nftlint.applicability import Applicability
from nftlint.output.escapes import visible
from nftlint.output.look import PLAIN, Look
from nftlint.output.paint import Paint
from nftlint.output.regions import Places
from nftlint.output.summary import failure_lines, summary_lines
from nftlint.pages import RulePage
from nftlint.results import Fix, NoFix, Report

_MARKS = {Applicability.SAFE: " [*]", Applicability.UNSAFE: " [?]"}


def write(
    report: Report, rules: Mapping[str, RulePage], stream: TextIO, look: Look = PLAIN
) -> None:
    """Write ``path:line:col: level: RULE [*] message``: ``[*]`` is fixable, ``[?]`` unsafely."""
    paint = Paint(look.color)
    places = Places(report.artifacts)
    for result in report.results:
        place = f"{visible(result.location.uri)}:{places.region(result.location)}"
        level = paint(result.level, result.level)
        head = f"{paint('bold', place)}: {level}: {result.rule}{_mark(result.fix)}"
        stream.write(f"{head} {visible(result.described)}\n")
    stream.writelines(f"{line}\n" for line in failure_lines(report, places, paint))
    if not look.quiet:
        stream.writelines(f"{line}\n" for line in summary_lines(report))


def _mark(fix: Fix | NoFix) -> str:
    return _MARKS.get(fix.applicability, "") if isinstance(fix, Fix) else ""
