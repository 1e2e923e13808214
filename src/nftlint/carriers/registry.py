"""Which carrier reads what: the package's modules, asked once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path, PurePosixPath
from types import ModuleType

from nftlint import carriers
from nftlint.found import Found
from nftlint.fragment import Fragment
from nftlint.plugins import modules_in

Reader = Callable[[Fragment], Iterable[Found]]
HEAD = 4096
"""How many characters of a file are enough to know its kind."""

HEAD_BYTES = 4 * HEAD
"""How many bytes hold so many characters."""


@cache
def _modules() -> tuple[ModuleType, ...]:
    modules = modules_in(carriers, "registry")
    return tuple(sorted(modules, key=lambda module: getattr(module, "ORDER", 50)))


@cache
def readers() -> dict[str, Reader]:
    """Return the reader of each language."""
    found: dict[str, Reader] = {}
    for module in _modules():
        found.update(getattr(module, "LANGUAGES", {}))
    return found


def kind_of(path: PurePosixPath, head: str) -> str | None:
    """Return the language of a file by its path and its first ``HEAD`` characters."""
    for module in _modules():
        matches = getattr(module, "matches", None)
        kind: str | None = matches(path, head) if matches is not None else None
        if kind is not None:
            return kind
    return None


def kind_of_file(path: Path, data: bytes) -> str:
    """Return the language of a file by its path and its bytes, empty where nothing tells it."""
    head = data[:HEAD_BYTES].decode("utf-8", "replace")[:HEAD].removeprefix("\ufeff")
    return kind_of(PurePosixPath(path.absolute().as_posix()), head) or ""


def outline(fragment: Fragment) -> list[str]:
    """Return every value in the fragment's text, by its carrier; empty where it has no outline."""
    for module in _modules():
        if fragment.language in getattr(module, "OUTLINES", ()):
            values: list[str] = module.outline(fragment)
            return values
    return []
