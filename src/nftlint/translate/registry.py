"""Which family translates what: the package's modules, asked once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

from nftlint.nft.statement import Assign, Match
from nftlint.plugins import modules_in
from nftlint.translate import families
from nftlint.translate.context import Context
from nftlint.translate.operands import Key
from nftlint.translate.parts import Atom, Part, Test

TestFunction = Callable[[Match, Context], Test]
AssignFunction = Callable[[Assign, Context], tuple[Part, ...]]
StatementFunction = Callable[[Any, Context], tuple[Part, ...]]
FinishFunction = Callable[[dict[str, Atom]], dict[str, Atom]]


@cache
def modules() -> tuple[ModuleType, ...]:
    """Return the modules of all families, by name."""
    return modules_in(families)


@cache
def tests() -> dict[Key, TestFunction]:
    """Return the function for each thing that a match can look at."""
    return _gather("TESTS")


@cache
def assigns() -> dict[Key, AssignFunction]:
    """Return the function for each thing that can be set."""
    return _gather("ASSIGNS")


@cache
def statements() -> dict[type, StatementFunction]:
    """Return the function for each other type of statement."""
    return _gather("STATEMENTS")


@cache
def finishers() -> tuple[FinishFunction, ...]:
    """Return the functions that look over the options of one iptables rule."""
    return tuple(module.FINISH for module in modules() if hasattr(module, "FINISH"))


@cache
def reasons() -> dict[Key, str]:
    """Return why there is no translation, by what is looked at; a key may be a beginning."""
    return _gather("REASONS")


def _gather(name: str) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for module in modules():
        found.update(getattr(module, name, {}))
    return found
