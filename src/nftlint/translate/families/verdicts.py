"""Verdicts: ACCEPT, DROP, RETURN, and going to another chain."""

from __future__ import annotations

from nftlint.nft.expression import Name
from nftlint.nft.statement import Verdict
from nftlint.translate.chain_names import check_chain_name
from nftlint.translate.context import CHAINS, Context, cannot
from nftlint.translate.parts import Part, Target

_WORDS = {"accept": "ACCEPT", "drop": "DROP", "return": "RETURN"}


def verdict(statement: Verdict, ctx: Context) -> tuple[Part, ...]:
    """Translate a verdict; ``continue`` is a rule without a target."""
    if statement.kind in _WORDS:
        words = ("-j", _WORDS[statement.kind])
        return (Target(words, statement.span, last=True, returns=False),)
    if statement.kind == "continue":
        return (Target((), statement.span, last=True, returns=True),)
    return (_to_chain(statement, ctx),)


def _to_chain(statement: Verdict, ctx: Context) -> Target:
    chain = statement.chain
    if not isinstance(chain, Name):
        return cannot(statement, "iptables has no chains without a name: add one with `-N`")
    if chain.text in CHAINS[ctx.table]:
        cannot(chain, f"{chain.text} is a built-in chain, to which no rule can lead")
    check_chain_name(chain)
    option = {"jump": "-j", "goto": "-g"}[statement.kind]
    back = statement.kind == "jump"
    return Target((option, chain.text), statement.span, last=True, returns=back)


STATEMENTS = {Verdict: verdict}
