"""Results and failures as SARIF objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nftlint.applicability import Applicability
from nftlint.output.escapes import well_formed
from nftlint.output.fingerprints import Fingerprints
from nftlint.output.records import described
from nftlint.output.regions import Places, Region
from nftlint.output.uris import percent_encoded
from nftlint.results import Failure, Fix, Location, Result, Suppressed


def sarif_result(
    result: Result, prints: Fingerprints, rule_index: int, suppressed: Suppressed | None = None
) -> Any:
    """Return a result with its locations, fix, fingerprint, and what suppresses it, if it is."""
    import sarif_om

    places = prints.places
    return sarif_om.Result(
        rule_id=result.rule,
        rule_index=rule_index,
        level=result.level,
        message=_message(result.described),
        locations=[_location(result.location, places)],
        related_locations=_related(result, places) or None,
        fixes=_fixes(result, places) or None,
        partial_fingerprints=_fingerprints(result, prints),
        properties=_properties(result),
        suppressions=[] if suppressed is None else [_suppression(suppressed, places)],
    )


def _suppression(suppressed: Suppressed, places: Places) -> dict[str, Any]:
    """Return it as plain values: sarif-om's object is older than the property ``status``."""
    found: dict[str, Any] = {"kind": suppressed.kind, "status": "accepted"}
    if suppressed.justification:
        found["justification"] = well_formed(suppressed.justification)
    if suppressed.location is not None:
        found["location"] = _location(suppressed.location, places)
    return found


def artifact_location(uri: str, places: Places) -> Any:
    """Return where a file is: relative to ``SRCROOT``, or absolute where it lies elsewhere."""
    import sarif_om

    path = places.checkout.path(uri)
    encoded = percent_encoded(path)
    if path.startswith("/"):
        return sarif_om.ArtifactLocation(uri=f"file://{encoded}")
    return sarif_om.ArtifactLocation(uri=encoded, uri_base_id="SRCROOT")


def failure_notification(failure: Failure, places: Places) -> Any:
    """Return a file that could not be linted as a notification of the run."""
    import sarif_om

    physical = sarif_om.PhysicalLocation(artifact_location=artifact_location(failure.uri, places))
    if failure.offset is not None:
        physical.region = _region(places.at(failure.uri, failure.offset))
    location = sarif_om.Location(physical_location=physical)
    return sarif_om.Notification(
        level="error", message=_message(failure.message), locations=[location]
    )


def _message(text: str) -> Any:
    """Return a message as it is shown: without arguments, braces in it are no placeholders."""
    import sarif_om

    return sarif_om.Message(text=well_formed(text))


def _region(region: Region) -> Any:
    import sarif_om

    return sarif_om.Region(
        start_line=region.start_line,
        start_column=region.start_column,
        end_line=region.end_line,
        end_column=region.end_column,
    )


def _location(location: Location, places: Places, number: int = -1) -> Any:
    import sarif_om

    return sarif_om.Location(
        id=number,
        message=_message(location.message) if location.message else None,
        physical_location=sarif_om.PhysicalLocation(
            artifact_location=artifact_location(location.uri, places),
            region=_region(places.region(location)),
        ),
    )


def _related(result: Result, places: Places) -> list[Any]:
    located = enumerate(_other_places(result), 1)
    return [_location(location, places, number) for number, location in located]


def _other_places(result: Result) -> Iterator[Location]:
    from nftlint.record import replace

    yield from result.related
    for host in result.hosts:
        for item in host.evidence:
            why = f"host {', '.join(host.tags)}: {item.why}"
            yield replace(item.location, message=why)


def _fixes(result: Result, places: Places) -> list[Any]:
    """Return the fix, where it can be applied at all."""
    import sarif_om

    fix = result.fix
    if not isinstance(fix, Fix) or fix.applicability <= Applicability.DISPLAY_ONLY:
        return []
    uri = result.location.uri
    replacements = [
        sarif_om.Replacement(
            deleted_region=_region(places.of(uri, item.span)),
            inserted_content=sarif_om.ArtifactContent(text=item.text),
        )
        for item in fix.replacements
    ]
    change = sarif_om.ArtifactChange(
        artifact_location=artifact_location(uri, places), replacements=replacements
    )
    properties = {"applicability": fix.applicability.label}
    description = _message(described(fix))
    return [sarif_om.Fix([change], description=description, properties=properties)]


def _fingerprints(result: Result, prints: Fingerprints) -> dict[str, str]:
    """Return GitHub's own fingerprint, and one that survives a move to another place or file."""
    line = prints.line(result.location)
    known = {"nftlintStatement/v1": prints.statement(result)}
    return known | {"primaryLocationLineHash": line} if line else known


def _properties(result: Result) -> dict[str, object]:
    properties: dict[str, object] = {"failureMode": result.failure_mode}
    if not isinstance(result.fix, Fix):
        properties["noFixReason"] = well_formed(result.fix.reason)
    return properties
