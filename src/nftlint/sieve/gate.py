"""What a clean run needs to know of configurations and rules: only whether there are such."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from nftlint.sieve.walk import Excluded, Gate

FILE_NAME = "nftlint.toml"
PYPROJECT = "pyproject.toml"
SECTION = b"tool.nftlint"
"""What a ``pyproject.toml`` with a configuration contains."""


def lazy_gate(load: Callable[[], Excluded]) -> Gate:
    """Return a gate that calls ``load`` at the first directory that has a configuration.

    It asks of each directory once, and of those above it. Raises what ``load`` raises.
    """
    loaded: list[Excluded] = []
    without: set[str] = set()

    def gate(directory: str, names: Container[str] | None) -> Excluded | None:
        if not loaded and is_configured(directory, names, without):
            loaded.append(load())
        return loaded[0] if loaded else None

    return gate


def is_configured(directory: str, names: Container[str] | None, without: set[str]) -> bool:
    """Tell whether a directory (absolute), or one above it, has a configuration.

    Those that have none go into ``without``. ``names`` are what is in it, if that is known.
    """
    while directory not in without:
        if _has_own(directory, names):
            return True
        without.add(directory)
        directory, names = os.path.dirname(directory), None
    return False


def has_owner(tag: str) -> bool:
    """Tell whether there is an owner in a file of that name; for the places see ``rulesdir``."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    checkout = os.path.dirname(os.path.dirname(package))
    return any(os.path.isfile(f"{top}/rules/owners/{tag}.toml") for top in (package, checkout))


def _has_own(directory: str, names: Container[str] | None) -> bool:
    own, pyproject = f"{directory}/{FILE_NAME}", f"{directory}/{PYPROJECT}"
    if (names is None or FILE_NAME in names) and os.path.isfile(own):
        return True
    if (names is None or PYPROJECT in names) and os.path.isfile(pyproject):
        with open(pyproject, "rb", buffering=0) as stream:
            return SECTION in stream.read()
    return False
