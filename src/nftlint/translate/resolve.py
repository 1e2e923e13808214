"""nft's defines: every ``$name`` of a command replaced by its value, where that is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from nftlint.nft.expression import Expression, Variable

_MOST_DEEP = 16
"""How deep defines may use each other."""
_T = TypeVar("_T")


def resolve(value: _T, defines: Mapping[str, Expression]) -> _T:
    """Return a part of a command with the defines in it replaced, at their own spans."""
    return _resolve(value, defines, _MOST_DEEP) if defines else value


def _resolve(value: Any, defines: Mapping[str, Expression], depth: int) -> Any:
    if isinstance(value, Variable):
        known = defines.get(value.name)
        if known is None or depth == 0:
            return value
        return replace(_resolve(known, defines, depth - 1), span=value.span)
    if isinstance(value, tuple):
        return tuple(_resolve(each, defines, depth) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return _rebuilt(value, defines, depth)
    return value


def _rebuilt(value: Any, defines: Mapping[str, Expression], depth: int) -> Any:
    changed = {}
    for field in fields(value):
        before = getattr(value, field.name)
        after = _resolve(before, defines, depth)
        if after is not before and after != before:
            changed[field.name] = after
    return replace(value, **changed) if changed else value
