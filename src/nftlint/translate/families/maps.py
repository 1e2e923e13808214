"""Maps of constants: ``dnat to tcp dport map { 80 : 10.0.0.1 }``, one rule for each element."""

from __future__ import annotations

from nftlint.nft.expression import Concat, Element, Expression, MapLookup, SetLiteral
from nftlint.nft.statement import Assign, Match, Nat, Statement, Verdict
from nftlint.record import replace
from nftlint.translate.context import Context, cannot
from nftlint.translate.parts import Branch, Branches, Part, Target


def lookup(statement: Statement) -> MapLookup | None:
    """Return the map from which a statement takes its value, if there is one."""
    values: tuple[Expression | None, ...] = ()
    if isinstance(statement, Nat):
        values = (statement.address,)
    elif isinstance(statement, Assign):
        values = (statement.value,)
    return next((value for value in values if isinstance(value, MapLookup)), None)


def mapped(statement: Statement, found: MapLookup, ctx: Context) -> tuple[Part, ...]:
    """Translate a statement for each element of the map; the keys exclude each other."""
    if not isinstance(found.data, SetLiteral):
        return cannot(found.data, "iptables has no named maps: write a rule for each element")
    branches = tuple(_branch(statement, found, each, ctx) for each in found.data.elements)
    return (Branches(branches, statement.span),)


def _branch(statement: Statement, found: MapLookup, element: Element, ctx: Context) -> Branch:
    from nftlint.translate.statements import (
        statement as translate,  # the registry reads this module
    )
    from nftlint.translate.statements import test_of

    value = element.value
    if value is None or isinstance(value, Verdict) or element.statements or element.timeout:
        return cannot(element, "a value is expected here, and nothing beside it")
    (part,) = translate(_with(statement, value), ctx)
    if not isinstance(part, Target):
        return cannot(element, "this value leads to more than one thing")
    match = Match(found.key, "==", element.key, explicit=True, span=element.span)
    return Branch(test_of(match, ctx), part)


def _with(statement: Statement, value: Expression) -> Statement:
    """Return the statement with a value of the map in the map's place."""
    if isinstance(statement, Assign):
        return replace(statement, value=value)
    if not isinstance(statement, Nat):
        return statement
    if isinstance(value, Concat) and len(value.parts) == 2:
        return replace(statement, form="", address=value.parts[0], port=value.parts[1])
    return replace(statement, address=value)
