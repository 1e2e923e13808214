"""All checks: every module of the package that has a ``RULE``, by what they are given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType

from nftlint import checks
from nftlint.checks.context import Finding, Run, Text, Write
from nftlint.plugins import modules_in

Check = Callable[[Write], Iterator[Finding]]
RunCheck = Callable[[Run], Iterator[Finding]]
TextCheck = Callable[[Text], Iterator[Finding]]


@cache
def _modules() -> tuple[ModuleType, ...]:
    found = [module for module in modules_in(checks, "registry") if hasattr(module, "RULE")]
    return tuple(sorted(found, key=lambda module: module.RULE))


@cache
def all_checks() -> dict[str, Check]:
    """Return each check of nft commands (``check``) by its rule's code."""
    return {module.RULE: module.check for module in _modules() if hasattr(module, "check")}


@cache
def run_checks() -> dict[str, RunCheck]:
    """Return each check of other programs' runs (``check_run``) by its rule's code."""
    return {module.RULE: module.check_run for module in _modules() if hasattr(module, "check_run")}


@cache
def text_checks() -> dict[str, TextCheck]:
    """Return each check of whole texts (``check_text``) by its rule's code."""
    return {
        module.RULE: module.check_text for module in _modules() if hasattr(module, "check_text")
    }
