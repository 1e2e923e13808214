"""From a parsed rule to the list of expressions that nft sends to the kernel.

A rule of the families ``ip`` and ``ip6`` only: those are what iptables-nft reads. Facts: nft's
evaluation and linearization (src/evaluate.c, src/payload.c, src/rule.c, src/netlink_linearize.c),
checked against ``nft --debug=netlink``.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from nftlint.nft.model import Match, Rule, Unknown
from nftlint.readings.constants import RefusedError
from nftlint.readings.context import Context
from nftlint.readings.emit import emit
from nftlint.readings.matches import add_match
from nftlint.readings.merge import merge
from nftlint.readings.netlink import Expr, Lowered, Refused
from nftlint.readings.relation import Plain, Relation
from nftlint.readings.state import Action, Lowering
from nftlint.readings.statements import add_statement, is_terminal

RANGE_EXPR_SINCE = (1, 1, 2)
MEASURED_NFT = "1.0.6"


def lower(rule: Rule, family: str, nft_version: str = MEASURED_NFT) -> Lowered | Refused:
    """Return what the kernel holds of ``rule`` after nft of that version added it.

    ``family`` is ``ip`` or ``ip6``.
    """
    return lowering(rule, family, nft_version)[0]


def lowering(
    rule: Rule, family: str, nft_version: str = MEASURED_NFT
) -> tuple[Lowered | Refused, Lowering]:
    """Do the work of ``lower``; also return what was found on the way."""
    version = tuple(int(part) for part in nft_version.split(".") if part.isdigit())
    state = Lowering(Context(family), range_expr=version >= RANGE_EXPR_SINCE)
    try:
        _check_order(rule)
        for statement in rule.statements:
            if isinstance(statement, Match):
                add_match(state, statement)
            else:
                add_statement(state, statement)
    except RefusedError as error:
        return Refused(f"Error: {error}"), state
    comment = rule.comment.text if rule.comment else None
    return Lowered(tuple(_emit(state)), comment), state


def _check_order(rule: Rule) -> None:
    """Refuse statements after a final verdict; a hole there may be a comment."""
    for before, after in pairwise(rule.statements):
        if is_terminal(before) and not isinstance(after, Unknown):
            raise RefusedError("Statement after terminal statement has no effect")


def tests_of(state: Lowering) -> list[Relation | Plain]:
    """Return what the rule asks of a packet, after nft has joined tests."""
    return [part for part in _reduced(state) if not isinstance(part, Action)]


def _emit(state: Lowering) -> Iterator[Expr]:
    for part in _reduced(state):
        if isinstance(part, Relation):
            yield from emit(part, range_expr=state.range_expr)
        else:
            yield from part.exprs


def _reduced(state: Lowering) -> Iterator[Relation | Plain | Action]:
    """Yield all parts; tests between two other statements are joined among themselves."""
    run: list[Relation | Plain] = []
    for part in state.parts:
        if not isinstance(part, Action):
            run.append(part)
            continue
        yield from merge(run)
        yield part
        run = []
    yield from merge(run)
