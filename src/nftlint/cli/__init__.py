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
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started it
            setattr(sys, name, open(os.devnull, "w"))  # noqa: PTH123, SIM115 - pathlib is dear
    status = _flushed(main(sys.argv[1:]))
    os._exit(status)


def _flushed(status: int) -> int:
    """Write what is still to be printed; the exit status says whether it could be."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return CLEAN
    except OSError as error:
        return complain(_words(error))
    return status


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
    except OSError as error:
        return complain(_words(error))


def _words(error: OSError) -> str:
    """Say what keeps the run as a whole from going on: a full disk, a directory that is gone."""
    if isinstance(error, FileNotFoundError) and error.filename is None:
        return "the working directory is gone"
    from nftlint.sieve.walk import why

    where = f"{error.filename!r}: " if error.filename is not None else ""
    return f"{where}{why(error)}"


def complain(message: str) -> int:
    """Say what is wrong on standard error, on one line; returns the exit status for it."""
    from nftlint.output.escapes import visible

    print(f"nftlint: error: {visible(message)}", file=sys.stderr)
    return USAGE


def _run(arguments: Sequence[str]) -> int:
    from nftlint.cli.quick import has_nothing, say_clean, sifted, usual

    line = usual(arguments)
    if line is None:
        return _command(arguments, None)
    try:
        found = sifted(line)
    except ValueError:  # a configuration that cannot be used, as will be said
        found = None
    if found is None or not has_nothing(found):
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
