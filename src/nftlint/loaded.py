"""Files that ``nft -f`` loads: they are read though no word in them may be ``nft``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from nftlint.discover import SIZE_LIMIT, Candidate, uri_of
from nftlint.filereport import FileReport
from nftlint.holes import has_holes
from nftlint.unit import Unit

Read = Callable[[Candidate], Unit | FileReport]


def with_loaded(
    read: Sequence[Unit | FileReport], paths: Iterable[Path], read_file: Read
) -> list[Unit | FileReport]:
    """Return what was read, with the files that these load as nft scripts, and so on.

    Only what lies in one of the directories ``paths`` is read: nothing else was asked for.
    ``read_file`` reads a file as an nft script, unless it is told to be something else.
    """
    tops = [path.absolute() for path in paths if path.is_dir()]
    found = list(read)
    known = {unit.path for unit in found if isinstance(unit, Unit)}
    for unit in found:  # which grows meanwhile
        for path in _loaded(unit) if tops and isinstance(unit, Unit) else ():
            if path not in known and any(path.is_relative_to(top) for top in tops):
                known.add(path)
                found += [read_file(item) for item in _candidates(path)]
    return found


def _loaded(unit: Unit) -> Iterator[Path]:
    for item in unit.found.references if unit.found is not None else ():
        if item.language == "nft" and item.base == "file" and not has_holes(item.target):
            yield Path(os.path.normpath(unit.path.parent / item.target))


def _candidates(path: Path) -> Iterator[Candidate]:
    try:
        if path.is_file() and path.stat().st_size <= SIZE_LIMIT:
            yield Candidate(path, uri_of(path), path.read_bytes(), named=False)
    except OSError:  # whoever walks the directories says so
        return
