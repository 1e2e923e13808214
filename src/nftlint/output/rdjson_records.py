"""Results as reviewdog's diagnostics, whose columns are UTF-8 bytes."""

from __future__ import annotations

from nftlint.applicability import Applicability
from nftlint.artifact import BOM
from nftlint.output.escapes import well_formed
from nftlint.output.records import Record
from nftlint.output.regions import Places
from nftlint.results import Fix, Result
from nftlint.span import Span

SOURCE = {"name": "nftlint"}
_SEVERITIES = {"error": "ERROR", "warning": "WARNING", "note": "INFO"}


def diagnostic(result: Result, places: Places) -> Record:
    """Return a result as a ``Diagnostic`` of reviewdog's rdf; safe fixes are its suggestions."""
    uri = result.location.uri
    found: Record = {
        "message": well_formed(result.described),
        "location": {"path": well_formed(uri), "range": _range(uri, result.location.span, places)},
        "severity": _SEVERITIES[result.level],
        "source": SOURCE,
        "code": {"value": result.rule},
    }
    fix = result.fix
    if isinstance(fix, Fix) and fix.applicability is Applicability.SAFE:
        found["suggestions"] = [
            {"range": _range(uri, item.span, places), "text": item.text}
            for item in fix.replacements
        ]
    return found


def _range(uri: str, span: Span, places: Places) -> Record:
    start, end = Span(span.start, span.start), Span(span.end, span.end)
    return {"start": _position(uri, start, places), "end": _position(uri, end, places)}


def _position(uri: str, at: Span, places: Places) -> Record:
    region = places.of(uri, at)
    lines = places.lines(uri)
    before = "" if lines is None else lines.text[at.start - region.start_column + 1 : at.start]
    if lines is not None and region.start_line == 1 and lines.text.startswith(BOM):
        before = BOM + before  # its bytes are the file's, though it is no column
    column = len(before.encode("utf-8", "surrogatepass")) + 1
    return {"line": region.start_line, "column": column}
