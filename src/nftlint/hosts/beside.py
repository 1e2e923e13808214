"""The files of a project that may tell of hosts: found in the way of those that are linted."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Container, Iterable, Iterator
from pathlib import Path

from nftlint.record import dataclass
from nftlint.regular import read_regular
from nftlint.sieve.walk import Trouble, walk

ROOTS = (".git", "nftlint.toml", "ansible.cfg", ".hg")
"""What tells the top of a project, above which no evidence is sought."""

LARGEST = 512 * 1024
"""Larger files, in bytes, are not read for evidence: what tells of a host is small."""

_PASSED_OVER = frozenset(
    {"node_modules", "venv", "site-packages", "__pycache__", "vendor", "docs", "target", "dist"}
)
_SUFFIXES = """
.yml .yaml .json .ini .cfg .sh .bash .j2 .tpl .tftpl .tf .hcl .tfvars .env .service .conf
.inventory .dockerfile .toml
"""
SUFFIXES = frozenset(("", *_SUFFIXES.split()))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What tells nothing: absolute paths that are ``excluded``, and, if set, what git ignores."""

    excluded: Callable[[str], bool]
    ignored: bool = True


def tops_of(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the tops of the projects that paths are in, each once.

    That is the nearest directory upward with one of ``ROOTS``, else the path itself. A file that
    is in no project has none: what lies beside it may be anything.
    """
    nearest: dict[Path, Path | None] = {}
    found = dict.fromkeys(_top_of(path.absolute(), nearest) for path in paths)
    return tuple(top for top in found if top is not None)


def _top_of(path: Path, nearest: dict[Path, Path | None]) -> Path | None:
    try:
        is_directory = stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError):
        return None
    start = path if is_directory else path.parent
    passed: list[Path] = []
    top = None
    for directory in (start, *start.parents):
        if directory in nearest:
            top = nearest[directory]
            break
        passed.append(directory)
        if any((directory / name).exists() for name in ROOTS):
            top = directory
            break
    nearest.update(dict.fromkeys(passed, top))
    return path if top is None and is_directory else top


def files_under(
    tops: Iterable[Path], left_out: LeftOut, more: tuple[str, ...] = ()
) -> Iterator[Path]:
    """Yield the files under directories (absolute), each once, by their endings.

    Or by what their names begin with, in lower case: ``more``. What is hidden, brought along or
    made is not among them.
    """
    names = [os.fspath(top) for top in dict.fromkeys(tops)]

    def gate(directory: str, _names: Container[str] | None) -> Callable[[str], bool]:
        apart = directory not in names and _is_apart(directory)
        return _everything if apart else left_out.excluded

    seen: set[str] = set()
    for top in names:
        for path in walk(top, gate, ignore_files=left_out.ignored):
            if not isinstance(path, Trouble) and path not in seen and _may_tell(path, more):
                seen.add(path)
                yield Path(path)


def bytes_of(path: Path) -> bytes | None:
    """Return what a file holds, ``None`` of one that is too large, or cannot be read."""
    try:
        return read_regular(path, LARGEST)
    except OSError:
        return None


def _is_apart(directory: str) -> bool:
    name = directory.rpartition("/")[2]
    return name.startswith(".") or name in _PASSED_OVER


def _everything(_path: str) -> bool:
    return True


def _may_tell(path: str, more: tuple[str, ...]) -> bool:
    name = path.rpartition("/")[2].lower()
    return os.path.splitext(name)[1] in SUFFIXES or name.startswith(more)  # noqa: PTH122 - dear
