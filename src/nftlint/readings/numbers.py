"""Numbers of statements: rates, groups, lengths."""

from __future__ import annotations

from nftlint.holes import has_holes
from nftlint.nft.model import Expression, Literal, Variable
from nftlint.readings.constants import numeral
from nftlint.readings.state import Lowering


def number_of(expr: Expression | None, state: Lowering, default: int = 0) -> int:
    """Return a number, or ``default`` where there is none."""
    if not isinstance(expr, Literal | Variable):
        return default
    text = expr.text if isinstance(expr, Literal) else f"${expr.name}"
    if has_holes(text) or isinstance(expr, Variable):
        return state.standins.number(text, 16)
    return numeral(text, default)
