"""Verdict maps: ``tcp dport vmap { 22 : accept, 23 : drop }``, one rule for each verdict."""

from __future__ import annotations

from nftlint.nft.expression import Element, SetLiteral, SetRef, Wildcard
from nftlint.nft.statement import Match, Verdict, Vmap
from nftlint.translate.context import Context, cannot
from nftlint.translate.operands import key_of
from nftlint.translate.parts import Branch, Branches, Part, Target, Test

_ALWAYS = {
    *((family, field) for family in ("ip", "ip6") for field in ("saddr", "daddr")),
    ("ip", "protocol"),
    ("meta", "l4proto"),
    ("meta", "mark"),
    ("ct", "state"),
}
"""Keys that every packet has."""


def verdict_map(statement: Vmap, ctx: Context) -> tuple[Part, ...]:
    """Translate a map from constants to verdicts; its keys exclude each other."""
    if isinstance(statement.data, SetRef):
        cannot(statement.data, "iptables has no named maps: write a rule for each element")
    if not isinstance(statement.data, SetLiteral):
        return cannot(statement.data, "the elements of this map are not known here")
    plain: dict[Verdict, list[Element]] = {}
    default: Verdict | None = None
    for element in statement.data.elements:
        verdict = _verdict(element)
        if isinstance(element.key, Wildcard):
            default = verdict
        else:
            plain.setdefault(verdict, []).append(element)
    branches = [_branch(statement, verdict, keys, ctx) for verdict, keys in plain.items()]
    if default is not None:
        keys = [element for elements in plain.values() for element in elements]
        branches.append(_default(statement, default, branches, keys, ctx))
    return (Branches(tuple(branches), statement.span),)


def _verdict(element: Element) -> Verdict:
    if not isinstance(element.value, Verdict):
        cannot(element, "a verdict is expected here")
    if element.statements or element.timeout or element.expires:
        cannot(element, "this element does more than give a verdict, which iptables cannot say")
    return element.value


def _branch(statement: Vmap, verdict: Verdict, elements: list[Element], ctx: Context) -> Branch:
    return Branch(_test(statement, "==", elements, ctx), _target(verdict, ctx))


def _test(statement: Vmap, op: str, elements: list[Element], ctx: Context) -> Test:
    from nftlint.translate.statements import test_of  # the registry reads this module

    data = SetLiteral(tuple(_key(element) for element in elements), statement.data.span)
    match = Match(statement.key, op, data, explicit=True, span=statement.span)
    return test_of(match, ctx)


def _key(element: Element) -> Element:
    return Element(element.key, None, (), None, None, None, element.span)


def _target(verdict: Verdict, ctx: Context) -> Target:
    from nftlint.translate.statements import statement as translate

    (part,) = translate(verdict, ctx)
    if not isinstance(part, Target):
        return cannot(verdict, "a verdict is expected here")
    return part


def _default(
    statement: Vmap, verdict: Verdict, branches: list[Branch], keys: list[Element], ctx: Context
) -> Branch:
    """Return the branch of ``*``: packets that have the key, with none of the values before."""
    if not keys or key_of(statement.key) not in _ALWAYS:
        return Branch(_test(statement, "!=", keys, ctx), _target(verdict, ctx))
    if any(branch.target.returns for branch in branches):
        cannot(statement, "packets that come back from a chain would meet the rule of `*` too")
    return Branch(None, _target(verdict, ctx))


STATEMENTS = {Vmap: verdict_map}
