"""What a check finds: results, with their fixes; values without behaviour."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from nftlint.applicability import Applicability
from nftlint.artifact import Artifact
from nftlint.edits import Replacement
from nftlint.record import dataclass
from nftlint.span import Span

LEVELS = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Location:
    """A place in an artifact: ``span`` in the artifact's own text, ``message`` on what is there.

    ``inner`` names the line within an encoded payload, where the place is the payload.
    """

    uri: str
    span: Span
    message: str = ""
    inner: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a host has a tag: a location, and what it shows."""

    location: Location
    why: str


@dataclass(frozen=True, slots=True)
class Host:
    """A machine, or a set of machines of one kind, that runs what was found.

    ``lowered`` says that what reads the tables is partly switched off, so that findings weigh less.
    ``kube_router`` and ``iptables`` are its versions, where they are known of this host.
    """

    tags: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    lowered: bool = False
    kube_router: tuple[str, ...] = ()
    iptables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fix:
    """How to mend a result: replacements in the artifact's own text.

    ``iptables`` are the commands that replace the nft statement, as shell lines for display.
    ``reasons`` say why the fix is not safe; empty where it is. ``nft`` are the statements that the
    fix says anew, with hole characters; ``proof`` is what the kernel said of them, if it was asked.
    """

    description: str
    applicability: Applicability
    iptables: tuple[str, ...]
    replacements: tuple[Replacement, ...]
    reasons: tuple[str, ...] = ()
    nft: tuple[str, ...] = ()
    proof: str = ""


@dataclass(frozen=True, slots=True)
class NoFix:
    """Why there is no fix."""

    reason: str


@dataclass(frozen=True, slots=True)
class Subject:
    """The nft command that a result is about; each part as written, ``family`` also if implied."""

    verb: str
    family: str
    table: str
    chain: str
    statement: str


@dataclass(frozen=True, slots=True)
class Result:
    """One finding. ``failure_mode`` is ``widening``, ``crash``, ``sync-abort`` or ``none``.

    ``consequence`` is the one sentence on what will happen on the host; ``message`` is the
    finding in one line, ``consequence`` included.
    """

    rule: str
    name: str
    level: str
    message: str
    location: Location
    fix: Fix | NoFix
    consequence: str = ""
    failure_mode: str = "none"
    subject: Subject | None = None
    hosts: tuple[Host, ...] = ()
    related: tuple[Location, ...] = ()

    @property
    def described(self) -> str:
        """The message, with the line of an encoded payload where the location is the payload."""
        inner = self.location.inner
        return f"{self.message} ({inner})" if inner else self.message


Check = Callable[[Artifact], Iterable[Result]]
"""Lints one artifact again."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file, or a part of one, that could not be linted; counted as an error of the run.

    ``offset`` is a place in its text in code points, ``None`` where no text could be read.
    """

    uri: str
    message: str
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Untagged:
    """A place that would be a finding, of whatever rule, on a host that no tag speaks of.

    ``config`` is the URI of the configuration that holds for the file, empty where there is none;
    ``inline`` says that it has its hosts as one list, to which no table can be added.
    """

    location: Location
    config: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A result that does not count, because someone has looked at it and takes it as it is.

    ``kind`` is ``inSource`` for a comment, whose place is ``location``, and ``external`` for a
    baseline; ``justification`` is the reason that was given, and may be empty.
    """

    result: Result
    kind: str
    justification: str = ""
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All of a run, for the writers. ``results`` are sorted by URI, place and rule.

    ``artifacts`` has the text of every file that a result, fix or evidence speaks of. ``gone`` is
    the number of findings that the baseline knows and that are there no more.
    """

    results: tuple[Result, ...]
    artifacts: Mapping[str, Artifact]
    failures: tuple[Failure, ...]
    untagged: tuple[Untagged, ...]
    files: int
    suppressed: tuple[Suppressed, ...] = ()
    gone: int = 0
