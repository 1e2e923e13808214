"""``nftlint check`` on a clean tree, which has to cost next to nothing.

Command lines of the usual options are read here, by hand, since ``argparse`` costs as much as
reading hundreds of files. Whatever is not understood, or not clean, is left to ``check``.
"""

from __future__ import annotations

from nftlint.sieve.gate import has_owner, lazy_gate
from nftlint.sieve.search import processors
from nftlint.sieve.sift import sift

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nftlint.sieve.looking import Passed, Suspect
    from nftlint.sieve.walk import Excluded, Trouble

    Sifted = tuple[list[Suspect | Passed | Trouble], int]

_SWITCHES = {"-q": "--quiet"}
_KNOWN = frozenset({"--diff", "--exit-zero", "--fix", "--fix-only", "--no-ignore", "--quiet"})
_KNOWN |= {"--show-fixes", "--unsafe-fixes"}
_VALUED = ("--assume-tag", "--output-format", "--jobs")
PEOPLE = ("full", "concise")
"""Formats that say nothing of a clean run but that it is clean."""


class Line:
    """What a usual command line says: its paths, and its options with their values."""

    __slots__ = ("options", "paths")

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.options: dict[str, str] = {}


def sifted(line: Line) -> Sifted:
    """Return what may matter under the paths of the command line. Raises ``ConfigError``."""
    return sift(
        line.paths or ["."],
        lazy_gate(_configured),
        ignore_files="--no-ignore" not in line.options,
        jobs=int(line.options.get("--jobs", 0)) or processors(),
    )


def is_clean(found: Sifted) -> bool:
    """Tell whether nothing that was found can have a finding."""
    items, _ = found
    if not items:
        return True
    from nftlint.sieve.idle import all_idle

    return all_idle(items)


def has_nothing(found: Sifted) -> bool:
    """Tell whether nothing that was found can have a finding, where nothing sets kinds of files."""
    items, _ = found
    if not items:
        return True
    from nftlint.sieve.idle import nothing_known

    return nothing_known(items)


def say_clean(files: int) -> None:
    """Print that nothing was found."""
    print(f"No problems found in {files} {'file' if files == 1 else 'files'}.")


def usual(arguments: Sequence[str]) -> Line | None:
    """Return what the arguments of a usual ``check`` say; ``None`` for any other command line."""
    if arguments[:1] != ["check"]:
        return None
    line = Line()
    rest = iter(arguments[1:])
    for argument in rest:
        name, equals, value = argument.partition("=")
        name = _SWITCHES.get(name, name)
        if not name.startswith("-"):
            line.paths.append(argument)
        elif name in _KNOWN and not equals:
            line.options[name] = ""
        elif name in _VALUED:
            value = value if equals else next(rest, "")
            if not _is_usual(name, value):
                return None
            line.options[name] = value
        else:
            return None
    return line


def _is_usual(option: str, value: str) -> bool:
    if option == "--assume-tag":
        return value.replace("-", "").isalnum() and has_owner(value)
    return value in PEOPLE if option == "--output-format" else value.isdecimal()


def _configured() -> Excluded:
    from nftlint.configs import Configs, Options

    return Configs(Options()).excluded
