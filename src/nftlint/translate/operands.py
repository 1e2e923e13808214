"""The two sides of a match, brought to one form."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.nft.expression import (
    BinaryOp,
    Concat,
    Element,
    Expression,
    Fib,
    Hash,
    ListExpr,
    MapLookup,
    NumGen,
    Payload,
    Selector,
    SetLiteral,
)
from nftlint.nft.statement import Match
from nftlint.record import dataclass
from nftlint.translate.context import cannot
from nftlint.translate.values import explain

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operand:
    """What a selector is compared with: one of ``items``, or none of them."""

    negated: bool
    items: tuple[Expression, ...]


def key_of(left: Expression) -> Key:
    """Return what a match looks at: the keys of a selector, or the kind of an expression."""
    match left:
        case Selector(keys):
            return keys
        case BinaryOp():
            return key_of(left.left)
        case Fib(result=result):
            return ("fib", result)
        case Payload():
            return ("raw payload",)
        case NumGen():
            return ("numgen",)
        case Hash(kind=kind):
            return (kind,)
        case MapLookup():
            return ("map",)
        case Concat():
            return ("concatenation",)
        case _:
            return ("constant",)


def selector(match: Match) -> Selector:
    """Return the left side, if it is a plain selector.

    Raises:
        CannotError: it is masked or shifted.

    """
    if isinstance(match.left, Selector):
        return match.left
    return cannot(match.left, f"iptables cannot mask {' '.join(key_of(match.left))}")


def operand(match: Match, what: str) -> Operand:
    """Return the right side of an equality test, or of its negation.

    Raises:
        CannotError: the operator is another one, or the right side a named set or a define.

    """
    if match.op not in {"==", "!="}:
        cannot(match, f"iptables has no `{match.op}` for {what}")
    return Operand(match.op == "!=", tuple(items(match.right, what)))


def items(right: Expression, what: str) -> Iterator[Expression]:
    """Yield the elements of a set, or the one value.

    Raises:
        CannotError: for a named set, a define, a list, an element that does something.

    """
    if isinstance(right, SetLiteral):
        for element in right.elements:
            _plain(element)
            yield from items(element.key, what)
        return
    if isinstance(right, ListExpr):
        cannot(right, f"a list of {what} needs braces")
    explain(right, what)
    yield right


def _plain(element: Element) -> None:
    if element.statements or element.timeout or element.expires or element.value:
        cannot(element, "this element does more than hold a value, which iptables cannot say")
