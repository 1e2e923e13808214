"""``nftlint hosts``: which files run on which hosts, with which tags, by which lines."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from nftlint.cli import CLEAN
from nftlint.configs import Options
from nftlint.hosts.listing import Listing, Row, listing
from nftlint.output.escapes import visible
from nftlint.output.regions import Places
from nftlint.results import Location


def run(options: argparse.Namespace) -> int:
    """Print the table, or the same as JSON. Raises ``ConfigError``."""
    tags = tuple(tag for value in options.assume_tag for tag in value.split(",") if tag)
    chosen = Options(
        assume_tags=tags,
        exclude=tuple(options.exclude),
        config=Path(options.config) if options.config else None,
    )
    found = listing([Path(path) for path in options.paths or ["."]], chosen, every=options.all)
    places = Places(found.artifacts)
    if options.output_format == "json":
        print(json.dumps(_record(found, places), indent=2))
    else:
        print("\n".join(_table(found, places)))
    return CLEAN


def _table(found: Listing, places: Places) -> Iterator[str]:
    if not found.rows:
        yield "No file here runs nft on a host that anything tells of."
    for row in found.rows:
        yield f"{_place(row.place, places)}  {_tags(row)}"
        for host in row.hosts:
            for item in host.evidence:
                why = visible(item.why)
                yield f"    {', '.join(host.tags)}: {why} ({_place(item.location, places)})"
    yield from _several("Off switches that outweigh evidence:", found.conflicts, places)
    yield from _several("Not known:", found.unknown, places)
    yield from _several("Broken:", found.problems, places)


def _several(title: str, notes: Iterable[Location], places: Places) -> Iterator[str]:
    lines = [f"    {_place(note, places)}  {visible(note.message)}" for note in notes]
    if lines:
        yield ""
        yield title
        yield from dict.fromkeys(lines)


def _tags(row: Row) -> str:
    names = [", ".join(host.tags) + (" (partly off)" if host.lowered else "") for host in row.hosts]
    return "; ".join(names) or ("none" if row.settled else "-")


def _place(location: Location, places: Places) -> str:
    return f"{visible(location.uri)}:{places.region(location).start_line}"


def _record(found: Listing, places: Places) -> dict[str, Any]:
    return {
        "files": [
            {
                "location": _json(row.place, places),
                "nft": row.writes,
                "hosts": [
                    {
                        "tags": list(host.tags),
                        "lowered": host.lowered,
                        "kube_router": list(host.kube_router),
                        "iptables": list(host.iptables),
                        "evidence": [
                            {"location": _json(item.location, places), "why": item.why}
                            for item in host.evidence
                        ],
                    }
                    for host in row.hosts
                ],
            }
            for row in found.rows
        ],
        "conflicts": [_noted(note, places) for note in found.conflicts],
        "unknown": [_noted(note, places) for note in found.unknown],
        "problems": [_noted(note, places) for note in found.problems],
    }


def _noted(note: Location, places: Places) -> dict[str, Any]:
    return {"location": _json(note, places), "message": note.message}


def _json(location: Location, places: Places) -> dict[str, Any]:
    region = places.region(location)
    return {
        "uri": location.uri,
        "line": region.start_line,
        "column": region.start_column,
    }
