"""``nftlint check`` where there is something to read: lint, fix, report."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nftlint.applicability import Applicability
from nftlint.apply import Pick, everything
from nftlint.cli import CLEAN, FINDINGS, USAGE, complain
from nftlint.cli.quick import PEOPLE
from nftlint.configs import Options
from nftlint.discover import Candidate, Collected
from nftlint.lint import Linted, lint, lint_collected, lint_data
from nftlint.output.escapes import visible
from nftlint.record import replace
from nftlint.results import Report
from nftlint.shielding import misread
from nftlint.sieve.walk import why


def check_files(
    paths: list[Path], collected: Collected, options: argparse.Namespace, chosen: Options
) -> int:
    """Lint what was collected under the paths; fix and report as the options say."""
    linted = lint_collected(collected, chosen, paths)
    _refuse_unknown_kinds(linted)
    if options.prove:
        from nftlint.prove import available

        if reason := available():
            return complain(f"nothing can be proved here: {reason}")
        linted = _proved(linted)
    if options.verbose:
        _say_kinds(linted)
    if options.write_baseline:
        return _write_baseline(linted.report, Path(options.write_baseline), options)
    if options.diff:
        return _diff(linted, options)
    if not options.fix:
        return _deliver(linted.report, options)
    return _fix(linted, paths, options, chosen)


def _refuse_unknown_kinds(linted: Linted) -> None:
    """Raise ``ConfigError`` for a kind in ``[[files]]`` that nothing reads: its files were not."""
    from nftlint.carriers.registry import readers
    from nftlint.config import ConfigError, suggest

    for unit in linted.units.values():
        kind = unit.config.kind_of(unit.path)
        if kind is not None and kind not in readers():
            known = suggest(kind, tuple(sorted(readers())))
            raise ConfigError(f"{unit.config.source}: in [[files]]: no kind '{kind}'{known}")


def _fix(linted: Linted, paths: list[Path], options: argparse.Namespace, chosen: Options) -> int:
    """Fix, report what is left unless only fixing is asked for, and say what was fixed."""
    from nftlint.cli.fixing import fix_files, say_fixed

    pick: Pick = everything
    if options.interactive:
        from nftlint.cli.asking import Asking

        pick = Asking(misread(linted.report.results)).pick
    fixed = fix_files(linted, paths, _threshold(options), pick)
    if options.fix_only:
        from nftlint.output.summary import failed

        _tell(failed(linted.report))
        status = USAGE if linted.report.failures else CLEAN
    else:
        status = _deliver(lint(paths, chosen).report, options)
    if not options.quiet:
        say_fixed(fixed.mended, each=options.show_fixes)
    return USAGE if fixed.failed else status


def check_input(options: argparse.Namespace, chosen: Options) -> int:
    """Lint standard input; with ``--fix`` print it fixed."""
    from nftlint.cli.fixing import fix_input

    name = options.stdin_filename or "<stdin>"
    if sys.stdin is None:
        return complain("standard input is closed")
    data = sys.stdin.buffer.read()
    linted = lint_data(Candidate(Path(name), name, data), chosen, default="shell")
    if options.diff:
        return _diff(linted, options)
    if not options.fix:
        return _deliver(linted.report, options)
    if name in linted.units:
        status = fix_input(linted, name, _threshold(options))
    else:
        sys.stdout.buffer.write(data)
        status = _status(linted.report, options)
    return CLEAN if status == FINDINGS and (options.fix_only or options.exit_zero) else status


def _diff(linted: Linted, options: argparse.Namespace) -> int:
    """Print what fixing would change; what could not be linted is said, and fails the run."""
    from nftlint.cli.fixing import diff
    from nftlint.output.summary import remarks

    status = diff(linted, _threshold(options))
    _tell(remarks(linted.report))
    return USAGE if linted.report.failures else status


def _write_baseline(report: Report, path: Path, options: argparse.Namespace) -> int:
    from nftlint.baseline import write_baseline
    from nftlint.output.summary import count, remarks

    try:
        written = write_baseline(path, report)
    except OSError as error:
        return complain(f"{path}: {why(error)}")
    _tell(remarks(report))
    if not options.quiet:
        print(f"Wrote {count(written, 'finding')} to {visible(str(path))}.")
    return USAGE if report.failures else CLEAN


def _proved(linted: Linted) -> Linted:
    from nftlint.proofs import disproved, proved

    results = proved(linted.report.results)
    wrong = {fix.nft for fix in disproved(results)}
    report = replace(linted.report, results=tuple(results))
    return replace(linted, report=report, withheld=frozenset(wrong))


def _tell(lines: list[str]) -> None:
    sys.stderr.writelines(f"{line}\n" for line in lines)


def _threshold(options: argparse.Namespace) -> Applicability:
    return Applicability.UNSAFE if options.unsafe_fixes else Applicability.SAFE


def _say_kinds(linted: Linted) -> None:
    for uri, unit in sorted(linted.units.items()):
        kind = unit.found.kind if unit.found is not None else "unknown kind, not read"
        print(f"nftlint: {visible(uri)}: {kind}", file=sys.stderr)


def _deliver(report: Report, options: argparse.Namespace) -> int:
    from nftlint.cli.outputs import destinations, write_report
    from nftlint.output.summary import remarks

    wanted = destinations(options)
    for destination in wanted:
        try:
            write_report(report, destination, quiet=options.quiet)
        except BrokenPipeError:
            raise
        except OSError as error:
            return complain(f"{visible(destination.file)}: {why(error)}")
    if any(destination.format == "sarif" for destination in wanted):
        from nftlint.output.sarif_limits import left_out

        if missing := left_out(report):
            print(f"nftlint: sarif: {missing}", file=sys.stderr)
    if wanted[0].format not in PEOPLE:
        _tell(remarks(report))
    return _status(report, options)


def _status(report: Report, options: argparse.Namespace) -> int:
    if report.failures:
        return USAGE
    return FINDINGS if report.results and not options.exit_zero else CLEAN
