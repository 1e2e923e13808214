"""Answering SYN packets for a server: SYNPROXY."""

from __future__ import annotations

from nftlint.nft.expression import Expression
from nftlint.nft.statement import Synproxy
from nftlint.translate.context import Context
from nftlint.translate.parts import Part, Target
from nftlint.translate.values import at_most, constant, settle

_UNPROVED = "that SYNPROXY answers as nft's synproxy does is not proved"


def synproxy(statement: Synproxy, ctx: Context) -> tuple[Part, ...]:
    """Translate ``synproxy mss N wscale N timestamp sack-perm``."""
    words: list[str] = ["-j", "SYNPROXY"]
    doubts: tuple[str, ...] = (_UNPROVED,)
    for option, value, most in (
        ("--mss", statement.mss, 65535),
        ("--wscale", statement.wscale, 14),
    ):
        if value is not None:
            text, more = _number(value, most, ctx)
            words += [option, text]
            doubts += more
    words += ["--timestamp"] if statement.timestamp else []
    words += ["--sack-perm"] if statement.sack_perm else []
    target = Target(
        tuple(words), statement.span, last=True, returns=True, protocols=("tcp",), doubts=doubts
    )
    return (target,)


def _number(value: Expression, most: int, ctx: Context) -> tuple[str, tuple[str, ...]]:
    literal = constant(value, value, "a number")
    doubts = settle(literal, "a number", ctx, valid=lambda text: at_most(text, most))
    return literal.text, doubts


STATEMENTS = {Synproxy: synproxy}
