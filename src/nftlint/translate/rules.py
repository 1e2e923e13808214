"""Rule commands: ``add rule``, ``insert rule``, and why the others cannot be said."""

from __future__ import annotations

from nftlint.applicability import Applicability
from nftlint.nft.command import Command, Place, Rule
from nftlint.nft.expression import Literal, Name
from nftlint.translate.chain_names import check_chain_name
from nftlint.translate.context import Context, cannot
from nftlint.translate.emit import emit
from nftlint.translate.result import Translation
from nftlint.translate.statements import body
from nftlint.translate.values import number
from nftlint.translate.write import Where, commands

_NUMBERED = "the number counts the rules that stand in the chain when the command runs"


def rule(command: Command, content: Rule, chain: Name, ctx: Context) -> Translation:
    """Translate a command that puts a rule into a chain.

    Raises:
        CannotError: the rule, or its place, cannot be said in iptables.

    """
    check_chain_name(chain)
    where = _where(command, chain)
    parts = body(content, ctx)
    emitted = emit(parts.parts)
    doubts = (*((_NUMBERED,) if where.number else ()), *_lower(ctx), *emitted.doubts)
    return Translation(
        commands(emitted.lines, parts.comment, where, ctx),
        Applicability.UNSAFE if doubts else Applicability.SAFE,
        tuple(dict.fromkeys(doubts)),
    )


def _where(command: Command, chain: Name) -> Where:
    """Say where the rule goes; only an index has a number in iptables."""
    verb = command.verb.text
    if verb not in {"add", "insert"}:
        cannot(command.verb, _REFUSED.get(verb, f"`{verb} rule` has no translation"))
    place = command.place
    if place is None:
        return Where("-I" if verb == "insert" else "-A", "", chain.span)
    if place.kind != "index":
        cannot(
            place,
            f"iptables cannot put a rule beside that of a {place.kind}: find the number by "
            "`iptables -L --line-numbers`, and use `-I CHAIN NUMBER`",
        )
    return Where("-I", _rule_number(place, verb), chain.span)


def _rule_number(place: Place, verb: str) -> str:
    """Turn an index, which counts from 0, to the number of the rule to stand before, from 1."""
    value = number(place.value.text) if isinstance(place.value, Literal) else None
    if value is None:
        return cannot(place, "the index is not known here, and iptables counts from 1")
    return str(value + (1 if verb == "insert" else 2))


def _lower(ctx: Context) -> tuple[str, ...]:
    if ctx.builtin or ctx.chain.upper() not in _HOOKS:
        return ()
    reason = (
        f"`{ctx.chain}` is a chain of its own, not iptables' {ctx.chain.upper()}, and as a base "
        "chain it makes the table unreadable for iptables"
    )
    return (reason,)


_HOOKS = ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING")
_REFUSED = {
    "create": "nft has no `create rule`, and refuses it",
    "replace": "iptables replaces a rule by its number, which a handle does not tell: "
    "find it by `iptables -L --line-numbers`, and use `-R CHAIN NUMBER`",
    "delete": "iptables deletes a rule by its number or its text, which a handle does not tell: "
    "use `-D CHAIN` with the words that added it",
    "destroy": "iptables deletes a rule by its number or its text, which a handle does not tell: "
    "use `-D CHAIN` with the words that added it",
    "list": "it changes nothing; iptables lists rules by `-S` and `-L`",
    "reset": "iptables sets counters to zero by `-Z`, for a chain or a rule by its number",
}
