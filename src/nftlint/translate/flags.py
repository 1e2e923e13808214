"""Fields of single bits: what ``a,b``, ``a|b``, ``(a|b)``, ``0x3`` name."""

from __future__ import annotations

from collections.abc import Mapping

from nftlint.nft.expression import BinaryOp, Expression, ListExpr
from nftlint.translate.context import cannot
from nftlint.translate.values import constant, number


def bits(value: Expression, words: Mapping[str, int], what: str) -> int:
    """Return the bits that an expression of constants names.

    Raises:
        CannotError: a word is unknown, a hole, or the operator is not ``|``.

    """
    match value:
        case ListExpr():
            return _all(value.items, words, what)
        case BinaryOp(op="|"):
            return _all((value.left, value.right), words, what)
        case _:
            literal = constant(value, value, what)
            known = words.get(literal.text, number(literal.text))
            if known is None:
                return cannot(literal, f"`{literal.text}` is not {what} that is known here")
            return known


def _all(values: tuple[Expression, ...], words: Mapping[str, int], what: str) -> int:
    total = 0
    for value in values:
        total |= bits(value, words, what)
    return total
