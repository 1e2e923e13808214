"""Which hosts a file runs on, as far as a comment, the configuration or a flag says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nftlint.config import Config
from nftlint.directives import HostTag, Parsed
from nftlint.discover import uri_of
from nftlint.fragment import to_root
from nftlint.results import Evidence, Host, Location
from nftlint.sieve.kindless import may_be_code
from nftlint.span import Span
from nftlint.unit import Unit

NONE = "none"
"""The tag of files that run on no such host; it keeps evidence from telling otherwise."""


def tagged_hosts(
    uri: str, path: Path, config: Config, directives: Sequence[Parsed], assumed: Sequence[str]
) -> tuple[Host, ...]:
    """Return the hosts that a file is tagged for, a host for each tag, with the evidence.

    ``assumed`` tags (``--assume-tag``) override all others.
    """
    if assumed:
        return tuple(_assumed(uri, tag) for tag in assumed)
    found: dict[str, list[Evidence]] = {}
    for directive in directives:
        if isinstance(directive, HostTag):
            span = to_root(directive.fragment, directive.span)
            evidence = Evidence(Location(uri, span), f"'nftlint: host={directive.tag}' says so")
            found.setdefault(directive.tag, []).append(evidence)
    for rule in config.host_rules(path):
        found.setdefault(rule.tag, []).append(_configured(config, rule.tag, rule.line))
    return tuple(_host(tag, evidence, config, path) for tag, evidence in found.items())


def _host(tag: str, evidence: list[Evidence], config: Config, path: Path) -> Host:
    rules = [rule for rule in config.host_rules(path) if rule.tag == tag]
    return Host(
        (tag,),
        tuple(evidence),
        kube_router=tuple(version for rule in rules for version in rule.kube_router),
        iptables=tuple(version for rule in rules for version in rule.iptables),
    )


def _assumed(uri: str, tag: str) -> Host:
    return Host((tag,), (Evidence(Location(uri, Span(0, 0)), f"--assume-tag {tag} says so"),))


def _configured(config: Config, tag: str, line: int) -> Evidence:
    source = config.source or config.base
    start = line_start(source, line)
    location = Location(uri_of(source), Span(start, start))
    return Evidence(location, f"[[hosts]] tags these paths '{tag}'")


def line_start(path: Path, line: int) -> int:
    """Return the offset, in code points, at which a line (1-based) of a file begins."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    return sum(len(text) for text in lines[: line - 1])


def may_become_code(unit: Unit) -> bool:
    """Tell whether a file of no known kind may be code after all, if another file runs it."""
    return may_be_code(unit.path, unit.artifact.text)
