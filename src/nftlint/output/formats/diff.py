"""``diff``: what the safe fixes would change, for ``patch`` and ``git apply``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

from nftlint.applicability import Applicability
from nftlint.apply import choose
from nftlint.edits import apply
from nftlint.output.escapes import for_terminal
from nftlint.output.look import PLAIN, Look
from nftlint.output.unified import unified
from nftlint.pages import RulePage
from nftlint.results import Report, Result


def write(
    report: Report, rules: Mapping[str, RulePage], stream: TextIO, look: Look = PLAIN
) -> None:
    """Write a unified diff for each file that a safe fix changes."""
    by_uri: dict[str, list[Result]] = {}
    for result in report.results:
        by_uri.setdefault(result.location.uri, []).append(result)
    for uri, results in by_uri.items():
        chosen = choose(results, Applicability.SAFE)
        if chosen and uri in report.artifacts:
            text = report.artifacts[uri].text
            fixed = apply(text, [item for fix in chosen for item in fix])
            stream.writelines(for_terminal(unified(uri, text, fixed), stream))
