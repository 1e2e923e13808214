"""Where reports go: one in the main format, and others beside it."""

from __future__ import annotations

import argparse

from nftlint.cli.terminal import opened, wants_color, width
from nftlint.output import format_names, writer
from nftlint.output.look import Look
from nftlint.record import dataclass
from nftlint.results import Report

STANDARD_OUTPUT = "-"


@dataclass(frozen=True, slots=True)
class Destination:
    """A format, and the file to write, ``-`` for standard output."""

    format: str
    file: str


def destinations(options: argparse.Namespace) -> list[Destination]:
    """Return all reports to write, the main one first.

    ``FORMAT=FILE`` is one more report; any other value is the file of the main one, the last
    counting.
    """
    main = STANDARD_OUTPUT
    others: list[Destination] = []
    for value in options.output:
        name, equals, file = value.partition("=")
        if equals and file and name in format_names():
            others.append(Destination(name, file))
        else:
            main = value
    return [Destination(options.output_format, main), *others]


def write_report(report: Report, destination: Destination, *, quiet: bool) -> None:
    """Write one report. Raises ``OSError`` where its file cannot be written."""
    from nftlint.pages import load_pages

    write = writer(destination.format)
    with opened(destination.file) as stream:
        write(report, load_pages(), stream, Look(wants_color(stream), width(), quiet))
