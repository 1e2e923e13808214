"""All checks: every module of the package that has a ``RULE`` and a ``check``."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

from nftlint import checks
from nftlint.checks.context import Finding, Write

Check = Callable[[Write], Iterator[Finding]]


@cache
def all_checks() -> dict[str, Check]:
    """Return each check by its rule's code."""
    found: dict[str, Check] = {}
    for info in pkgutil.iter_modules(checks.__path__):
        module = import_module(f"{checks.__name__}.{info.name}")
        if hasattr(module, "RULE"):
            found[module.RULE] = module.check
    return dict(sorted(found.items()))
