"""NFT102: a base chain, a built-in chain or a table that iptables-nft cannot work with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nftlint.applicability import Applicability
from nftlint.checks.consequence import LEVELS
from nftlint.checks.context import Finding, Spoil, Write
from nftlint.checks.owned import owned, place, rewriter, tables, text
from nftlint.holes import has_holes, may_be
from nftlint.owners import BaseChain, Owner
from nftlint.record import dataclass
from nftlint.results import NoFix
from nftlint.writes import Managed, meanings

if TYPE_CHECKING:
    from nftlint.nft.model import Hook

RULE = "NFT102"
_MAKES = frozenset({"add", "create"})
_CHANGES = frozenset({"add", "create", "insert", "replace", "delete", "destroy", "flush", "rename"})


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is wrong, what follows, and why there is no fix; ``None``: nft has the reason."""

    message: str
    mode: str
    sentence: str
    fix: NoFix | None = None
    spoil: Spoil | None = None


def check(write: Write) -> Iterator[Finding]:
    """Yield a finding for a chain or table that its owner's iptables cannot work with."""
    if write.call.build_time:
        return
    fault = _native(write)
    if fault is None and write.command.verb.text in _MAKES:
        faults = (_fault(write, managed) for managed in owned(write))
        fault = next((item for item in faults if item is not None), None)
    if fault is not None:
        level = LEVELS[fault.mode]
        yield Finding(
            RULE,
            level,
            fault.message,
            fault.sentence,
            fault.mode,
            fault.fix,
            spoil=fault.spoil,
        )


def _native(write: Write) -> _Fault | None:
    """Judge a write into a table that its owner makes with nft itself."""
    if write.command.verb.text not in _CHANGES:
        return None
    for meant in meanings(write.command, write.call):
        for owner in write.owners:
            if owner.owns_native(meant.family.text, text(meant.table)):
                return _Fault(
                    f"{place(meant)} is {owner.title}'s own nft table",
                    "none",
                    f"{owner.title} fills its chains and sets anew, and deletes those that it "
                    "does not know: what others put there does not last",
                    NoFix("put it into a table of your own"),
                )
    return None


def _fault(write: Write, managed: Managed) -> _Fault | None:
    from nftlint.nft.model import Chain, Table

    body = managed.command.body
    kind = managed.command.object.text
    if kind == "table" and isinstance(body, Table) and "dormant" in body.flags:
        return _dormant(managed)
    if kind != "chain" or not (body is None or isinstance(body, Chain)):
        return None
    name = text(managed.command.chain)
    hook = body.hook if body is not None else None
    command = managed.command
    names = [base.name for own in tables(managed) for base in own.base_chains]
    if has_holes(name) and any(may_be(name, one) for one in names):
        return None
    base = managed.owner.base_chain(command.family.text, text(command.table), name)
    if base is None:
        return _extra(managed) if hook is not None else None
    if hook is not None:
        return _otherwise(managed, base, hook)
    made_alone = write.command.verb.written and (body is None or body.policy is None)
    return _regular(managed, base) if made_alone else None


def _dormant(managed: Managed) -> _Fault:
    owner = managed.owner
    return _Fault(
        f"the table {place(managed.command)}, which {owner.title} drives through iptables-nft, "
        "is made dormant",
        "widening",
        f"no packet passes it any more, while iptables lists its rules as ever: "
        f"what {owner.title} forbids there is allowed until the table is written anew",
        NoFix("leave out `flags dormant`"),
    )


def _extra(managed: Managed) -> _Fault | None:
    """Judge a base chain that iptables does not know; it is harmless where nobody writes back."""
    written = [own for own in tables(managed) if own.written_back]
    if not written:
        return None
    message = (
        f"base chain of one's own in {_table(managed)}, which {managed.owner.title} drives through "
        "iptables-nft"
    )
    by = next((who for own in written if (who := rewriter(own))), "")
    if by:
        sentence = (
            f"iptables cannot list `{text(managed.command.chain)}`, so {by} writes the table back "
            "without it: at the next sync the chain is gone, with its policy and all its rules"
        )
        return _Fault(message, "widening", sentence, spoil=_spoil(managed))
    sentence = (
        f"iptables cannot list `{text(managed.command.chain)}`, so a restore of the table "
        f"({written[0].written_back}) deletes it, with its policy and all its rules"
    )
    return _Fault(message, "none", sentence, spoil=_spoil(managed))


def _spoil(managed: Managed, limit: Applicability = Applicability.NONE) -> Spoil:
    """Return why a rule of the chain cannot simply be said by iptables."""
    chain = text(managed.command.chain)
    reason = f"`iptables -A {chain}` fails where the chain is made as this file makes it"
    return Spoil(limit, f"{reason}: mend the chain first")


def _otherwise(managed: Managed, base: BaseChain, hook: Hook) -> _Fault | None:
    """Judge a built-in chain whose hook may not be what iptables insists upon."""
    from nftlint.translate.chains import hook_priority

    priority = hook_priority(hook)
    unknown = priority is None or has_holes(hook.type) or has_holes(hook.hook)
    if unknown or (hook.type, hook.hook, priority) == (base.type, base.hook, base.priority):
        return None
    message = (
        f"{place(managed.command)} with type {hook.type}, hook {hook.hook}, priority {priority}, "
        f"where iptables needs type {base.type}, hook {base.hook}, priority {base.priority}"
    )
    mode, follows = _fails(managed.owner, managed, base)
    refused = "(if iptables has made it already, nft refuses this command)"
    sentence = f"iptables cannot use the chain, {follows} {refused}"
    return _Fault(message, mode, sentence, spoil=_spoil(managed))


def _regular(managed: Managed, base: BaseChain) -> _Fault:
    message = f"{place(managed.command)} is made a regular chain, without a hook"
    mode, follows = _fails(managed.owner, managed, base)
    sentence = (
        f"made before iptables makes it, it sees no packet, and iptables cannot use it, {follows}"
    )
    return _Fault(message, mode, sentence, spoil=_spoil(managed, Applicability.UNSAFE))


def _fails(owner: Owner, managed: Managed, base: BaseChain) -> tuple[str, str]:
    """Return what follows where no rule can be added to a built-in chain."""
    command = managed.command
    failed = f"`iptables -A {base.name}` fails with exit status 4"
    if owner.fatal(command.family.text, text(command.table), base.name):
        return "crash", f"{failed}, and {owner.title} dies when it adds its own rules there"
    steps = [step for step in owner.steps if step.table == text(command.table)]
    if any(base.name in step.chains for step in steps):
        return "sync-abort", f"{failed}, and what {owner.title} puts there is missing"
    return "none", failed


def _table(managed: Managed) -> str:
    return f"{managed.command.family.text} {text(managed.command.table)}"
