"""The files under a directory, in sorted order: what a tree holds that may be linted at all."""

from __future__ import annotations

import os

from nftlint.sieve.ignores import Ignores

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

    Excluded = Callable[[str], bool]
    """Tells whether an absolute path is left out."""

    Gate = Callable[[str, Container[str] | None], Excluded | None]
    """What is left out in a directory, if anything may be, by its absolute path and the names in
    it (``None``: not known)."""

VCS = frozenset({".git", ".hg", ".svn", ".jj"})
"""Directories that hold no files of the project."""

TEMPORARY = ".nftlint-fix-"
"""How the names of files begin that ``--fix`` writes, before they take the place of others."""

_SOURCES = "c cc cjs cpp cs css cxx dart go h hh hpp html java js jsx kt less m mjs mm rs sass "
_SOURCES += "scala scss svelte swift ts tsx vue zig"
_DOCUMENTS = "adoc ai doc docx eps htm markdown md odt pdf ppt pptx psd rst tex xls xlsx"
_MEDIA = "avi bmp eot gif icns ico jpeg jpg mkv mov mp3 mp4 ogg otf png svg tif tiff ttf wav "
_MEDIA += "webm webp woff woff2 xcf"
_BINARIES = (
    "7z a apk bz2 class deb dll dylib egg exe iso jar ko lib o pyc pyd pyo qcow2 rar rpm so "
)
_BINARIES += "sum tar tbz tgz txz whl wasm xz zip zst"

NEVER = frozenset(f"{_SOURCES} {_DOCUMENTS} {_MEDIA} {_BINARIES}".split())
"""Endings of names (without the dot) of files that no carrier reads: they are not even opened. A
file that is named to nftlint is read all the same, and so is one that ``nft -f`` loads."""


class Trouble:
    """A path that cannot be read, and why; ``usage`` if the user named it wrongly."""

    __slots__ = ("name", "reason", "usage")

    def __init__(self, name: str, error: OSError, *, usage: bool = False) -> None:
        self.name = name
        self.reason = error.strerror or str(error)
        self.usage = usage


def walk(top: str, gate: Gate, *, ignore_files: bool) -> Iterator[str | Trouble]:
    """Yield the files under a directory, depth first, and the directories that cannot be read.

    Links to directories are not followed, nor is anything opened. With ``ignore_files`` what git
    ignores there is left out.
    """
    absolute = os.path.abspath(top)
    ignores = Ignores.above(absolute) if ignore_files else None
    # A stack and no recursion: directories may be nested deeper than Python's calls.
    waiting: list[str | _Directory] = [_Directory(top, absolute, ignores)]
    while waiting:
        here = waiting.pop()
        if isinstance(here, str):
            yield here
            continue
        try:
            below = here.children(gate)
        except OSError as error:
            yield Trouble(here.path, error)
            continue
        if all(isinstance(child, str) for child in below):
            yield from below  # type: ignore[misc] # they are names
        else:
            waiting.extend(reversed(below))


class _Directory:
    """A directory that waits to be read: as it is called, and by its absolute path."""

    __slots__ = ("absolute", "ignores", "path")

    def __init__(self, path: str, absolute: str, ignores: Ignores | None) -> None:
        self.path = path
        self.absolute = absolute
        self.ignores = ignores

    def children(self, gate: Gate) -> list[str | _Directory]:
        """Return its files and directories, sorted. Raises ``OSError``."""
        with os.scandir(self.path) as entries:
            by_name = {entry.name: entry for entry in entries}
        excluded = gate(self.absolute, by_name)
        ignores = None if self.ignores is None else self.ignores.at(self.absolute, by_name)
        prefix = self.path if self.path.endswith("/") else f"{self.path}/"
        above = self.absolute if self.absolute.endswith("/") else f"{self.absolute}/"
        below: list[str | _Directory] = []
        for name in sorted(by_name):
            is_directory = by_name[name].is_dir(follow_symlinks=False)
            if is_directory:
                if name in VCS:
                    continue
            elif never_read(name) or not _is_file(by_name[name]):
                continue
            absolute = above + name
            inner = ignores and ignores.below(absolute, name, is_directory=is_directory)
            if (ignores and inner is None) or (excluded and excluded(absolute)):
                continue
            child = prefix + name
            below.append(_Directory(child, absolute, inner) if is_directory else child)
        return below


def never_read(name: str) -> bool:
    """Tell by a file's name (without directory) that no carrier reads it."""
    stem, _, ending = name.rpartition(".")
    return (ending in NEVER and stem != "") or name.startswith(TEMPORARY)


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Tell whether it is a regular file, or a link to one; a link in a circle is none."""
    try:
        return entry.is_file()
    except OSError:
        return False
