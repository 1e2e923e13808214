"""Scripts that read in what others define: they run nft, though no word of theirs may be ``nft``.

They are sought only where a script with nft in it defines a function that is given words, or a
variable that holds the program; then the tree is walked once more.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from nftlint.carriers.registry import HEAD
from nftlint.carriers.shell import matches
from nftlint.discover import Candidate
from nftlint.loaded import candidates_at
from nftlint.patterns import compiled
from nftlint.sieve.walk import Trouble, walk
from nftlint.unit import Unit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nftlint.sieve.walk import Excluded

_ENDINGS = frozenset({"", ".sh", ".bash", ".ash", ".dash", ".ksh", ".bats", ".init", ".hotplug"})
_FUNCTION = compiled(r"(?m)^[ \t]*(?:function[ \t]+[\w.:-]+|[\w.:-]+[ \t]*\([ \t]*\))")
_GIVEN = compiled(r"(?:nft|\$\{?\w*NFT)[^\n]*(?:\$|[ \t]-\w*f|--file)")
_PROGRAM = compiled(
    r"(?m)^[ \t]*(?:(?:export|readonly|declare|typeset)[ \t]+(?:-\w+[ \t]+)*)?\w+=[^\n]*\bnft\b"
    r"|^[ \t]*alias[ \t]"
)
_SOURCES = compiled(r"(?m)(?:^|[\s;&|{(])(?:\.|source|load)[ \t]+[\w\"'$./{~]")


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
) -> Iterator[tuple[Candidate, str]]:
    """Yield the shell scripts under directories that read any file in, with their texts."""
    for top in paths:
        for name in walk(os.fspath(top), lambda _path, _names: excluded, ignore_files=ignore_files):
            if isinstance(name, Trouble) or os.path.splitext(name)[1] not in _ENDINGS:  # noqa: PTH122 - as in the walk
                continue
            for item in candidates_at(Path(name)):
                text = item.data.decode("utf-8", "replace")
                if matches(PurePosixPath(name), text[:HEAD]) and _SOURCES.search(text):
                    yield item, text


def users_of(
    libraries: Iterable[Unit], scripts: Iterable[tuple[Candidate, str]]
) -> Iterator[Candidate]:
    """Yield the scripts that name one of the libraries, or a script that does, and so on."""
    waiting = list(scripts)
    names = {unit.path.name for unit in libraries}
    names |= {name.removesuffix(".bash") for name in names}  # bats' load leaves that away
    while names:
        found = [one for one in waiting if any(name in one[1] for name in names)]
        waiting = [one for one in waiting if one not in found]
        yield from (item for item, _ in found)
        names = {item.path.name for item, _ in found}
