"""Constants: what they are, and what a hole in one means."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from nftlint.holes import has_holes, is_hole
from nftlint.nft.expression import Expression, Literal, MapLookup, SetRef, Variable
from nftlint.translate.context import Context, cannot

MOST_VALUES = 64
"""How many ways of filling the holes of one constant are looked at."""


def number(text: str) -> int | None:
    """Read a number as nft does: decimal, ``0x`` hexadecimal, or octal after a ``0``."""
    base = 16 if text[:2] in {"0x", "0X"} else 8 if text[:1] == "0" and len(text) > 1 else 10
    digits = text[2:] if base == 16 else text
    if not (digits.isascii() and digits.isalnum()):
        return None
    try:
        return int(digits, base)
    except ValueError:
        return None


def at_most(text: str, most: int) -> bool:
    """Tell whether it is a number, and not a greater one."""
    value = number(text)
    return value is not None and value <= most


def constant(value: Expression | None, at: Expression, what: str) -> Literal:
    """Return a value that is one constant.

    Raises:
        CannotError: it is something else.

    """
    if isinstance(value, Literal):
        return value
    explain(value or at, what)
    if isinstance(value, MapLookup):
        cannot(value, "iptables has no maps: write a rule for each element")
    return cannot(value or at, f"{what} is expected here")


def explain(value: Expression, what: str) -> None:
    """Give the precise reason for the kinds of values that are never constants.

    Raises:
        CannotError: for a define, a named set.

    """
    if isinstance(value, Variable):
        cannot(value, f"the value of `${value.name}` is not known here")
    if isinstance(value, SetRef):
        cannot(
            value,
            f"`@{value.name}` is a set of nft, which iptables cannot ask; "
            f"make it an ipset and match {what} with `-m set --match-set {value.name} …`",
        )


def settle(
    literal: Literal, what: str, ctx: Context, *, valid: Callable[[str], bool]
) -> tuple[str, ...]:
    """Return the doubts that the holes of a constant leave.

    Raises:
        CannotError: it can be something that is not ``valid``.

    """
    if not has_holes(literal.text):
        if not valid(literal.text):
            cannot(literal, f"`{literal.text}` is not {what} that iptables could take")
        return ()
    wrong = f"which is not {what} that iptables takes"
    doubt = f"may be more than {what}: iptables writes sets and ranges otherwise"
    return settle_as(literal, ctx, valid=valid, wrong=wrong, doubt=doubt)


def settle_as(
    literal: Literal, ctx: Context, *, valid: Callable[[str], bool], wrong: str, doubt: str
) -> tuple[str, ...]:
    """Return the doubt that the holes of a constant leave, if there is one.

    ``wrong`` goes on from "it can be a value", ``doubt`` says what it may be if nothing is known.

    Raises:
        CannotError: it can be something that is not ``valid``.

    """
    filled, raw = fillings(literal.text, ctx), shown(literal.text, ctx)
    if not filled:
        return (f"`{raw}` {doubt}",)
    for one in filled:
        if not valid(one):
            cannot(literal, f"`{raw}` can be `{one}`, {wrong}")
    return ()


def fillings(text: str, ctx: Context) -> tuple[str, ...] | None:
    """Return every text that can stand there when the command runs; ``None`` if not known."""
    choices: list[tuple[str, ...]] = []
    many = 1
    for char in text:
        hole = ctx.options.holes.get(char)
        values = (char,) if not is_hole(char) else hole.values if hole is not None else None
        if values is None:
            return None
        choices.append(values)
        many *= len(values)
    if many > MOST_VALUES:
        return None
    return tuple("".join(chars) for chars in product(*choices))


def shown(text: str, ctx: Context) -> str:
    """Return a text with its holes as their authors wrote them."""
    return "".join(_shown(char, ctx) for char in text)


def _shown(char: str, ctx: Context) -> str:
    if not is_hole(char):
        return char
    hole = ctx.options.holes.get(char)
    return hole.raw if hole is not None else "$…"
