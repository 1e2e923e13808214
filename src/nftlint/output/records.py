"""A result as plain values, for the JSON formats: their one contract."""

from __future__ import annotations

from nftlint.output.regions import Places, Region
from nftlint.results import Evidence, Fix, Host, Report, Result, Subject

Record = dict[str, object]

_NO_SUBJECT = Subject("", "", "", "", "")


def result_record(result: Result, places: Places) -> Record:
    """Return a result as the ``json`` format has it. Lines and columns are 1-based code points."""
    subject = result.subject or _NO_SUBJECT
    uri = result.location.uri
    fix = result.fix
    return {
        "rule": result.rule,
        "name": result.name,
        "level": result.level,
        "message": result.message,
        "path": uri,
        "region": region_record(places.region(result.location)),
        "inner": result.location.inner,
        "verb": subject.verb,
        "family": subject.family,
        "table": subject.table,
        "chain": subject.chain,
        "hosts": [_host_record(host, places) for host in result.hosts],
        "failure_mode": result.failure_mode,
        "fix": _fix_record(fix, uri, places) if isinstance(fix, Fix) else None,
        "no_fix_reason": None if isinstance(fix, Fix) else fix.reason,
    }


def summary_record(report: Report) -> Record:
    """Return the figures of a run."""
    return {
        "files": report.files,
        "results": len(report.results),
        "suppressed": len(report.suppressed),
        "untagged": len(report.untagged),
        "errors": len(report.failures),
    }


def region_record(region: Region) -> Record:
    """Return a region's four numbers by name."""
    return {
        "start_line": region.start_line,
        "start_column": region.start_column,
        "end_line": region.end_line,
        "end_column": region.end_column,
    }


def _host_record(host: Host, places: Places) -> Record:
    evidence = [_evidence_record(item, places) for item in host.evidence]
    return {"tags": list(host.tags), "evidence": evidence}


def _evidence_record(evidence: Evidence, places: Places) -> Record:
    line = places.region(evidence.location).start_line
    return {"path": evidence.location.uri, "line": line, "why": evidence.why}


def _fix_record(fix: Fix, uri: str, places: Places) -> Record:
    replacements = [
        {"region": region_record(places.of(uri, item.span)), "text": item.text}
        for item in fix.replacements
    ]
    return {
        "description": described(fix),
        "applicability": fix.applicability.label,
        "iptables": list(fix.iptables),
        "replacements": replacements,
        **({"proof": fix.proof} if fix.proof else {}),
    }


def described(fix: Fix) -> str:
    """Return what a fix does and, where it is not safe, why."""
    if not fix.reasons:
        return fix.description
    return f"{fix.description} ({fix.applicability.label}: {'; '.join(fix.reasons)})"
