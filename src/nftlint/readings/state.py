"""The state of lowering one rule."""

from __future__ import annotations

from typing import TypeAlias

from nftlint.readings.context import Context
from nftlint.readings.netlink import Expr
from nftlint.readings.relation import Plain, Relation
from nftlint.readings.standins import StandIns
from nftlint.record import dataclass, field


@dataclass(frozen=True, slots=True)
class Action:
    """Expressions of a statement that is no test."""

    exprs: tuple[Expr, ...]


Part: TypeAlias = Relation | Plain | Action


@dataclass(slots=True)
class Lowering:
    """A rule under way: its parts in their order, and what is known so far."""

    context: Context
    range_expr: bool
    standins: StandIns = field(default_factory=StandIns)
    parts: list[Part] = field(default_factory=list)

    def test(self, relations: tuple[Relation, ...]) -> None:
        """Add relations."""
        self.parts.extend(relations)

    def act(self, *exprs: Expr) -> None:
        """Add the expressions of a statement that is no test."""
        self.parts.append(Action(exprs))
