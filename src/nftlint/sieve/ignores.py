"""What git ignores: ``.gitignore`` files, ``.git/info/exclude``, and that tracked files never are.

The source of the rules is gitignore(5). A user's own ignore file (``core.excludesFile``) does not
count, since what is found must not depend on who runs nftlint. Outside of a git repository nothing
is ignored.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

    from nftlint.sieve.ignorefile import IgnoreFile

_FILE = ".gitignore"


class Ignores:
    """What is ignored below one directory.

    ``files`` are the ignore files that hold there, from the repository's own downward. Within an
    ignored directory (``inside``) all is ignored but what is tracked.
    """

    __slots__ = ("_files", "_inside", "_tracked")

    def __init__(
        self, files: tuple[IgnoreFile, ...], tracked: Tracked | None, *, inside: bool = False
    ) -> None:
        self._files = files
        self._tracked = tracked
        self._inside = inside

    @classmethod
    def above(cls, directory: str) -> Ignores:
        """Return what the directories above one (absolute) say of it, which is not asked itself."""
        parent = os.path.dirname(directory)
        chain: list[str] = []
        while parent != directory:
            chain.append(parent)
            if os.path.lexists(f"{parent}/.git"):
                found = cls((), None)
                for one in reversed(chain):
                    found = found.at(one, {name for name in (".git", _FILE) if _is_in(one, name)})
                return found
            directory, parent = parent, os.path.dirname(parent)
        return cls((), None)

    def at(self, directory: str, names: Container[str]) -> Ignores:
        """Return what is ignored in a directory (absolute), by the names in it."""
        here = self
        if ".git" in names:
            exclude = f"{git_directory(directory)}/info/exclude"
            here = Ignores(_read(exclude, directory), Tracked(directory))
        if _FILE in names and here._tracked is not None:
            files = (*here._files, *_read(f"{directory}/{_FILE}", directory))
            here = Ignores(files, here._tracked, inside=here._inside)
        return here

    def kept(self, above: str, names: list[str]) -> list[str]:
        """Return the files that are not ignored: their names, without ``above`` (absolute)."""
        spoken_of = {name for file in self._files for name in file.spoken_of(above, names)}
        asked = names if self._inside else spoken_of
        if not asked:
            return names
        return [
            name
            for name in names
            if name not in asked or self.below(above + name, name, is_directory=False) is not None
        ]

    def below(self, path: str, name: str, *, is_directory: bool) -> Ignores | None:
        """Return what is ignored below a path (absolute) of this directory; ``None``: the path."""
        if not self._inside and not self._matches(path, name, is_directory=is_directory):
            return self
        if self._tracked is None or not self._tracked(path, is_directory=is_directory):
            return None
        return Ignores(self._files, self._tracked, inside=True)

    def _matches(self, path: str, name: str, *, is_directory: bool) -> bool:
        for file in reversed(self._files):
            verdict = file.verdict(path, name, is_directory=is_directory)
            if verdict is not None:
                return verdict
        return False


class Tracked:
    """The files of a git repository that are in its index, which is read when first asked for."""

    __slots__ = ("_index", "_root")

    def __init__(self, root: str) -> None:
        self._root = root
        self._index: bytes | None = None

    def __call__(self, path: str, *, is_directory: bool) -> bool:
        """Tell whether a path (absolute) is tracked, or something in it.

        What cannot be known, since the index is of a kind not read here, counts as tracked.
        """
        if self._index is None:
            self._index = _bytes_of(f"{git_directory(self._root)}/index")
        data = self._index
        if not data.startswith(b"DIRC\0\0\0\2") or b"link\0\0\0" in data:
            return bool(data)
        name = os.fsencode(path[len(self._root) :].lstrip("/"))
        needles = (name + b"/", name + b"\0") if is_directory else (name + b"\0",)
        return any(_is_entry(data, needle) for needle in needles)


def _is_entry(index: bytes, needle: bytes) -> bool:
    """Tell whether a name in the index begins so: the two bytes before it hold its length."""
    at = index.find(needle)
    while at >= 0:
        length = int.from_bytes(index[at - 2 : at], "big") & 0xFFF
        if length == 0xFFF or index.find(b"\0", at) == at + length:
            return True
        at = index.find(needle, at + 1)
    return False


def git_directory(root: str) -> str:
    """Return where git keeps its data on a work tree: a submodule's ``.git`` names the place."""
    own = f"{root}/.git"
    line = b"" if os.path.isdir(own) else _bytes_of(own)
    if not line.startswith(b"gitdir:"):
        return own
    return os.path.join(root, os.fsdecode(line.removeprefix(b"gitdir:").strip()))


def _is_in(directory: str, name: str) -> bool:
    return os.path.lexists(f"{directory}/{name}")


def _read(path: str, base: str) -> tuple[IgnoreFile, ...]:
    data = _bytes_of(path)
    if not data:
        return ()
    from nftlint.sieve.ignorefile import IgnoreFile

    return (IgnoreFile(base, data),)


def _bytes_of(path: str) -> bytes:
    try:
        if not os.path.isfile(path):  # a FIFO of that name would keep the run waiting
            return b""
        with open(path, "rb", buffering=0) as stream:
            return stream.read()
    except OSError:
        return b""
