"""What nft's own service loads on the host of a file, where another file of the run says it.

``systemctl reload nftables`` does what ``nftables.conf`` says. That file may be copied there by the
same play, written by another script, or lie in the tree under its own name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from nftlint.fragment import to_root
from nftlint.hosts.targets import Known, targets
from nftlint.patterns import compiled
from nftlint.record import replace
from nftlint.results import Location
from nftlint.shielding import origin
from nftlint.span import Span
from nftlint.unit import Flush, Origin, Unit, hosts_at
from nftlint.writes import flushes_all, leaves

LOADED = compiled(r"(?:.*/)?(?:nftables\.conf|nftables\.nft|sysconfig/nftables\.conf)")
"""What nft's unit loads: Debian and Arch, Alpine, Fedora."""

_TEMPLATE = compiled(r"\.(?:j2|tpl|tftpl|tmpl|erb|in)$")


def with_flushes(units: Sequence[Unit]) -> list[Unit]:
    """Return the units; those that ask something of nft's service know the flushes it may load."""
    if not any(map(_asks, units)):
        return list(units)
    found = list(_flushes(units))
    return [replace(unit, flushes=tuple(found)) if _asks(unit) else unit for unit in units]


def _asks(unit: Unit) -> bool:
    runs = unit.found.runs if unit.found is not None else ()
    return any("nftables" in word for run in runs for word in run.words)


def _flushes(units: Sequence[Unit]) -> Iterator[Flush]:
    copied = _copied(units)
    for unit in units:
        named = LOADED.fullmatch(_TEMPLATE.sub("", unit.path.as_posix()))
        own = unit.path in copied or named is not None
        for call in unit.found.calls if unit.found is not None else ():
            if call.elsewhere or not (own or LOADED.fullmatch(call.script.path)):
                continue
            for leaf in leaves(call):
                if flushes_all(leaf.command):
                    span = to_root(call.script, leaf.command.span)
                    place = Location(unit.artifact.uri, span, "the service loads this file")
                    yield Flush(place, _origins(unit, span) | copied.get(unit.path, frozenset()))


def _origins(unit: Unit, span: Span) -> frozenset[Origin]:
    return frozenset(origin(host, unit.artifact.uri) for host in hosts_at(unit, span))


def _copied(units: Sequence[Unit]) -> dict[Path, frozenset[Origin]]:
    """Return the files that others copy to where the service looks, with the hosts of those."""
    known = Known.of({unit.path: unit.artifact for unit in units})
    found: dict[Path, frozenset[Origin]] = {}
    for unit in units:
        references = unit.found.references if unit.found is not None else ()
        spans = {
            to_root(item.place.fragment, item.place.span)
            for item in references
            if LOADED.fullmatch(item.destination)
        }
        for item in targets(unit, known) if spans else ():
            if item.span in spans:
                here = _origins(unit, item.span)
                found[item.path] = found.get(item.path, frozenset()) | here
    return found
