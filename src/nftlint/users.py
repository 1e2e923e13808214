"""Scripts that read in what others define: they run nft, though no word of theirs may be ``nft``.

They are sought only where a script with nft in it defines a function that is given words, or a
variable that holds the program; then the tree is walked once more.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from nftlint.carriers.registry import HEAD
from nftlint.carriers.shell import ENDINGS, NAMES, matches
from nftlint.discover import Candidate
from nftlint.loaded import candidates_at
from nftlint.patterns import compiled
from nftlint.record import dataclass
from nftlint.sieve.walk import Trouble, walk
from nftlint.unit import Unit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nftlint.sieve.walk import Excluded

_FIRST_LINE = frozenset({"", ".init", ".hotplug"})
"""How names end of which only the first line tells that a shell runs them; OpenWrt's are two."""

_FUNCTION = compiled(r"(?m)^[ \t]*(?:function[ \t]+[\w.:-]+|[\w.:-]+[ \t]*\([ \t]*\))")
_GIVEN = compiled(r"(?:nft|\$\{?\w*NFT)[^\n]*(?:\$|[ \t]-\w*f|--file)")
_PROGRAM = compiled(
    r"(?m)^[ \t]*(?:(?:export|readonly|declare|typeset)[ \t]+(?:-\w+[ \t]+)*)?\w+=[^\n]*\bnft\b"
    r"|^[ \t]*alias[ \t]"
)
_SOURCES = compiled(r"(?m)(?:^|[\s;&|{(])(?:\.|source|load)[ \t]+((?:\"[^\"\n]*\"|[^\s;&|)])+)")

_VARIABLE = compiled(r"\$\([^)]*\)|`[^`]*`|\$\{[^}]*\}|\$\w+")


@dataclass(frozen=True, slots=True, eq=False)
class Script:
    """A script, and the names of the files that it reads in, where ``*`` is not known."""

    item: Candidate
    text: str
    names: frozenset[str]

    def may_read(self, name: str) -> bool:
        """Tell whether a file of that name may be read in: a variable's value is in the text."""
        if name in self.names:
            return True
        for pattern in self.names if name in self.text else ():
            if "*" in pattern and fnmatchcase(name, pattern):
                return True
        return False


def is_library(unit: Unit) -> bool:
    """Tell whether a script has what makes others run nft."""
    text = unit.artifact.text
    if unit.found is None or unit.found.kind != "shell":
        return False
    if _PROGRAM.search(text):
        return True
    return _FUNCTION.search(text) is not None and _GIVEN.search(text) is not None


def sourcing_scripts(
    paths: Iterable[Path], excluded: Excluded, *, ignore_files: bool
) -> Iterator[Script]:
    """Yield the shell scripts under directories that read any file in."""
    for top in paths:
        for name in walk(os.fspath(top), lambda _path, _names: excluded, ignore_files=ignore_files):
            if not isinstance(name, Trouble) and _may_be_shell(Path(name)):
                for item in candidates_at(Path(name)):
                    text = item.data.decode("utf-8", "replace")
                    found = {match[1] for match in _SOURCES.finditer(text)}
                    if found and matches(PurePosixPath(name), text[:HEAD]):
                        yield Script(item, text, frozenset(map(_last, found)))


def _may_be_shell(path: Path) -> bool:
    """Tell by its name alone whether a file may be a shell script, so that it is opened."""
    return path.suffix in ENDINGS or path.suffix in _FIRST_LINE or path.name in NAMES


def _last(raw: str) -> str:
    """Return the last name of a path as it is written; what a variable holds is ``*``."""
    return _VARIABLE.sub("*", raw).rpartition("/")[2].strip("\"'")


def users_of(libraries: Iterable[Unit], scripts: Iterable[Script]) -> Iterator[Candidate]:
    """Yield the scripts that may read in one of the libraries, or a script that does, and so on."""
    waiting = list(scripts)
    names = {unit.path.name for unit in libraries}
    names |= {name.removesuffix(".bash") for name in names}  # bats' load leaves that away
    while names:
        found = [script for script in waiting if any(map(script.may_read, names))]
        chosen = set(found)
        waiting = [script for script in waiting if script not in chosen]
        yield from (script.item for script in found)
        names = {script.item.path.name for script in found}
