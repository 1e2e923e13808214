"""Commands about whole tables and other objects."""

from __future__ import annotations

from nftlint.applicability import Applicability
from nftlint.argv import Arg
from nftlint.iptables.model import IptablesCommand
from nftlint.nft.command import Command
from nftlint.translate.context import Context, cannot
from nftlint.translate.result import Translation
from nftlint.translate.write import table_words


def table(command: Command, ctx: Context) -> Translation:
    """Translate ``flush table``; refuse the others.

    Raises:
        CannotError: for any other verb.

    """
    verb = command.verb.text
    if verb != "flush":
        cannot(command.verb, _TABLE.get(verb, f"`{verb} table` has no translation"))
    words = (*table_words(ctx), Arg("-F", command.verb.span))
    return Translation((IptablesCommand(ctx.program, words),), Applicability.SAFE, ())


def refuse(command: Command) -> Translation:
    """Give the reason for objects that iptables has not.

    Raises:
        CannotError: always.

    """
    kind = command.object.text
    return cannot(command.object, _OBJECTS.get(kind, f"iptables has no `{kind}`"))


_TABLE = {
    "add": "iptables makes its tables by itself: no command is needed",
    "create": "iptables makes its tables by itself",
    "delete": "iptables does not delete its tables: empty them by `-F` and `-X`",
    "destroy": "iptables does not delete its tables: empty them by `-F` and `-X`",
    "list": "it changes nothing; iptables lists a table by `-S`",
}
_SET = "iptables has no sets of its own: make it an ipset, and match it by `-m set --match-set`"
_OBJECTS = {
    "ruleset": "this is about the tables of all families and owners, not about one of iptables",
    "set": _SET,
    "element": _SET,
    "map": "iptables has no maps: write a rule for each element",
    "flowtable": "iptables has no flowtables",
    "counter": "iptables has no counters beside those of its rules",
    "ct helper": "iptables sets a helper by `-t raw … -j CT --helper`, without an object",
}
