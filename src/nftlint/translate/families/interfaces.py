"""Interfaces: ``-i``, ``-o``, and devgroup."""

from __future__ import annotations

from nftlint.holes import has_holes
from nftlint.nft.expression import Expression, Literal
from nftlint.nft.statement import Match
from nftlint.record import replace
from nftlint.translate.context import Context, cannot, reach
from nftlint.translate.intervals import Field, intervals
from nftlint.translate.operands import key_of, operand, selector
from nftlint.translate.parts import Atom, Test, negation, one_of
from nftlint.translate.values import constant, settle

_WHAT = "an interface name"
_LONGEST = 15
_OPTIONS = {"iifname": "-i", "oifname": "-o", "iif": "-i", "oif": "-o"}
_WITHOUT = {"-i": ("OUTPUT", "POSTROUTING"), "-o": ("INPUT", "PREROUTING")}
"""Built-in chains that a packet passes without an interface of that direction."""
_GROUP_HOOKS = {
    "--src-group": ("PREROUTING", "INPUT", "FORWARD"),
    "--dst-group": ("FORWARD", "OUTPUT", "POSTROUTING"),
}
_GROUP = Field("an interface group", 2**32 - 1, {})


def names(match: Match, ctx: Context) -> Test:
    """Translate ``iifname`` and ``oifname``, and ``iif`` and ``oif`` by name."""
    selector(match)
    key = key_of(match.left)[1]
    option = _OPTIONS[key]
    if ctx.chain in _WITHOUT[option] and ctx.builtin:
        cannot(match, f"no packet has this in {ctx.chain}: iptables refuses `{option}` there")
    wanted = operand(match, _WHAT)
    found = dict(_name(item, match, key, ctx) for item in wanted.items)
    if wanted.negated and len(found) > 1:
        cannot(match, "iptables takes one negated interface in a rule")
    return Test(
        tuple((_atom(option, text, match, negated=wanted.negated),) for text in found),
        match.span,
        overlap=len(found) > 1 and not _disjoint(tuple(found)),
        doubts=(*_direction(option, ctx), *(doubt for more in found.values() for doubt in more)),
    )


def _atom(option: str, text: str, match: Match, *, negated: bool) -> Atom:
    return Atom(option, (*negation(negated), option, text), match.span)


def _direction(option: str, ctx: Context) -> tuple[str, ...]:
    if not ctx.unknown_chain:
        return ()
    return (f"iptables refuses `{option}` where the chain is {' or '.join(_WITHOUT[option])}",)


def _name(item: Expression, match: Match, key: str, ctx: Context) -> tuple[str, tuple[str, ...]]:
    """Return the name as iptables writes it; a ``*`` that a hole may hold is none of its own."""
    literal = constant(item, match.right, _WHAT)
    if literal.text.endswith("\\*"):
        cannot(literal, "a name with a star, which iptables only takes with a warning")
    pattern = literal.text.endswith("*")
    longest = _LONGEST - pattern
    stem = replace(literal, text=literal.text.removesuffix("*"))
    doubts = settle(stem, _WHAT, ctx, valid=lambda text: _is_name(text, longest))
    if key in {"iif", "oif"}:
        doubts = (*_by_number(literal), *doubts)
    return stem.text + "+" * pattern, doubts


def _by_number(literal: Literal) -> tuple[str, ...]:
    """Give the doubts of comparing numbers; ``lo`` has the same one everywhere."""
    if literal.text.isdigit():
        cannot(literal, "an interface number, which iptables cannot ask for: use its name")
    if literal.text == "lo":
        return ()
    if literal.text.endswith("*"):
        cannot(literal, "nft takes no pattern here")
    return (f"nft takes the number that `{literal.text}` has when the rule is added",)


def _is_name(text: str, longest: int) -> bool:
    r"""Tell whether iptables reads the name as nft does: ``+`` is its pattern, ``\*`` not."""
    plain = not any(char in '+*\\/"' or char.isspace() for char in text)
    return plain and 0 < len(text) <= longest


def _disjoint(found: tuple[str, ...]) -> bool:
    if any(has_holes(text) for text in found):
        return False
    pairs = ((one, two) for one in found for two in found if one != two)
    return not any(one.endswith("+") and two.startswith(one[:-1]) for one, two in pairs)


def groups(match: Match, ctx: Context) -> Test:
    """Translate ``iifgroup`` and ``oifgroup``."""
    selector(match)
    option = {"iifgroup": "--src-group", "oifgroup": "--dst-group"}[key_of(match.left)[1]]
    doubts = reach(match, option, _GROUP_HOOKS[option], ctx)
    wanted = intervals(match, _GROUP, ctx)
    if not all(item.one for item in wanted.items):
        cannot(match, "iptables has no range of interface groups")
    atoms = tuple(
        Atom("", ("-m", "devgroup", *negation(wanted.negated), option, item.low), match.span)
        for item in wanted.items
    )
    cases = one_of(atoms, negated=wanted.negated)
    doubts = (*doubts, *wanted.doubts)
    return Test(cases, match.span, overlap=wanted.overlap, doubts=doubts)


TESTS = {("meta", key): names for key in _OPTIONS} | {
    ("meta", "iifgroup"): groups,
    ("meta", "oifgroup"): groups,
}
