"""A rule's page as SARIF's reporting descriptor."""

from __future__ import annotations

from typing import Any

from nftlint.pages import RulePage

_DESCRIPTION_LIMIT = 1024
"""GitHub cuts or refuses longer full descriptions."""


def sarif_rule(page: RulePage) -> Any:
    """Return a page as a ``ReportingDescriptor``."""
    import sarif_om

    def text(value: str) -> Any:
        return sarif_om.MultiformatMessageString(text=value)

    return sarif_om.ReportingDescriptor(
        id=page.id,
        name=page.name,
        short_description=text(page.summary),
        full_description=text(page.description[:_DESCRIPTION_LIMIT]),
        help=sarif_om.MultiformatMessageString(text=page.help, markdown=page.help),
        default_configuration=sarif_om.ReportingConfiguration(level=page.level),
        properties=_properties(page),
    )


def _properties(page: RulePage) -> dict[str, object]:
    """Return GitHub's own properties; ``problem.severity`` speaks of rules on nftlint's input."""
    severity = {"problem.severity": "recommendation" if page.level == "note" else page.level}
    if page.severity:
        severity["security-severity"] = page.severity
    return {"precision": page.precision, "tags": list(page.tags), **severity}
