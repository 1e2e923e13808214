"""Stage three for one file: a scan and its hosts to results, each with its fix."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from nftlint.config import Config, ConfigError
from nftlint.directives import Ignore, directives_of
from nftlint.discover import uri_of
from nftlint.drafting import drafts, sharing_a_fix
from nftlint.filereport import FileReport
from nftlint.fixes import verified
from nftlint.fragment import spelled_out, to_root
from nftlint.hits import Hit, hits
from nftlint.inner import inner_line
from nftlint.own_input import malformed, problems, unused
from nftlint.owners import DEFAULT_OWNER, Owner, UnknownOwner, load_owner, numbers
from nftlint.pages import load_pages
from nftlint.record import replace
from nftlint.results import LEVELS, Host, Location, NoFix, Result, Suppressed, Untagged
from nftlint.scan import Scan
from nftlint.shielding import origin
from nftlint.span import Span
from nftlint.suppress import Target, judge
from nftlint.unit import Unit, host_sets, hosts_at


def analyse(unit: Unit) -> FileReport:
    """Check everything that was found in a file.

    Raises ``ConfigError`` where a tag names no owner.
    """
    found = unit.found
    if found is None:
        return FileReport()
    groups: list[_Group] = []
    untagged: tuple[Untagged, ...] = ()
    for hosts in host_sets(unit):
        here = [hit for hit in _hits(unit, found, hosts) if hosts_at(unit, hit.place) == hosts]
        if hosts:
            groups.append((hosts, here))
        elif not unit.settled:
            untagged = _untagged(unit, here)
    return _report(unit, found, groups, untagged)


def _hits(unit: Unit, found: Scan, hosts: tuple[Host, ...]) -> Iterator[Hit]:
    """Yield what the checks find for hosts; for none, what they would for the default owner."""
    tags = [host.tags[0] for host in hosts] or [DEFAULT_OWNER]
    owners = tuple(_own(tag, unit.config) or _load(tag) for tag in tags)
    keys = {origin(host, unit.artifact.uri) for host in hosts}
    flushes = tuple(item.location for item in unit.flushes if item.hosts & keys)
    versions = versions_in_question(unit.config, owners, hosts)
    yield from hits(found, hosts, owners, versions, flushes)


def _untagged(unit: Unit, every: Sequence[Hit]) -> tuple[Untagged, ...]:
    places = dict.fromkeys(Location(unit.artifact.uri, hit.place) for hit in every)
    source = unit.config.source
    config = uri_of(source) if source is not None else ""
    inline = bool(places and source is not None and unit.config.hosts) and _is_inline(source)
    return tuple(Untagged(place, config, inline) for place in places)


def _is_inline(source: Path | None) -> bool:
    text = source.read_text("utf-8", "replace") if source is not None else ""
    return re.search(r"^[ \t]*hosts[ \t]*=", text, re.MULTILINE) is not None


def versions_in_question(
    config: Config, owners: Sequence[Owner], hosts: Sequence[Host] = ()
) -> tuple[str, ...]:
    """Return the iptables versions that hosts may have: as told of them or configured, else all.

    What is told of one host says nothing of another: it counts where it is told of each. Of owners
    whose releases are not known, which run the host's own iptables, it may be any.
    """
    if hosts and all(host.iptables for host in hosts):
        return _measured(one for host in hosts for one in host.iptables)
    if config.iptables:
        return _measured(config.iptables)
    each = [host.kube_router or config.kube_router for host in hosts]
    releases = [one for several in each for one in several] if all(each) else []
    releases = releases or list(config.kube_router)
    if releases:
        known = [owner.versions_for(release) for owner in owners for release in releases]
    else:
        known = [owner.supported for owner in owners]
    found = {one for several in known for one in several}
    return tuple(sorted(found, key=numbers)) or _all_versions()


def _all_versions() -> tuple[str, ...]:
    from nftlint.readings import VERSIONS

    return VERSIONS


def _measured(versions: Iterable[str]) -> tuple[str, ...]:
    """Return the versions whose readings are known; for another one, its neighbours among those."""
    every = _all_versions()
    found: set[str] = set()
    for version in versions:
        older = [one for one in every if numbers(one) <= numbers(version)]
        newer = [one for one in every if numbers(one) >= numbers(version)]
        found.update((*older[-1:], *newer[:1]))
    return tuple(sorted(found, key=numbers))


def _results(
    found: Scan, every: list[Hit], hosts: tuple[Host, ...], config: Config
) -> Iterator[Result]:
    groups = sharing_a_fix(every)
    fixes = verified(found, drafts(groups, config.ansible_style))
    for group, fix in zip(groups, fixes, strict=True):
        for hit in group:
            yield replace(_result(found, hit, hosts), fix=fix)


def _level(level: str, hosts: Sequence[Host]) -> str:
    """Return the level, a step lower where all hosts have the reader partly switched off."""
    if not hosts or not all(host.lowered for host in hosts):
        return level
    return LEVELS[min(LEVELS.index(level) + 1, len(LEVELS) - 1)]


def _result(found: Scan, hit: Hit, hosts: tuple[Host, ...]) -> Result:
    finding = hit.finding
    consequence = spelled_out(finding.consequence, hit.script)
    related = tuple(
        Location(place.uri or found.artifact.uri, to_root(place.fragment, place.span), place.why)
        for place in (hit.call.via if hit.call is not None else ())
    )
    return Result(
        rule=finding.rule,
        name=load_pages()[finding.rule].name,
        level=_level(finding.level, hosts),
        message=f"{spelled_out(finding.message, hit.script)}: {consequence}",
        location=Location(found.artifact.uri, hit.place, inner=_inner(found, hit)),
        fix=NoFix("it is not looked for, or suppressed"),
        consequence=consequence,
        failure_mode=finding.failure_mode,
        subject=hit.subject,
        hosts=hosts,
        related=(*related, *finding.related),
    )


_Group = tuple[tuple[Host, ...], list[Hit]]
"""Hosts, and what the checks find for them."""


def _report(
    unit: Unit, found: Scan, groups: Sequence[_Group], untagged: tuple[Untagged, ...]
) -> FileReport:
    """Return the report of a file; texts of other files that are evidence are not in it."""
    directives = directives_of(found)  # of this very text: a unit is judged again after fixes
    own = [*problems(found), *malformed(found, directives)]
    hits_here = [hit for _, here in groups for hit in here]
    ignores = [item for item in directives if isinstance(item, Ignore)]
    targets = [*(target for target, _ in own), *map(_target, hits_here)]
    judged = judge(targets, ignores, lambda rule: _wanted(rule, unit.config))
    takers = dict(zip(map(id, hits_here), judged.takers[len(own) :], strict=True))
    results: list[Result] = []
    aside: list[tuple[Result, Ignore | None]] = []
    for hosts, here in groups:
        shown = [hit for hit in here if not takers[id(hit)] and _runs(hit, unit)]
        results += _results(found, shown, hosts, unit.config)
        rest = [hit for hit in here if takers[id(hit)] or not _runs(hit, unit)]
        aside += [(_result(found, hit, hosts), takers[id(hit)]) for hit in rest]
    for (_, result), taker in zip(own, judged.takers, strict=False):
        aside += [(result, taker)] if taker else []
        results += [] if taker else [result]
    spare = [item for item in judged.unused if hosts_at(unit, _place(item[0]))]
    results += unused(found, spare, load_pages())
    return _sorted_out(unit, results, aside, untagged)


def _inner(found: Scan, hit: Hit) -> str:
    return inner_line(hit.script, _span(hit), found.artifact)


def _span(hit: Hit) -> Span:
    """Return what the finding is about in the hit's script."""
    whole = Span(0, len(hit.script.text))
    return hit.leaf.command.span if hit.leaf is not None else hit.finding.span or whole


def _target(hit: Hit) -> Target:
    return Target(hit.finding.rule, hit.script, _span(hit), hit.call)


def _runs(hit: Hit, unit: Unit) -> bool:
    return _wanted(hit.finding.rule, unit.config)


def _place(ignore: Ignore) -> Span:
    return to_root(ignore.fragment, ignore.span)


def _sorted_out(
    unit: Unit,
    results: Sequence[Result],
    aside: Sequence[tuple[Result, Ignore | None]],
    untagged: tuple[Untagged, ...],
) -> FileReport:
    uri = unit.artifact.uri
    wanted = tuple(result for result in results if _wanted(result.rule, unit.config))
    suppressed = tuple(
        Suppressed(result, "inSource", taker.reason, Location(uri, _place(taker)))
        for result, taker in aside
        if taker is not None and _wanted(result.rule, unit.config)
    )
    hidden = tuple(result for result, _ in aside if not _wanted(result.rule, unit.config))
    shown = {uri: unit.artifact} if wanted or untagged or suppressed or hidden else {}
    return FileReport(wanted, untagged, (), shown, suppressed, hidden)


def _wanted(rule: str, config: Config) -> bool:
    selected = not config.select or any(rule.startswith(code) for code in config.select)
    return selected and not any(rule.startswith(code) for code in config.ignore)


def _own(tag: str, config: Config) -> Owner | None:
    """Return the owner of that tag that the configuration itself describes."""
    return next((own for own in config.owners if tag in (own.tag, *own.aliases)), None)


@cache
def _load(tag: str) -> Owner:
    owner = load_owner(tag)
    if isinstance(owner, UnknownOwner):
        raise ConfigError(owner.reason)
    return owner
