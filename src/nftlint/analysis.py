"""Stage three for one file: a scan and its hosts to results, each with its fix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from nftlint.artifact import Artifact
from nftlint.checks.context import Finding, Write
from nftlint.checks.registry import all_checks
from nftlint.config import Config, ConfigError
from nftlint.directives import Malformed, parse_directives
from nftlint.discover import uri_of
from nftlint.fixes import draft, verified
from nftlint.found import NftCall
from nftlint.fragment import to_root
from nftlint.hosts.tags import tagged_hosts
from nftlint.lint import FileReport, Options, not_read
from nftlint.nft.model import Command
from nftlint.owners import Owner, UnknownOwner, load_owner, numbers
from nftlint.pages import load_pages
from nftlint.results import Host, Location, NoFix, Result, Subject, Untagged
from nftlint.scan import Scan
from nftlint.suppress import kept
from nftlint.writes import Leaf, leaves

DEFAULT_OWNER = "kube-router"
"""Whose tables a file that nobody tagged is held against, to count what was not judged."""


@dataclass(frozen=True, slots=True)
class _Hit:
    """A finding about one command of a call."""

    call: NftCall
    leaf: Leaf
    finding: Finding


def analyse(found: Scan, path: Path, config: Config, options: Options) -> FileReport:
    """Check everything that a scan found.

    Raises ``ConfigError`` where the configuration names a tag that no owner has.
    """
    parsed = parse_directives(found.directives)
    hosts = tagged_hosts(found.artifact.uri, path, config, parsed, options.assume_tags)
    owners = tuple(_owner(host) for host in hosts)
    judged = owners or (_load(DEFAULT_OWNER),)
    hits = list(_hits(found, hosts, judged, config))
    problems = [
        not_read(Location(found.artifact.uri, to_root(item.fragment, item.span)), item.message)
        for item in found.problems
    ]
    malformed = [_malformed(found, item) for item in parsed if isinstance(item, Malformed)]
    if not owners:
        untagged = {(id(hit.call), hit.leaf.command.span): hit for hit in hits}
        seen = tuple(Untagged(_location(found, hit)) for hit in untagged.values())
        return _report(found, (*problems, *malformed), seen, hosts, config)
    results = tuple(kept(list(_results(found, hits, hosts)), parsed, found.artifact.text))
    results = (*results, *problems, *malformed)
    return _report(found, results, (), hosts, config)


def _hits(
    found: Scan, hosts: tuple[Host, ...], owners: tuple[Owner, ...], config: Config
) -> Iterator[_Hit]:
    versions = versions_in_question(config, owners)
    for call in found.calls:
        if call.elsewhere:
            continue
        for leaf in leaves(call):
            write = Write(call, leaf.command, leaf.statement, hosts, owners, versions)
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
    related = tuple(
        Location(found.artifact.uri, to_root(place.fragment, place.span), place.why)
        for place in call.via
    )
    return Result(
        rule=finding.rule,
        name=load_pages()[finding.rule].name,
        level=finding.level,
        message=f"{finding.message}: {finding.consequence}",
        location=_location(found, hit),
        fix=NoFix("not yet known"),
        consequence=finding.consequence,
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
    def shown(text: str) -> str:
        for char, hole in call.script.holes.items():
            text = text.replace(char, hole.raw)
        return text

    names = (command.verb, command.family, command.table, command.chain)
    verb, family, table, chain = (shown(name.text) if name is not None else "" for name in names)
    return Subject(verb, family, table, chain, shown(command.span.of(call.script.text)))


def _malformed(found: Scan, item: Malformed) -> Result:
    location = Location(found.artifact.uri, to_root(item.fragment, item.span))
    reason = "only its author knows what was meant"
    return Result("NFT002", "malformed-directive", "warning", item.message, location, NoFix(reason))


def _report(
    found: Scan,
    results: tuple[Result, ...],
    untagged: tuple[Untagged, ...],
    hosts: tuple[Host, ...],
    config: Config,
) -> FileReport:
    wanted = tuple(result for result in results if _wanted(result.rule, config))
    artifacts = {found.artifact.uri: found.artifact} if wanted or untagged else {}
    if wanted and config.source is not None and hosts:
        uri = uri_of(config.source)
        artifacts[uri] = Artifact(uri, config.source.read_text("utf-8"))
    return FileReport(wanted, untagged, (), artifacts, found.kind)


def _wanted(rule: str, config: Config) -> bool:
    selected = not config.select or any(rule.startswith(code) for code in config.select)
    return selected and not any(rule.startswith(code) for code in config.ignore)


def _owner(host: Host) -> Owner:
    return _load(host.tags[0])


@cache
def _load(tag: str) -> Owner:
    owner = load_owner(tag)
    if isinstance(owner, UnknownOwner):
        raise ConfigError(owner.reason)
    return owner
