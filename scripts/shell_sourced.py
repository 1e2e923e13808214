"""Count which nft calls of real trees go through files that a shell script reads in.

    python scripts/shell_sourced.py CHECKOUT… [--list]

Each checkout is read as ``nftlint check`` reads it: first every file by itself, then the shell
scripts together with what they read in. For each the table has the scripts that read in a file of
the tree, the files that they read in, the calls of nft before and after, those that go through
another file (of them those that write elsewhere), and the seconds of processor time of each step.
``--list`` prints the calls that go through another file, for checking by hand. A checkout is named
``OWNER+NAME``.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from nftlint.configs import Configs, Options
from nftlint.discover import collect
from nftlint.filereport import FileReport
from nftlint.found import NftCall
from nftlint.fragment import spelled_out, to_root
from nftlint.lint import _read_again, _read_as, read_collected
from nftlint.sourced import Within, with_sourced
from nftlint.unit import Unit
from nftlint.users import sourcing_scripts

HEADS = ("repository", "scripts", "files", "before", "after", "through", "elsewhere", "s", "s more")


def read(top: Path) -> tuple[list[Unit], list[Unit], float, float]:
    """Return the files of a tree by themselves and together, and the time that each took."""
    options = Options(isolated=True)
    configs = Configs(options)
    begun = time.process_time()
    alone = read_collected(collect([top], configs.excluded), configs, options)
    between = time.process_time()
    scripts = partial(sourcing_scripts, excluded=configs.excluded, ignore_files=True)
    read_file = partial(_read_as, configs, options)
    together = with_sourced(alone, Within.of([top]), read_file, _read_again, scripts)
    end = time.process_time()
    return units(alone), units(together), between - begun, end - between


def units(read_files: list[Unit | FileReport]) -> list[Unit]:
    """Return the files that could be read."""
    return [item for item in read_files if isinstance(item, Unit)]


def calls(files: list[Unit]) -> Iterator[tuple[Unit, NftCall]]:
    """Yield the calls of nft with their files."""
    for unit in files:
        yield from ((unit, call) for call in (unit.found.calls if unit.found is not None else ()))


def row(top: Path, *, listed: bool) -> tuple[str | int, ...]:
    """Return a row of the table."""
    alone, together, first, more = read(top)
    reading = [unit.artifact.sourced for unit in together if unit.artifact.sourced is not None]
    reading = [sourced for sourced in reading if sourced.files]
    files = {uri for sourced in reading for uri in sourced.files}
    through = [(unit, call) for unit, call in calls(together) if any(it.uri for it in call.via)]
    for unit, call in through if listed else ():
        line = unit.artifact.text.count("\n", 0, to_root(call.host, call.span).start) + 1
        text = " ".join(spelled_out(call.script.text, call.script).split())
        print(f"{unit.artifact.uri}:{line}", call.elsewhere, text[:200], sep="\t")
    elsewhere = sum(bool(call.elsewhere) for _, call in through)
    counts = len(list(calls(alone))), len(list(calls(together))), len(through), elsewhere
    name = top.name.replace("+", "/", 1)
    return (name, len(reading), len(files), *counts, f"{first:.1f}", f"{more:.1f}")


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("checkouts", type=Path, nargs="+")
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    print(f"| {' | '.join(HEADS)} |", f"|{' --- |' * len(HEADS)}", sep="\n")
    for top in arguments.checkouts:
        print(f"| {' | '.join(map(str, row(top, listed=arguments.list)))} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
