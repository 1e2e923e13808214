"""Packages whose modules are asked for what they know: a module that is put there is all it takes.

``pkgutil`` would do the listing, and load ``inspect`` for it, which takes 5 ms.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType

_ENDINGS = (".py", ".pyc")


def names_in(package: ModuleType) -> list[str]:
    """Return the names of a package's modules, in order, without the package's own."""
    files = (file for path in package.__path__ for file in Path(path).iterdir())
    return sorted({file.stem for file in files if file.suffix in _ENDINGS} - {"__init__"})


def modules_in(package: ModuleType, *besides: str) -> tuple[ModuleType, ...]:
    """Return the modules of a package, in order of their names, ``besides`` these."""
    names = [name for name in names_in(package) if name not in besides]
    return tuple(import_module(f"{package.__name__}.{name}") for name in names)
