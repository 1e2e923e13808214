"""From hits to drafts: what is mended together, and what must not be mended as things stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nftlint.applicability import Applicability
from nftlint.checks.context import Spoil
from nftlint.fixes import Draft, Drafted, brought, draft
from nftlint.fragment import spelled_out
from nftlint.hits import Hit
from nftlint.record import replace
from nftlint.results import Fix, NoFix

Place = tuple[str, str, str]
"""Family, table and chain."""


def sharing_a_fix(every: Sequence[Hit]) -> list[list[Hit]]:
    """Put together what is mended together: the commands of a call, said in iptables' words."""
    groups: dict[int, list[Hit]] = {}
    for hit in every:
        own = hit.call is None or hit.finding.fix is not None
        groups.setdefault(id(hit if own else hit.call), []).append(hit)
    return list(groups.values())


def drafts(groups: Sequence[Sequence[Hit]], ansible_style: str = "command") -> list[Drafted]:
    """Return a draft for each group; a rule of a chain that iptables cannot use is left alone.

    ``ansible_style`` is the configuration's.
    """
    hits = [hit for group in groups for hit in group]
    spoils = {
        place: _written(hit.finding.spoil, hit)
        for hit in hits
        if hit.finding.spoil is not None and (place := _place(hit)) is not None
    }
    return [_spoiled(_drafted(group, ansible_style), group, spoils) for group in groups]


def _drafted(group: Sequence[Hit], ansible_style: str) -> Drafted:
    first = group[0]
    if first.finding.fix is not None:
        return brought(first.finding.fix, first.script, first.call)
    if first.call is None:
        return NoFix("what is meant cannot be told from here")
    flagged = [hit.leaf for hit in group if hit.leaf is not None]
    return draft(first.call, flagged, ansible_style)


def _place(hit: Hit) -> Place | None:
    """Return what a hit writes to; two places that are spelled by the same variable are one."""
    if hit.leaf is None or hit.call is None:
        return None
    command, script = hit.leaf.command, hit.call.script
    names = (command.family, command.table, command.chain)
    family, table, chain = (
        spelled_out("" if name is None else name.text, script) for name in names
    )
    return family, table, chain


def _written(spoil: Spoil, hit: Hit) -> Spoil:
    if hit.call is None:
        return spoil
    return replace(spoil, reason=spelled_out(spoil.reason, hit.call.script))


def _spoiled(drafted: Drafted, group: Sequence[Hit], spoils: Mapping[Place, Spoil]) -> Drafted:
    if isinstance(drafted, NoFix):
        return drafted
    for hit in group:
        command = hit.leaf.command if hit.leaf is not None else None
        place = _place(hit) if command is not None and command.object.text == "rule" else None
        spoil = spoils.get(place) if place is not None else None
        if spoil is None:
            continue
        if spoil.limit is Applicability.NONE:
            return NoFix(spoil.reason)
        return _limited(drafted, spoil)
    return drafted


def _limited(drafted: Draft | Fix, spoil: Spoil) -> Draft | Fix:
    if isinstance(drafted, Draft):
        return replace(drafted, fix=_less(drafted.fix, spoil))
    return _less(drafted, spoil)


def _less(fix: Fix, spoil: Spoil) -> Fix:
    applicability = min(fix.applicability, spoil.limit)
    return replace(fix, applicability=applicability, reasons=(*fix.reasons, spoil.reason))
