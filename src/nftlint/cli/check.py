"""``nftlint check`` where ``quick`` did not do: options, and whether there is something to read.

Only where there is does ``checking`` come in, with all that it needs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nftlint.cli import CLEAN, complain
from nftlint.cli.quick import PEOPLE, is_clean, say_clean
from nftlint.configs import Configs, Options
from nftlint.discover import collected
from nftlint.sieve.search import processors
from nftlint.sieve.sift import sift

if TYPE_CHECKING:
    from nftlint.baseline import Baseline
    from nftlint.cli.quick import Sifted
    from nftlint.owners import Owner


def run(options: argparse.Namespace) -> int:
    """Run the command. Raises ``ConfigError`` for a configuration that cannot be used."""
    options.fix = options.fix or options.fix_only or options.interactive
    wrong = _usage(options)
    if wrong:
        return complain(wrong)
    chosen = _options(options)
    if options.paths == ["-"]:
        from nftlint.cli.checking import check_input

        return check_input(options, chosen)
    judged = options.found is not None
    found = options.found or _sifted(options, chosen)
    if not judged and not options.verbose and _is_plain(options) and is_clean(found):
        if not options.diff and not options.quiet:
            say_clean(found[1])
        return CLEAN
    from nftlint.cli.checking import check_files

    paths = [Path(path) for path in options.paths or ["."]]
    return check_files(paths, collected(found), options, chosen)


def _sifted(options: argparse.Namespace, chosen: Options) -> Sifted:
    excluded = Configs(chosen).excluded
    return sift(
        options.paths or ["."],
        lambda _directory, _names: excluded,
        ignore_files=chosen.ignore_files,
        jobs=chosen.jobs,
    )


def _is_plain(options: argparse.Namespace) -> bool:
    if options.write_baseline or options.baseline:
        return False
    return options.diff or (options.output_format in PEOPLE and not options.output)


def _usage(options: argparse.Namespace) -> str:
    """Return what is wrong with the command line, or nothing."""
    if "-" in options.paths and len(options.paths) > 1:
        return "standard input (-) cannot be linted together with other paths"
    if options.interactive and ("-" in options.paths or options.diff or not sys.stdin.isatty()):
        return (
            "--interactive asks at a terminal: not with standard input from elsewhere, nor --diff"
        )
    if wrong := _contradiction(options):
        return wrong
    if options.output_format not in PEOPLE and (wrong := _unknown_format(options.output_format)):
        return wrong
    if options.output and (wrong := _misspelt(options.output) or _clashing_outputs(options)):
        return wrong
    return _unknown_tag(options) or _unknown_code(codes(options.select) + codes(options.ignore))


def _contradiction(options: argparse.Namespace) -> str:
    """Return which option would have no effect beside another, or nothing."""
    if options.diff and (options.output or options.output_format not in PEOPLE):
        return "--diff prints a diff and no report: not with --output, nor a format for machines"
    if options.write_baseline and (options.fix or options.diff or "-" in options.paths):
        return "--write-baseline writes down what files hold: not with --fix, --diff or -"
    return ""


def _misspelt(outputs: Sequence[str]) -> str:
    """Return which ``FORMAT=FILE`` has a format that there is not, by one or two letters."""
    from difflib import get_close_matches

    from nftlint.output import format_names

    known = format_names()
    for output in outputs:
        name, equals, file = output.partition("=")
        if not equals or "/" in name or name in known:
            continue
        if near := get_close_matches(name, known, 1, 0.75):
            meant = f"did you mean '{near[0]}={file}'? For a file of that name say ./{output}"
            return f"no output format '{name}': {meant}"
    return ""


def _clashing_outputs(options: argparse.Namespace) -> str:
    from nftlint.cli.outputs import destinations

    files = [item.file for item in destinations(options)]
    twice = next((file for file in files if files.count(file) > 1), None)
    return f"two reports would go to {twice}" if twice is not None else ""


def _unknown_format(name: str) -> str:
    from nftlint.config import suggest
    from nftlint.output import format_names

    known = format_names()
    return "" if name in known else f"no output format '{name}'{suggest(name, known)}"


def _unknown_tag(options: argparse.Namespace) -> str:
    tags = codes(options.assume_tag)
    if not tags:
        return ""
    from nftlint.rulesdir import rules_dir

    unsure = [tag for tag in tags if not (rules_dir() / "owners" / f"{tag}.toml").is_file()]
    if not unsure:
        return ""
    from nftlint.owners import UnknownOwner, load_owner

    configured = {tag for owner in _owners(options) for tag in (owner.tag, *owner.aliases)}
    owners = [load_owner(tag) for tag in unsure if tag not in configured]
    return next((owner.reason for owner in owners if isinstance(owner, UnknownOwner)), "")


def _owners(options: argparse.Namespace) -> Iterator[Owner]:
    """Yield the owners of the configurations that hold for what is to be linted."""
    configs = Configs(Options(config=Path(options.config) if options.config else None))
    names = [options.stdin_filename or "." if name == "-" else name for name in options.paths]
    for name in names or ["."]:
        path = Path(name).absolute()
        yield from configs(path if path.is_dir() else path.parent).owners


def _unknown_code(wanted: Sequence[str]) -> str:
    if not wanted:
        return ""
    from nftlint.config import suggest
    from nftlint.pages import load_pages

    known = tuple(load_pages())
    for code in wanted:
        if not any(rule.startswith(code) for rule in known):
            return f"no rule '{code}'{suggest(code, known)}"
    return ""


def _options(options: argparse.Namespace) -> Options:
    return Options(
        select=codes(options.select),
        ignore=codes(options.ignore),
        exclude=tuple(options.exclude),
        ignore_files=not options.no_ignore,
        assume_tags=codes(options.assume_tag),
        config=Path(options.config) if options.config else None,
        baseline=_baseline(options.baseline),
        jobs=options.jobs or processors(),
    )


def _baseline(name: str | None) -> Baseline | None:
    if name is None:
        return None
    from nftlint.baseline import read_baseline

    return read_baseline(Path(name))


def codes(values: Sequence[str]) -> tuple[str, ...]:
    """Return the words of repeated options that take comma lists."""
    return tuple(code.strip() for value in values for code in value.split(",") if code.strip())
