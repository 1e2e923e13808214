"""Byte quotas: ``-m quota``."""

from __future__ import annotations

from nftlint.nft.expression import Expression
from nftlint.nft.statement import Quota
from nftlint.translate.context import Context, cannot
from nftlint.translate.parts import Atom, Part, Test, negation
from nftlint.translate.values import constant, number

_BOUNDARY = "on older kernels nft is over the quota with the packet that just fills it"
_UNITS = {"bytes": 1, "kbytes": 1024, "mbytes": 1024**2}


def quota(statement: Quota, ctx: Context) -> tuple[Part, ...]:
    """Translate ``quota until N`` and ``quota over N``.

    Both count up to N, and today both let the packet through that comes to N exactly: measured
    on Linux 6.18. Kernels before the fix "match correctly when the quota just depleted" did not.
    """
    del ctx
    amount = _bytes(statement.amount, statement.unit)
    used = _bytes(statement.used, statement.used_unit) if statement.used is not None else 0
    left = amount - used
    if left < 0:
        cannot(statement, "nothing of this quota is left")
    words = ("-m", "quota", *negation(statement.over), "--quota", str(left))
    atom = Atom("quota", words, statement.span)
    return (Test(((atom,),), statement.span, stateful=True, doubts=(_BOUNDARY,)),)


def _bytes(value: Expression, unit: str) -> int:
    literal = constant(value, value, "a number of bytes")
    amount = number(literal.text)
    if amount is None or unit not in _UNITS:
        return cannot(literal, "iptables counts in bytes, for which the number is needed")
    return amount * _UNITS[unit]


STATEMENTS = {Quota: quota}
