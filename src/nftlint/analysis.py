"""Stage three for one file: a scan and its hosts to results, each with its fix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from nftlint.artifact import Artifact
from nftlint.checks.context import Finding, Write
from nftlint.checks.registry import all_checks
from nftlint.config import Config, ConfigError
from nftlint.directives import Malformed, Parsed
from nftlint.discover import uri_of
from nftlint.filereport import FileReport, not_read
from nftlint.fixes import draft, verified
from nftlint.found import NftCall
from nftlint.fragment import spelled_out, to_root
from nftlint.nft.model import Command
from nftlint.owners import Owner, UnknownOwner, load_owner, numbers
from nftlint.pages import load_pages
from nftlint.results import Host, Location, NoFix, Result, Subject, Untagged
from nftlint.scan import Scan
from nftlint.suppress import kept
from nftlint.unit import Unit
from nftlint.writes import Leaf, leaves

DEFAULT_OWNER = "kube-router"
"""Whose tables a file that nobody tagged is held against, to count what was not judged."""


@dataclass(frozen=True, slots=True)
class _Hit:
    """A finding about one command of a call."""

    call: NftCall
    leaf: Leaf
    finding: Finding


def analyse(unit: Unit) -> FileReport:
    """Check everything that was found in a file.

    Raises ``ConfigError`` where a tag names no owner.
    """
    found = unit.found
    if found is None:
        return FileReport()
    owners = tuple(_load(host.tags[0]) for host in unit.hosts)
    hits = list(_hits(unit, found, owners or (_load(DEFAULT_OWNER),)))
    others = (*_problems(found), *_malformed(found, unit.directives))
    if not owners:
        writes = {(id(hit.call), hit.leaf.command.span): hit for hit in hits}
        source = unit.config.source
        config = uri_of(source) if source is not None else ""
        untagged = tuple(Untagged(_location(found, hit), config) for hit in writes.values())
        return _report(unit, others, untagged)
    results = kept(list(_results(found, hits, unit.hosts)), unit.directives, unit.artifact.text)
    return _report(unit, (*results, *others), ())


def _hits(unit: Unit, found: Scan, owners: tuple[Owner, ...]) -> Iterator[_Hit]:
    versions = versions_in_question(unit.config, owners)
    for call in found.calls:
        if call.elsewhere:
            continue
        for leaf in leaves(call):
            write = Write(call, leaf.command, leaf.statement, unit.hosts, owners, versions)
            for check in all_checks().values():
                for finding in check(write):
                    yield _Hit(call, leaf, finding)


def versions_in_question(config: Config, owners: Sequence[Owner]) -> tuple[str, ...]:
    """Return the iptables versions that hosts may have: as configured, else all supported."""
    if config.iptables:
        return config.iptables
    releases = config.kube_router
    found = {
        version
        for owner in owners
        for release in owner.releases
        if not releases or any(release.includes(wanted) for wanted in releases)
        for version in release.iptables
    }
    return tuple(sorted(found, key=numbers))


def _results(found: Scan, hits: list[_Hit], hosts: tuple[Host, ...]) -> Iterator[Result]:
    by_call: dict[int, list[_Hit]] = {}
    for hit in hits:
        by_call.setdefault(id(hit.call), []).append(hit)
    groups = list(by_call.values())
    drafts = [draft(group[0].call, [hit.leaf for hit in group]) for group in groups]
    for group, fix in zip(groups, verified(found, drafts), strict=True):
        for hit in group:
            yield replace(_result(found, hit, hosts), fix=fix)


def _result(found: Scan, hit: _Hit, hosts: tuple[Host, ...]) -> Result:
    finding = hit.finding
    call = hit.call
    consequence = spelled_out(finding.consequence, call.script)
    related = tuple(
        Location(found.artifact.uri, to_root(place.fragment, place.span), place.why)
        for place in call.via
    )
    return Result(
        rule=finding.rule,
        name=load_pages()[finding.rule].name,
        level=finding.level,
        message=f"{spelled_out(finding.message, call.script)}: {consequence}",
        location=_location(found, hit),
        fix=NoFix("not yet known"),
        consequence=consequence,
        failure_mode=finding.failure_mode,
        subject=_subject(call, hit.leaf.command),
        hosts=hosts,
        related=related,
    )


def _location(found: Scan, hit: _Hit) -> Location:
    """Return the nft statement as written: the whole call where it carries but one."""
    call = hit.call
    alone = sum(1 for _ in leaves(call)) == 1
    if alone and call.script.parent is call.host:
        span = to_root(call.host, call.span)
    else:
        span = to_root(call.script, hit.leaf.command.span)
    return Location(found.artifact.uri, span)


def _subject(call: NftCall, command: Command) -> Subject:
    names = (command.verb, command.family, command.table, command.chain)
    verb, family, table, chain = (
        spelled_out(name.text, call.script) if name is not None else "" for name in names
    )
    statement = spelled_out(command.span.of(call.script.text), call.script)
    return Subject(verb, family, table, chain, statement)


def _problems(found: Scan) -> Iterator[Result]:
    for item in found.problems:
        location = Location(found.artifact.uri, to_root(item.fragment, item.span))
        yield not_read(location, item.message)


def _malformed(found: Scan, directives: Sequence[Parsed]) -> Iterator[Result]:
    no_fix = NoFix("only its author knows what was meant")
    for item in directives:
        if isinstance(item, Malformed):
            location = Location(found.artifact.uri, to_root(item.fragment, item.span))
            name = "malformed-directive"
            yield Result("NFT002", name, "warning", item.message, location, no_fix)


def _report(unit: Unit, results: Sequence[Result], untagged: tuple[Untagged, ...]) -> FileReport:
    wanted = tuple(result for result in results if _wanted(result.rule, unit.config))
    shown = {unit.artifact.uri: unit.artifact} if wanted or untagged else {}
    source = unit.config.source
    if wanted and source is not None and unit.hosts:
        uri = uri_of(source)
        shown[uri] = Artifact(uri, source.read_text("utf-8"))
    return FileReport(wanted, untagged, (), shown)


def _wanted(rule: str, config: Config) -> bool:
    selected = not config.select or any(rule.startswith(code) for code in config.select)
    return selected and not any(rule.startswith(code) for code in config.ignore)


@cache
def _load(tag: str) -> Owner:
    owner = load_owner(tag)
    if isinstance(owner, UnknownOwner):
        raise ConfigError(owner.reason)
    return owner
