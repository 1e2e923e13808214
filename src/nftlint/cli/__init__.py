"""The command line: argv to exit code. The only package that prints; one module a command.

Nothing is imported here that a clean run does not need: see ``quick``.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nftlint.cli.quick import Sifted

CLEAN, FINDINGS, USAGE = 0, 1, 2


def run() -> None:
    """Entry point of the ``nftlint`` program.

    It ends the process at once: to take an interpreter apart costs as much as reading 200 files.
    """
    status = main(sys.argv[1:])
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):  # as Python itself says it, at its end
        sys.exit(status)
    os._exit(status)


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit status, 2 for a usage or internal error."""
    try:
        return _run(arguments)
    except BrokenPipeError:
        sys.stderr.close()
        return CLEAN
    except KeyboardInterrupt:
        return 130
    except RecursionError:
        return complain("directories or texts are nested too deeply here")
    except MemoryError:
        return complain("out of memory")


def complain(message: str) -> int:
    """Say what is wrong on standard error; returns the exit status for it."""
    print(f"nftlint: error: {message}", file=sys.stderr)
    return USAGE


def _run(arguments: Sequence[str]) -> int:
    from nftlint.cli.quick import is_clean, say_clean, sifted, usual

    line = usual(arguments)
    if line is None:
        return _command(arguments, None)
    try:
        found = sifted(line)
    except ValueError:  # a configuration that cannot be used, as will be said
        found = None
    if found is None or not is_clean(found):
        return _command(arguments, found)
    if not {"--quiet", "--diff"} & line.options.keys():
        say_clean(found[1])
    return CLEAN


def _command(arguments: Sequence[str], found: Sifted | None) -> int:
    """Run a command by its module; ``found`` is what was found for ``check`` already."""
    from importlib import import_module

    from nftlint.cli.arguments import parser
    from nftlint.config import ConfigError

    options = parser().parse_args(arguments)
    options.found = found
    try:
        command = import_module(f"nftlint.cli.{options.command}")
        status: int = command.run(options)
    except ConfigError as error:
        return complain(str(error))
    return status
