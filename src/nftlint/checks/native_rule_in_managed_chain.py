"""NFT101: a raw nft rule in a chain that is read and rewritten through iptables-nft."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.checks.consequence import consequence_of
from nftlint.checks.context import Finding, Write
from nftlint.writes import managed_by, writes_rule

RULE = "NFT101"


def check(write: Write) -> Iterator[Finding]:
    """Yield a finding where the command puts a rule into a chain of an owner's table."""
    if not writes_rule(write.command):
        return
    managed = managed_by(write.command, write.call, write.owners)
    if managed is None:
        return
    consequence = consequence_of(write, managed)
    place = " ".join(
        name.text
        for name in (managed.command.family, managed.command.table, managed.command.chain)
        if name is not None
    )
    message = f"raw nft rule in {place}, which {managed.owner.title} drives through iptables-nft"
    yield Finding(RULE, consequence.level, message, consequence.sentence, consequence.mode)
