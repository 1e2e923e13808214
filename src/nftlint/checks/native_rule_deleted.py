"""NFT104: a rule of a managed table is deleted by its handle."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.checks.context import Finding, Write
from nftlint.checks.owned import place, rewriter, tables
from nftlint.results import NoFix
from nftlint.writes import managed_by

RULE = "NFT104"


def check(write: Write) -> Iterator[Finding]:
    """Yield a finding where the command deletes a rule of an owner's table."""
    command = write.command
    deletes = command.verb.text in ("delete", "destroy") and command.object.text == "rule"
    if not deletes or write.call.build_time:
        return
    managed = managed_by(command, write.call, write.owners)
    if managed is None:
        return
    title = managed.owner.title
    message = f"rule of {place(managed.command)}, which {title} drives through iptables-nft, "
    message += "is deleted by its handle"
    by = next((who for own in tables(managed) if (who := rewriter(own))), "")
    if by:
        sentence = (
            f"{by} writes the whole table anew at every sync, and then every rule has another "
            "handle: this one may name no rule, or one that was not meant"
        )
    else:
        sentence = (
            "a rule that iptables made has another handle whenever its table is written anew: "
            "this one may name no rule, or one that was not meant"
        )
    fix = NoFix("which rule has the handle is known only on the host; `iptables -D` names it")
    yield Finding(RULE, "warning", message, sentence, "none", fix)
