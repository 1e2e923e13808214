"""Which expressions the kernel takes in which chain."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any

from nftlint.readings.facts import load_facts
from nftlint.readings.netlink import Expr, Lowered, Meta, MetaSet, Other, Refused, name_of

HOOKS = ("prerouting", "input", "forward", "output", "postrouting")


class Kernel(Enum):
    """Which kernel takes the rule: one with all modules, or the one of the measurements."""

    COMPLETE = "complete"
    MEASURED = "measured"


def refusal(lowered: Lowered, table: str, chain: str, kernel: Kernel) -> Refused | None:
    """Return why the kernel does not take a rule in that chain; ``None`` if it does.

    Of chains only those are judged that iptables makes with a hook: ``INPUT``, ``POSTROUTING`` ...
    """
    facts = load_facts("kernel")
    for expr in lowered.exprs:
        if kernel is Kernel.MEASURED and name_of(expr) in facts["missing"]["names"]:
            return Refused(f"Error: {facts['message']['missing']}")
        if not _taken(expr, facts["hooks"], table, chain):
            return Refused(f"Error: {facts['message']['unsupported']}")
    return None


def _taken(expr: Expr, hooks: dict[str, Any], table: str, chain: str) -> bool:
    limits = next((hooks[name] for name in _names(expr) if name in hooks), None)
    if not limits:
        return limits is None
    hook = chain.lower()
    if not chain.isupper() or hook not in HOOKS:
        return True
    return hook in limits and ("nat" not in limits or table == "nat")


def _names(expr: Expr) -> Iterator[str]:
    """Yield the names under which the data knows an expression."""
    match expr:
        case Other(name, detail):
            yield f"{name} {detail}"
            yield name
        case Meta(key):
            yield f"meta {key}"
        case MetaSet(key):
            yield f"meta set {key}"
        case _:
            pass
