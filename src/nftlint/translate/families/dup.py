"""Sending a copy elsewhere: TEE."""

from __future__ import annotations

from nftlint.nft.statement import Dup
from nftlint.translate.context import Context, cannot
from nftlint.translate.ip import is_address
from nftlint.translate.parts import Part, going_on
from nftlint.translate.values import constant, settle


def dup(statement: Dup, ctx: Context) -> tuple[Part, ...]:
    """Translate ``dup to ADDRESS``; by name of a device iptables would follow it, nft not."""
    if statement.device is not None:
        cannot(statement.device, "nft takes the device's number of now, iptables follows its name")
    address = constant(statement.address, statement.address, "an address")
    valid = settle(address, "an address", ctx, valid=lambda text: is_address(text, ctx.family))
    words = ("-j", "TEE", "--gateway", address.text)
    return (going_on(words, statement.span, doubts=valid),)


STATEMENTS = {Dup: dup}
