"""``full``: each result with its source, its consequence, its hosts and its fix, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import TextIO

from nftlint.applicability import Applicability
from nftlint.output.changes import hunks
from nftlint.output.escapes import visible
from nftlint.output.look import PLAIN, Look
from nftlint.output.paint import Paint
from nftlint.output.regions import Lines, Places
from nftlint.output.snippet import Frame, changed, source
from nftlint.output.summary import failure_lines, summary_lines
from nftlint.pages import RulePage
from nftlint.results import Evidence, Fix, Host, Location, NoFix, Report, Result

_EFFECTS = {mode: mode for mode in ("widening", "crash", "sync-abort")} | {"none": "risk"}


def write(
    report: Report, rules: Mapping[str, RulePage], stream: TextIO, look: Look = PLAIN
) -> None:
    """Write every result at length, then the summary."""
    paint = Paint(look.color)
    places = Places(report.artifacts)
    before = None
    for result in report.results:
        frame = Frame(paint, _gutter(result, places), look.width)
        stream.writelines(f"{line}\n" for line in _result(result, before, places, frame))
        stream.write("\n")
        before = result
    stream.writelines(f"{line}\n" for line in failure_lines(report, places, paint))
    if not look.quiet:
        stream.writelines(f"{line}\n" for line in summary_lines(report))


def _gutter(result: Result, places: Places) -> int:
    return len(str(places.region(result.location).end_line))


def _result(result: Result, before: Result | None, places: Places, frame: Frame) -> Iterator[str]:
    """Yield the lines of a result; ``before`` is the one that was shown before it."""
    location = result.location
    head = frame.paint(result.level, f"{result.level}[{result.rule}]")
    yield f"{head}: {frame.paint('bold', visible(_headline(result)))}"
    arrow = frame.paint("frame", f"{'':>{frame.gutter}}-->")
    yield f"{arrow} {visible(location.uri)}:{places.region(location)}{_inner(location)}"
    lines = places.lines(location.uri)
    if lines is not None:
        yield frame.row()
        yield from source(frame, lines, location.span, result.level)
    yield frame.row()
    yield from _because(result, places, frame)
    if before is not None and _one_fix(before, result):
        yield from _note(frame, "fix", "the one above mends this, too")
    else:
        yield from _fix(result.fix, lines, frame)
    yield from _note(frame, "help", f"nftlint explain {result.rule}")


def _one_fix(one: Result, other: Result) -> bool:
    """Tell whether two results share their fix, as those of one nft call do."""
    same_file = one.location.uri == other.location.uri
    return same_file and isinstance(one.fix, Fix) and one.fix == other.fix


def _headline(result: Result) -> str:
    """Return the message without its consequence, which is said below the source."""
    before, found, after = result.message.partition(result.consequence or "\0")
    return result.message if not found or after.strip(". ") else before.rstrip(" :;,-")


def _inner(location: Location) -> str:
    return f" ({visible(location.inner)})" if location.inner else ""


def _because(result: Result, places: Places, frame: Frame) -> Iterator[str]:
    if result.consequence:
        yield from _note(frame, _EFFECTS.get(result.failure_mode, "effect"), result.consequence)
    for host in result.hosts:
        yield from _note(frame, "host", _host(host, places))
    for location in result.related:
        yield from _note(frame, "note", f"{_place(location, places)}: {location.message}")


def _host(host: Host, places: Places) -> str:
    tags = ", ".join(host.tags)
    because = "; ".join(_evidence(item, places) for item in host.evidence)
    return f"{tags}, because {because}" if because else tags


def _evidence(evidence: Evidence, places: Places) -> str:
    return f"{evidence.why} ({_place(evidence.location, places)})"


def _place(location: Location, places: Places) -> str:
    return f"{location.uri}:{places.region(location).start_line}"


def _fix(fix: Fix | NoFix, lines: Lines | None, frame: Frame) -> Iterator[str]:
    if isinstance(fix, NoFix):
        yield from _note(frame, "no fix", fix.reason)
        return
    yield from _note(frame, f"fix ({fix.applicability.label})", fix.description)
    if fix.replacements and lines is not None and fix.applicability > Applicability.DISPLAY_ONLY:
        yield frame.row()
        for hunk in hunks(lines, fix.replacements):
            yield from changed(frame, hunk)
        yield frame.row()
    else:
        shown = [command for command in fix.iptables if command not in fix.description]
        yield from (frame.row("", "      " + visible(command), bar=" ") for command in shown)
    if fix.proof:
        yield from _note(frame, "proof", fix.proof)
    for reason in fix.reasons:
        yield from _note(frame, fix.applicability.label, reason)


def _note(frame: Frame, label: str, text: str) -> Iterator[str]:
    """Yield a labelled sentence, wrapped below its own beginning."""
    head = f"{label}: "
    room = max(frame.room - len(head), 30)
    rows = wrap(visible(text), room, break_long_words=False, break_on_hyphens=False) or [""]
    yield frame.row("", frame.paint("bold", label) + ": " + rows[0], bar="=")
    yield from (frame.row("", " " * len(head) + row, bar=" ") for row in rows[1:])
