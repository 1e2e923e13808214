"""``nftlint check``: lint, report, fix."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from nftlint.applicability import Applicability
from nftlint.cli import CLEAN, FINDINGS, USAGE, complain
from nftlint.cli.fixing import Outcome, diff, fix_files, fix_input
from nftlint.cli.terminal import opened, wants_color, width
from nftlint.config import suggest
from nftlint.configs import Options
from nftlint.discover import Candidate
from nftlint.lint import lint, lint_data
from nftlint.results import Report


def run(options: argparse.Namespace) -> int:
    """Run the command. Raises ``ConfigError`` for a configuration that cannot be used."""
    wrong = _usage(options)
    if wrong:
        return complain(wrong)
    chosen = _options(options)
    if options.paths == ["-"]:
        return _standard_input(options, chosen)
    paths = [Path(path) for path in options.paths or ["."]]
    linted = lint(paths, chosen)
    threshold = Applicability.UNSAFE if options.unsafe_fixes else Applicability.SAFE
    if options.diff:
        return diff(linted, threshold)
    fixed = Outcome()
    if options.fix:
        fixed = fix_files(linted, paths, threshold)
        linted = lint(paths, chosen)
    return _deliver(linted.report, options, fixed)


def _usage(options: argparse.Namespace) -> str:
    """Return what is wrong with the command line, or nothing."""
    from nftlint.output import format_names
    from nftlint.owners import UnknownOwner, load_owner

    if options.output_format not in format_names():
        return f"no output format '{options.output_format}'" + suggest(
            options.output_format, format_names()
        )
    for tag in _codes(options.assume_tag):
        owner = load_owner(tag)
        if isinstance(owner, UnknownOwner):
            return owner.reason
    if "-" in options.paths and len(options.paths) > 1:
        return "standard input (-) cannot be linted together with other paths"
    return _unknown_code(_codes(options.select) + _codes(options.ignore))


def _unknown_code(codes: Sequence[str]) -> str:
    if not codes:
        return ""
    from nftlint.pages import load_pages

    known = tuple(load_pages())
    for code in codes:
        if not any(rule.startswith(code) for rule in known):
            return f"no rule '{code}'{suggest(code, known)}"
    return ""


def _options(options: argparse.Namespace) -> Options:
    return Options(
        select=_codes(options.select),
        ignore=_codes(options.ignore),
        exclude=tuple(options.exclude),
        assume_tags=_codes(options.assume_tag),
        config=Path(options.config) if options.config else None,
    )


def _codes(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(code.strip() for value in values for code in value.split(",") if code.strip())


def _standard_input(options: argparse.Namespace, chosen: Options) -> int:
    name = options.stdin_filename or "<stdin>"
    data = sys.stdin.buffer.read()
    linted = lint_data(Candidate(Path(name), name, data), chosen, default="shell")
    threshold = Applicability.UNSAFE if options.unsafe_fixes else Applicability.SAFE
    if options.diff:
        return diff(linted, threshold)
    if not options.fix:
        return _deliver(linted.report, options, Outcome())
    if name in linted.units:
        return fix_input(linted.units[name], threshold)
    sys.stdout.buffer.write(data)
    return _status(linted.report, options)


def _deliver(report: Report, options: argparse.Namespace, fixed: Outcome) -> int:
    from nftlint.output import writer
    from nftlint.output.look import Look
    from nftlint.output.summary import remarks
    from nftlint.pages import load_pages

    write = writer(options.output_format)
    try:
        with opened(options.output) as stream:
            look = Look(wants_color(stream), width(), options.quiet)
            write(report, load_pages(), stream, look)
    except BrokenPipeError:
        raise
    except OSError as error:
        return complain(f"{options.output}: {error.strerror}")
    if options.output_format not in ("full", "concise"):
        sys.stderr.writelines(f"{line}\n" for line in remarks(report))
    if fixed.count and not options.quiet:
        print(f"Fixed {fixed.count} {'finding' if fixed.count == 1 else 'findings'}.")
    return USAGE if fixed.failed else _status(report, options)


def _status(report: Report, options: argparse.Namespace) -> int:
    if report.failures:
        return USAGE
    return FINDINGS if report.results and not options.exit_zero else CLEAN
