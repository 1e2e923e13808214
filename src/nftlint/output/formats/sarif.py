"""``sarif``: SARIF 2.1.0, with all that GitHub's code scanning asks for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from nftlint import __version__
from nftlint.output.escapes import well_formed
from nftlint.output.fingerprints import Fingerprints
from nftlint.output.look import PLAIN, Look
from nftlint.output.regions import Places
from nftlint.output.sarif_limits import held, left_out
from nftlint.output.sarif_objects import to_json
from nftlint.output.sarif_results import artifact_location, failure_notification, sarif_result
from nftlint.output.sarif_rules import sarif_rule
from nftlint.output.summary import untagged_lines
from nftlint.pages import RulePage
from nftlint.results import Report, Result, Suppressed

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def write(
    report: Report, rules: Mapping[str, RulePage], stream: TextIO, look: Look = PLAIN
) -> None:
    """Write one SARIF log with one run."""
    import sarif_om

    log = sarif_om.SarifLog(version="2.1.0", schema_uri=SCHEMA, runs=[_run(report, rules)])
    json.dump(to_json(log), stream, indent=2)
    stream.write("\n")


def _run(report: Report, rules: Mapping[str, RulePage]) -> Any:
    import sarif_om

    places = Places(report.artifacts)
    prints = Fingerprints(places)
    index = {rule: number for number, rule in enumerate(rules)}
    results, suppressed = held(report)
    shown = (*results, *(item.result for item in suppressed))
    root = sarif_om.ArtifactLocation(
        description=sarif_om.Message(text="The repository, or the directory in which nftlint ran.")
    )
    return sarif_om.Run(
        tool=sarif_om.Tool(driver=_driver(rules)),
        automation_details=sarif_om.RunAutomationDetails(id="nftlint/"),
        column_kind="unicodeCodePoints",
        default_encoding="utf-8",
        original_uri_base_ids={"SRCROOT": root},
        invocations=[_invocation(report, places)],
        artifacts=[
            sarif_om.Artifact(location=artifact_location(uri, places))
            for uri in dict.fromkeys(result.location.uri for result in shown)
        ],
        results=[
            sarif_result(result, prints, index.get(result.rule, -1), given)
            for result, given in zip(shown, _suppressions(results, suppressed), strict=True)
        ],
    )


def _suppressions(
    results: Sequence[Result], suppressed: Sequence[Suppressed]
) -> list[Suppressed | None]:
    return [*([None] * len(results)), *suppressed]


def _driver(rules: Mapping[str, RulePage]) -> Any:
    import sarif_om

    return sarif_om.ToolComponent(
        name="nftlint",
        version=__version__,
        semantic_version=__version__,
        rules=[sarif_rule(page) for page in rules.values()],
    )


def _invocation(report: Report, places: Places) -> Any:
    import sarif_om

    notes = [failure_notification(failure, places) for failure in report.failures]
    notes += [
        sarif_om.Notification(level="note", message=sarif_om.Message(text=well_formed(text)))
        for text in _remarks(report)
    ]
    return sarif_om.Invocation(
        execution_successful=not report.failures,
        tool_execution_notifications=notes,
    )


def _remarks(report: Report) -> list[str]:
    remarks = ["\n".join(untagged_lines(report.untagged))] if report.untagged else []
    missing = left_out(report)
    return [*remarks, missing] if missing else remarks
