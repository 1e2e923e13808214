"""Which carrier reads what: the package's modules, asked once."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from pathlib import PurePosixPath
from types import ModuleType

from nftlint import carriers
from nftlint.found import Found
from nftlint.fragment import Fragment

Reader = Callable[[Fragment], Iterable[Found]]
HEAD = 4096
"""How many characters of a file are enough to know its kind."""


@cache
def _modules() -> tuple[ModuleType, ...]:
    names = sorted(info.name for info in pkgutil.iter_modules(carriers.__path__))
    modules = [import_module(f"{carriers.__name__}.{name}") for name in names if name != "registry"]
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


def outline(fragment: Fragment) -> list[str]:
    """Return every value in the fragment's text, by its carrier; empty where it has no outline."""
    for module in _modules():
        if fragment.language in getattr(module, "OUTLINES", ()):
            values: list[str] = module.outline(fragment)
            return values
    return []
