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

    def __init__(self, name: str, reason: str, *, usage: bool = False) -> None:
        self.name = name
        self.reason = reason
        self.usage = usage


def why(error: OSError) -> str:
    """Return what the system says of a path."""
    return error.strerror or str(error)


def walk(top: str, gate: Gate, *, ignore_files: bool) -> Iterator[str | Trouble]:
    """Yield the files under a directory, depth first, and the directories that cannot be read.

    Links to directories are not followed, nor is anything opened. With ``ignore_files`` what git
    ignores there is left out.
    """
    # A stack and no recursion: directories may be nested deeper than Python's calls.
    waiting: list[str | Directory] = [Directory.top(top, ignore_files=ignore_files)]
    while waiting:
        here = waiting.pop()
        if isinstance(here, str):
            yield here
            continue
        try:
            files, below = here.listed(gate)
        except OSError as error:
            yield Trouble(here.path, why(error))
            continue
        children: dict[str, str | Directory] = {name: here.prefix + name for name in files}
        children |= {one.path[len(here.prefix) :]: one for one in below}
        waiting += [children[name] for name in sorted(children, reverse=True)]


class Directory:
    """A directory that waits to be read: as it is called, and by its absolute path."""

    __slots__ = ("absolute", "ignores", "path")

    def __init__(self, path: str, absolute: str, ignores: Ignores | None) -> None:
        self.path = path
        self.absolute = absolute
        self.ignores = ignores

    @classmethod
    def top(cls, path: str, *, ignore_files: bool) -> Directory:
        """Return a directory that is named."""
        absolute = os.path.abspath(path)
        return cls(path, absolute, Ignores.above(absolute) if ignore_files else None)

    @property
    def prefix(self) -> str:
        """What stands before the names of what is in it."""
        return self.path if self.path.endswith("/") else f"{self.path}/"

    def listed(self, gate: Gate) -> tuple[list[str], list[Directory]]:
        """Return the names of its files, and its directories, unsorted. Raises ``OSError``."""
        files, below = _entries(self.path)
        names = files + below
        excluded = gate(self.absolute, names)
        files = [name for name in files if not never_read(name)]
        above = self.absolute if self.absolute.endswith("/") else f"{self.absolute}/"
        ignores = self.ignores
        if ignores is not None:
            ignores = ignores.at(self.absolute, names)
            files = ignores.kept(above, files)
        if excluded is not None:
            files = [name for name in files if not excluded(above + name)]
        directories = []
        for name in below:
            absolute = above + name
            inner = ignores and ignores.below(absolute, name, is_directory=True)
            out = name in VCS or (ignores is not None and inner is None)
            if not out and not (excluded is not None and excluded(absolute)):
                directories.append(Directory(self.prefix + name, absolute, inner))
        return files, directories


def _entries(path: str) -> tuple[list[str], list[str]]:
    """Return the names of a directory's regular files (or links to such) and directories."""
    files: list[str] = []
    directories: list[str] = []
    with os.scandir(path) as entries:
        for entry in entries:
            try:
                if entry.is_file():
                    files.append(entry.name)
                elif entry.is_dir(follow_symlinks=False):
                    directories.append(entry.name)
            except OSError:  # a link in a circle
                continue
    return files, directories


def never_read(name: str) -> bool:
    """Tell by a file's name (without directory) that no carrier reads it."""
    stem, _, ending = name.rpartition(".")
    return (ending in NEVER and stem != "") or name.startswith(TEMPORARY)
