"""Writing fixes: which are taken, in what order, and how a file is replaced whole."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nftlint.applicability import Applicability
from nftlint.artifact import Artifact
from nftlint.fragment import Replacement, apply
from nftlint.results import Check, Fix, Result

MAX_PASSES = 10
"""A fix may uncover another; more passes than this mean that two undo each other."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A text after its fixes: how many were made, and whether passes ran out."""

    text: str
    count: int
    settled: bool


def fix_text(artifact: Artifact, check: Check, threshold: Applicability) -> Fixed:
    """Apply fixes of at least ``threshold`` until none is left; each text is linted again."""
    text, count = artifact.text, 0
    for _ in range(MAX_PASSES):
        chosen = choose(check(Artifact(artifact.uri, text)), threshold)
        if not chosen:
            return Fixed(text, count, settled=True)
        count += len(chosen)
        text = apply(text, [item for fix in chosen for item in fix])
    return Fixed(text, count, settled=False)


def choose(results: Iterable[Result], threshold: Applicability) -> list[tuple[Replacement, ...]]:
    """Return the fixes to make together: in order of place, each once, the first of two that meet.

    One that is left out because it overlaps another comes up again in the next pass.
    """
    found = {
        result.fix.replacements
        for result in results
        if isinstance(result.fix, Fix) and result.fix.applicability >= threshold
    }
    chosen: list[tuple[Replacement, ...]] = []
    taken: list[Replacement] = []
    for fix in sorted(found, key=lambda items: items[0].span):
        if not any(_overlap(one, other) for one in fix for other in taken):
            chosen.append(fix)
            taken += fix
    return chosen


def _overlap(one: Replacement, other: Replacement) -> bool:
    return one.span.start < other.span.end and other.span.start < one.span.end


class NotWritableError(OSError):
    """A file that must not or cannot be written; the text says why."""


def write_file(path: Path, text: str, within: Iterable[Path]) -> None:
    """Replace a file's content in one step, keeping its mode and owner.

    A link is followed only to a target inside one of the directories or files ``within``.
    Raises ``NotWritableError`` for a target outside them, and ``OSError`` where writing fails; then
    the file is as it was.
    """
    target = path.resolve()
    if path.is_symlink() and not any(target.is_relative_to(top.resolve()) for top in within):
        raise NotWritableError(f"it is a link to {target}, outside the given paths")
    status = target.stat()
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode("utf-8"))
            stream.flush()
            os.fsync(stream.fileno())
            os.fchmod(stream.fileno(), stat.S_IMODE(status.st_mode))
            with suppress(PermissionError):
                os.fchown(stream.fileno(), status.st_uid, status.st_gid)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
