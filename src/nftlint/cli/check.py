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
from nftlint.lint import Options, lint
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
    report = lint(paths, chosen)
    threshold = Applicability.UNSAFE if options.unsafe_fixes else Applicability.SAFE
    if options.diff:
        return diff(report, chosen, threshold)
    fixed = Outcome()
    if options.fix:
        fixed = fix_files(report, paths, chosen, threshold)
        report = lint(paths, chosen)
    return _deliver(report, options, fixed)


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
    from nftlint.cli.standard_input import lint_input

    name = options.stdin_filename or "<stdin>"
    data = sys.stdin.buffer.read()
    report, check = lint_input(data, name, chosen)
    threshold = Applicability.UNSAFE if options.unsafe_fixes else Applicability.SAFE
    if options.fix and not options.diff and name in report.artifacts:
        return fix_input(report.artifacts[name], check, threshold)
    if options.fix and not options.diff:
        sys.stdout.buffer.write(data)
        return _status(report, options)
    return _deliver(report, options, Outcome())


def _deliver(report: Report, options: argparse.Namespace, fixed: Outcome) -> int:
    from nftlint.output import writer
    from nftlint.pages import load_pages

    write = writer(options.output_format)
    try:
        with opened(options.output) as stream:
            color = wants_color(stream)
            write(report, load_pages(), stream, color=color, width=width())
    except BrokenPipeError:
        raise
    except OSError as error:
        return complain(f"{options.output}: {error.strerror}")
    if fixed.count and not options.quiet:
        print(f"Fixed {fixed.count} {'finding' if fixed.count == 1 else 'findings'}.")
    return USAGE if fixed.failed else _status(report, options)


def _status(report: Report, options: argparse.Namespace) -> int:
    if report.failures:
        return USAGE
    return FINDINGS if report.results and not options.exit_zero else CLEAN
