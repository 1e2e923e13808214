"""Commands about whole tables and other objects."""

from __future__ import annotations

from nftlint.applicability import Applicability
from nftlint.argv import Arg
from nftlint.iptables.model import IptablesCommand
from nftlint.nft.command import Command, Table
from nftlint.translate.context import Context, cannot, needless
from nftlint.translate.result import Translation
from nftlint.translate.write import table_words


def table(command: Command, ctx: Context) -> Translation:
    """Translate ``flush table``; refuse the others.

    Raises:
        CannotError: for any other verb.

    """
    verb = command.verb.text
    if isinstance(command.body, Table) and "dormant" in command.body.flags:
        cannot(command.body, "iptables cannot make a table dormant, which leaves out all its rules")
    if verb == "add":
        needless(command.verb, "iptables makes its tables by itself: no command is needed")
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
    if command.verb.text in _LOOKING:
        cannot(command.verb, _LOOKING[command.verb.text])
    if command.place is not None and kind in {"table", "chain"}:
        cannot(command.place, f"which {kind} has this handle is not known here: name it")
    return cannot(command.object, _OBJECTS.get(kind, f"iptables has no `{kind}`"))


_TABLE = {
    "create": "iptables makes its tables by itself",
    "delete": "iptables does not delete its tables: empty them by `-F` and `-X`",
    "destroy": "iptables does not delete its tables: empty them by `-F` and `-X`",
    "list": "it changes nothing; iptables lists a table by `-S`",
}
_LOOKING = dict.fromkeys(
    ("list", "get"),
    "it changes nothing; iptables lists rules by `-S` and `-L`, and `ipset list` lists sets",
)
_COUNTER = "iptables has no counters beside those of its rules"
_OWN_BY_MATCH = "iptables has no `{}` of a table: each of its rules has its own, by `-m {}`"
_SET = "iptables has no sets of its own: make it an ipset, and match it by `-m set --match-set`"
_OBJECTS = {
    "ruleset": "this is about the tables of all families and owners, not about one of iptables",
    "set": _SET,
    "element": _SET,
    "map": "iptables has no maps: write a rule for each element",
    "flowtable": "iptables has no flowtables",
    "counter": _COUNTER,
    "counters": _COUNTER,
    "quota": _OWN_BY_MATCH.format("quota", "quota"),
    "quotas": _OWN_BY_MATCH.format("quota", "quota"),
    "limit": _OWN_BY_MATCH.format("limit", "limit"),
    "synproxy": "iptables has no `synproxy` of a table: its rules have their own, `-j SYNPROXY`",
    "secmark": "iptables has no `secmark` of a table: its rules set one by `-j SECMARK --selctx`",
    "ct timeout": "iptables takes the policies that nfct keeps, by `-t raw … -j CT --timeout`",
    "ct expectation": "iptables has no rules that expect connections: `CT --helper` does",
    "ct helper": "iptables sets a helper by `-t raw … -j CT --helper`, without an object",
}
