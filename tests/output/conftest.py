"""Reports made by hand, for the writers: each result is found by the text it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from nftlint.applicability import Applicability
from nftlint.artifact import Artifact
from nftlint.edits import Replacement
from nftlint.record import replace
from nftlint.results import (
    Evidence,
    Failure,
    Fix,
    Host,
    Location,
    NoFix,
    Report,
    Result,
    Subject,
    Suppressed,
    Untagged,
)
from nftlint.span import Span

CONFIG = '[[hosts]]\ntag = "kube-router"\npaths = ["**"]\n'
SCRIPT = "#!/bin/sh\nsudo nft add rule filter INPUT ct state established accept || true\n"
STATEMENT = "nft add rule filter INPUT ct state established accept"
COMMAND = "iptables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT"
CONSEQUENCE = "iptables cannot list ip filter INPUT with it, so kube-router dies at its next sync"


def at(artifact: Artifact, text: str) -> Location:
    start = artifact.text.index(text)
    return Location(artifact.uri, Span(start, start + len(text)))


@dataclass
class ReportBuilder:
    """Collects results over artifacts; ``done`` gives the report."""

    artifacts: dict[str, Artifact] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    untagged: list[Untagged] = field(default_factory=list)
    suppressed: list[Suppressed] = field(default_factory=list)

    def file(self, uri: str, text: str) -> Artifact:
        self.artifacts[uri] = Artifact(uri, text)
        return self.artifacts[uri]

    def add(self, uri: str = "node/fw.sh", text: str = SCRIPT, found: str = STATEMENT, **changes):
        artifact = self.artifacts.get(uri) or self.file(uri, text)
        result = replace(self._result(artifact, found), **changes)
        self.results.append(result)
        return result

    def _result(self, artifact: Artifact, found: str) -> Result:
        config = self.artifacts.get("nftlint.toml") or self.file("nftlint.toml", CONFIG)
        why = "[[hosts]] tags it"
        evidence = Evidence(at(config, 'tag = "kube-router"'), why)
        location = at(artifact, found)
        return Result(
            rule="NFT101",
            name="native-rule-in-managed-chain",
            level="error",
            message=f"raw nft rule in ip filter INPUT: {CONSEQUENCE}",
            location=location,
            fix=self.fix(location, COMMAND),
            consequence=CONSEQUENCE,
            failure_mode="crash",
            subject=Subject("add", "ip", "filter", "INPUT", found.removeprefix("nft ")),
            hosts=(Host(("kube-router",), (evidence,)),),
        )

    def fix(self, location: Location, text: str, label: str = "safe", reasons=()) -> Fix:
        applicability = next(item for item in Applicability if item.label == label)
        replacements = (Replacement(location.span, text),)
        return Fix("say it with iptables", applicability, (text,), replacements, tuple(reasons))

    def no_fix(self, reason: str) -> NoFix:
        return NoFix(reason)

    def done(self, files: int = 7) -> Report:
        return Report(
            tuple(self.results),
            self.artifacts,
            tuple(self.failures),
            tuple(self.untagged),
            files,
            tuple(self.suppressed),
        )


@pytest.fixture
def build() -> Callable[[], ReportBuilder]:
    return ReportBuilder


@pytest.fixture
def builder() -> ReportBuilder:
    return ReportBuilder()
