"""How a fixed file takes the place of the one that was linted: whole, or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

from nftlint.artifact import Artifact
from nftlint.sieve.walk import TEMPORARY, why


class NotWritableError(OSError):
    """A file that must not or cannot be written; the text says why."""


def replace_file(path: Path, old: Artifact, data: bytes, within: Iterable[Path]) -> None:
    """Replace the file that ``old`` was read from in one step, keeping its mode and owner.

    A link is followed only to a target inside one of the directories or files ``within``.
    What an interrupted run left beside the file is taken away. Raises ``NotWritableError`` for a
    target outside them, a file that is no more what was linted, that is read-only or has other
    names, and ``OSError`` where writing fails; then the file is as it was.
    """
    target, status = _target(path, old, within)
    with _temporary(target) as (name, handle):
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
            os.fchmod(stream.fileno(), _owned_alike(stream.fileno(), status))
        name.replace(target)


def obstacle(path: Path, old: Artifact, within: Iterable[Path]) -> str:
    """Return why ``replace_file`` would refuse to replace a file; empty if it may be tried."""
    try:
        _target(path, old, within)
    except OSError as error:
        return why(error)
    return ""


def _target(path: Path, old: Artifact, within: Iterable[Path]) -> tuple[Path, os.stat_result]:
    """Return the file to replace, and its status. Raises ``OSError`` where it must not be."""
    target = path.resolve()
    if path.is_symlink() and not any(target.is_relative_to(top.resolve()) for top in within):
        raise NotWritableError(f"it is a link to {target}, outside the given paths")
    status = target.stat()
    _refuse_odd(target, status, old)
    return target, status


def _owned_alike(handle: int, status: os.stat_result) -> int:
    """Give an open file the owner that another has, if that may be; return the mode for it.

    What runs as its owner does not go on doing so as another.
    """
    mode = stat.S_IMODE(status.st_mode)
    try:
        os.fchown(handle, status.st_uid, status.st_gid)
    except PermissionError:
        return mode & ~(stat.S_ISUID | stat.S_ISGID)
    return mode


def _refuse_odd(target: Path, status: os.stat_result, old: Artifact) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise NotWritableError("it is no regular file any more")
    if not os.access(target, os.W_OK) or not status.st_mode & 0o222:
        raise NotWritableError("it is read-only")
    if status.st_nlink > 1:
        names = f"it has {status.st_nlink} names (hard links)"
        raise NotWritableError(f"{names}, and the others would keep the old text")
    if not _is_still(target.read_bytes(), old):
        raise NotWritableError("it has changed since it was read")


def _is_still(data: bytes, old: Artifact) -> bool:
    """Tell whether a file's bytes are those that were linted; of gzip, whether the text is."""
    if old.header:
        from nftlint.packed import unpack

        data = unpack(data).data
    return data == old.text.encode("utf-8")


@contextmanager
def _temporary(target: Path) -> Iterator[tuple[Path, int]]:
    """Open a new file beside the target, which is gone at the end.

    Its name tells of which file and of which process it is, so that what a killed run left behind
    is passed over by the walk, and taken away at the next fix of that file.
    """
    stem = f"{TEMPORARY}{crc32(os.fsencode(target.name)):08x}-"
    for left in target.parent.glob(f"{stem}*"):
        process = left.name.removeprefix(stem)
        if not process.isdecimal() or int(process) == os.getpid() or not _runs(int(process)):
            left.unlink(missing_ok=True)
    name = target.parent / f"{stem}{os.getpid()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(name, flags | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        yield name, handle
    finally:
        name.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
