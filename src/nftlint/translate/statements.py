"""From the statements of a rule to their parts."""

from __future__ import annotations

from nftlint.holes import has_holes
from nftlint.nft.command import Rule
from nftlint.nft.statement import Assign, Match, Statement, Unknown
from nftlint.translate import registry
from nftlint.translate.context import Context, cannot
from nftlint.translate.families.maps import lookup, mapped
from nftlint.translate.operands import Key, key_of
from nftlint.translate.parts import Body, Part, Test
from nftlint.translate.values import shown


def body(rule: Rule, ctx: Context) -> Body:
    """Translate each statement by itself.

    Raises:
        CannotError: one has no translation.

    """
    parts = tuple(part for each in rule.statements for part in statement(each, ctx))
    return Body(parts, rule.comment)


def statement(each: Statement, ctx: Context) -> tuple[Part, ...]:
    """Translate one statement.

    Raises:
        CannotError: it has no translation.

    """
    found = lookup(each)
    if found is not None:
        return mapped(each, found, ctx)
    match each:
        case Match():
            return (test_of(each, ctx),)
        case Assign():
            return _assign(each, ctx)
        case Unknown(text=text):
            return cannot(each, f"`{shown(text, ctx)}` may be any part of a rule")
        case _:
            translate = registry.statements().get(type(each))
            if translate is None:
                return cannot(each, _reason((type(each).__name__.lower(),), "no statement"))
            return translate(each, ctx)


def test_of(each: Match, ctx: Context) -> Test:
    """Translate one match.

    Raises:
        CannotError: it has no translation.

    """
    key = key_of(each.left)
    translate = registry.tests().get(tuple("" if has_holes(word) else word for word in key))
    if translate is None:
        if any(has_holes(word) for word in key):
            cannot(each.left, f"`{shown(' '.join(key), ctx)}` may be any field of a packet")
        cannot(each.left, _reason(key, "no match"))
    return translate(each, ctx)


def _assign(each: Assign, ctx: Context) -> tuple[Part, ...]:
    key = key_of(each.target)
    translate = registry.assigns().get(key)
    if translate is None:
        cannot(each, _reason(("set", *key), "no target"))
    return translate(each, ctx)


def _reason(key: Key, kind: str) -> str:
    """Return the reason for the longest beginning of the key that has one."""
    known = registry.reasons()
    name = " ".join(key[key[:1] == ("set",) :])
    for length in range(len(key), 0, -1):
        if key[:length] in known:
            return known[key[:length]].replace("{name}", name)
    return f"iptables has {kind} for `{name}`"
