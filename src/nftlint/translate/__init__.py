"""nft commands to iptables commands that mean exactly the same, or the reason why there are none.

``translate`` is the one door. A rule's statements become parts (``statements``, and one module for
each family of expressions in ``families``); ``emit`` divides and orders them to iptables rules;
``write`` gives the words. Whatever cannot be said is a ``CannotError`` on the way, and an
``Untranslatable`` here.
"""

from __future__ import annotations

from nftlint.applicability import Applicability
from nftlint.holes import has_holes
from nftlint.nft.command import Chain, Command, Rule
from nftlint.nft.resolve import resolve
from nftlint.translate.chains import chain
from nftlint.translate.context import CHAINS, PROGRAMS, At, Context, cannot
from nftlint.translate.result import CannotError, Options, Translation, Untranslatable
from nftlint.translate.rules import rule
from nftlint.translate.tables import refuse, table

__all__ = ["Options", "Translation", "Untranslatable", "translate"]

_DEFAULT = Options()


def translate(command: Command, options: Options = _DEFAULT) -> Translation | Untranslatable:
    """Translate one nft command.

    The spans in the result are those of the nft text: code points, 0-based, half-open.
    """
    try:
        return _translate(resolve(command, options.defines), options)
    except CannotError as error:
        return error.cannot


def _translate(command: Command, options: Options) -> Translation:
    _check_words(command)
    if command.object.text in {"ruleset", "rulesets"} or command.table is None:
        return refuse(command)
    ctx = _context(command, options)
    name = command.chain
    match command.object.text:
        case "rule" if isinstance(command.body, Rule) and name is not None:
            return rule(command, command.body, name, ctx)
        case "rule" if name is not None:
            if command.verb.text in {"add", "insert"}:
                cannot(name, "what the rule is, is not known here")
            return rule(command, Rule((), None, command.span), name, ctx)
        case "chain" if name is not None:
            return _members(command, chain(command, name, ctx), options)
        case "table":
            return table(command, ctx)
        case _:
            return refuse(command)


def _check_words(command: Command) -> None:
    for name in (command.verb, command.object, command.family):
        if has_holes(name.text):
            cannot(At(name.span, command.span), "this word of the command is not known here")


def _context(command: Command, options: Options) -> Context:
    family, name = command.family.text, command.table
    if family not in PROGRAMS:
        cannot(
            At(command.family.span, command.span),
            f"iptables has no tables of family {family}, only of ip and ip6",
        )
    if name is None or has_holes(name.text):
        return cannot(name or command, "which table this is, is not known here")
    if name.text not in CHAINS:
        cannot(name, f"iptables has no table `{name.text}`: {', '.join(CHAINS)} are its tables")
    chain_name = command.chain.text if command.chain is not None else ""
    return Context(family, name.text, chain_name, options)


def _members(command: Command, own: Translation, options: Options) -> Translation:
    """Add what a chain's block says to the translation of the chain itself."""
    members = command.body.members if isinstance(command.body, Chain) else ()
    parts = (own, *(_translate(member, options) for member in members))
    return Translation(
        tuple(each for part in parts for each in part.commands),
        Applicability(min(part.applicability for part in parts)),
        tuple(dict.fromkeys(reason for part in parts for reason in part.reasons)),
    )
