"""What the checks have to say about a file: each finding with its place and its subject."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from nftlint.checks.context import Finding, Run, Text, Write
from nftlint.checks.registry import all_checks, run_checks, text_checks
from nftlint.found import NftCall, ProgramRun
from nftlint.fragment import Fragment, spelled_out, to_root
from nftlint.owners import Owner
from nftlint.record import dataclass
from nftlint.results import Host, Location, Subject
from nftlint.scan import Scan
from nftlint.span import Span
from nftlint.writes import Leaf, leaves

if TYPE_CHECKING:
    from nftlint.nft.model import Command


@dataclass(frozen=True, slots=True)
class Hit:
    """A finding; ``script`` is the fragment whose hole characters its texts may contain.

    ``place`` is in the artifact's own text. ``call`` and ``leaf`` are the nft call and the command
    in it, where it is about one.
    """

    finding: Finding
    script: Fragment
    place: Span
    subject: Subject
    call: NftCall | None = None
    leaf: Leaf | None = None


def hits(
    found: Scan,
    hosts: tuple[Host, ...],
    owners: tuple[Owner, ...],
    versions: tuple[str, ...],
    flushes: tuple[Location, ...] = (),
) -> Iterator[Hit]:
    """Yield what every check finds, in the order of calls, runs and texts.

    ``flushes`` are those that nft's service may load on these hosts, out of whatever file.
    """
    for call in found.calls:
        if not call.elsewhere:
            yield from _of_call(call, hosts, owners, versions)
    seen: set[tuple[str, Span]] = set()
    for run in found.runs:
        for hit in _of_run(run, found, owners, flushes):
            if (hit.finding.rule, hit.place) not in seen:  # once for all values of a variable
                seen.add((hit.finding.rule, hit.place))
                yield hit
    yield from _of_text(found, owners)


def _of_call(
    call: NftCall, hosts: tuple[Host, ...], owners: tuple[Owner, ...], versions: tuple[str, ...]
) -> Iterator[Hit]:
    for leaf in leaves(call):
        write = Write(call, leaf.command, leaf.statement, hosts, owners, versions)
        for check in all_checks().values():
            for finding in check(write):
                place, subject = _place(call, leaf), _subject(call, leaf.command)
                yield Hit(finding, call.script, place, subject, call, leaf)


def _place(call: NftCall, leaf: Leaf) -> Span:
    """Return the nft statement as written: the whole call where it carries but one."""
    alone = len(list(islice(leaves(call), 2))) == 1
    if alone and call.script.parent is call.host:
        return to_root(call.host, call.span)
    return to_root(call.script, leaf.command.span)


def _subject(call: NftCall, command: Command) -> Subject:
    names = (command.verb, command.family, command.table, command.chain)
    verb, family, table, chain = (
        spelled_out(name.text, call.script) if name is not None else "" for name in names
    )
    statement = spelled_out(command.span.of(call.script.text), call.script)
    return Subject(verb, family, table, chain, statement)


def _of_run(
    run: ProgramRun, found: Scan, owners: tuple[Owner, ...], flushes: tuple[Location, ...]
) -> Iterator[Hit]:
    if run.elsewhere:
        return
    place = to_root(run.host, run.span)
    subject = Subject("", "", "", "", spelled_out(run.script.text, run.script))
    for check in run_checks().values():
        for finding in check(Run(run, owners, found.calls, flushes)):
            yield Hit(finding, run.script, place, subject)


def _of_text(found: Scan, owners: tuple[Owner, ...]) -> Iterator[Hit]:
    """Yield what stands in all of the text, and in what is packed into it (base64, gzip)."""
    root, *rest = found.fragments
    for fragment in (root, *(item for item in rest if item.recode is not None)):
        for check in text_checks().values():
            for finding in check(Text(fragment, owners)):
                span = finding.span or Span(0, len(fragment.text))
                subject = Subject("", "", "", "", span.of(fragment.text))
                yield Hit(finding, fragment, to_root(fragment, span), subject)
