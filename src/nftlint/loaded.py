"""Files that nft loads: they are read though no word in them may be ``nft``.

``nft -f`` and ``include`` name them, and so does a copy to where nft's service finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from nftlint.discover import SIZE_LIMIT, Candidate, uri_of
from nftlint.filereport import FileReport
from nftlint.found import Reference
from nftlint.holes import has_holes
from nftlint.hosts.targets import candidates, language_below
from nftlint.regular import read_regular
from nftlint.unit import Unit

Read = Callable[[Candidate, str], Unit | FileReport]


def with_loaded(
    read: Sequence[Unit | FileReport], paths: Iterable[Path], read_file: Read
) -> list[Unit | FileReport]:
    """Return what was read, with the files that these load as nft scripts, and so on.

    Only what lies in one of the directories ``paths`` is read: nothing else was asked for.
    ``read_file`` reads a file in a language, unless it is told to be something else.
    """
    tops = [path.absolute() for path in paths if path.is_dir()]
    found = list(read)
    known = {unit.path for unit in found if isinstance(unit, Unit)}
    for unit in found:  # which grows meanwhile
        for path, language in _loaded(unit) if tops and isinstance(unit, Unit) else ():
            if path not in known and any(path.is_relative_to(top) for top in tops):
                known.add(path)
                found += [read_file(item, language) for item in candidates_at(path)]
    return found


def _loaded(unit: Unit) -> Iterator[tuple[Path, str]]:
    """Yield the files that a unit names as nft scripts, and their languages."""
    for item in unit.found.references if unit.found is not None else ():
        is_script = item.language in ("nft", "jinja nft") and not has_holes(item.target)
        if is_script and item.base in ("file", "role") and item.target:
            named = next((path for path in candidates(unit.path, item) if path.exists()), None)
            yield from _files(named, item) if named is not None else ()


def _files(named: Path, item: Reference) -> Iterator[tuple[Path, str]]:
    if not named.is_dir():
        yield named, item.language
        return
    with suppress(OSError):  # whoever walks the directories says so
        for file in sorted(named.iterdir()):
            if language_below(file, item):
                yield file, item.language


def candidates_at(path: Path) -> Iterator[Candidate]:
    """Yield the file at a path, if it is one that can be read."""
    with suppress(OSError):
        yield Candidate(path, uri_of(path), read_regular(path, SIZE_LIMIT), named=False)
