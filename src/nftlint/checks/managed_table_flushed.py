"""NFT103: the rules of an owner are flushed or deleted by nft, or by nft's service."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.checks.context import Finding, Run, Write
from nftlint.checks.lost import loss, names_of
from nftlint.checks.own_tables import narrowed
from nftlint.checks.owned import owned, place, text
from nftlint.checks.services import service_of
from nftlint.results import Location, NoFix
from nftlint.writes import Managed, flushes_all, leaves

RULE = "NFT103"
_VERBS = frozenset({"flush", "delete", "destroy"})
_STOPS = frozenset(
    {"stop", "restart", "try-restart", "condrestart", "reload-or-restart", "disable --now"}
)
_LOADS = frozenset({"start", "reload", "force-reload", "enable", "enable --now"})


def check(write: Write) -> Iterator[Finding]:
    """Yield a finding where the command takes an owner's rules away."""
    if write.command.verb.text not in _VERBS or write.call.build_time:
        return
    if write.command.object.text == "ruleset":
        yield from _ruleset(write)
    elif write.command.object.text in ("table", "chain"):
        yield from _part(write)


def _ruleset(write: Write) -> Iterator[Finding]:
    family = write.command.family.text
    for owner in write.owners:
        names = names_of(owner, (family,) if family else ())
        if names:
            lost = loss(owner, names)
            tables = f"the tables that {owner.title} drives through iptables-nft"
            message = f"`{_statement(write)}` deletes every table, also {tables}"
            yield Finding(RULE, lost.level, message, lost.sentence, lost.mode, narrowed(write))
            return


def _part(write: Write) -> Iterator[Finding]:
    managed = next((item for item in owned(write) if _holds(item)), None)
    if managed is None:
        return
    lost = loss(managed.owner, (text(managed.command.table),), text(managed.command.chain))
    verb = {"flush": "flushed"}.get(write.command.verb.text, "deleted")
    title = managed.owner.title
    message = f"{place(managed.command)}, which {title} drives through iptables-nft, is {verb}"
    fix = NoFix("flush chains and tables of your own only")
    yield Finding(RULE, lost.level, message, lost.sentence, lost.mode, fix)


def _holds(managed: Managed) -> bool:
    """Tell whether what is flushed can hold the owner's rules: not so a chain of one's own."""
    command, owner = managed.command, managed.owner
    if command.object.text == "table":
        return True
    names = (command.family.text, text(command.table), text(command.chain))
    return owner.base_chain(*names) is not None or owner.own_chain(*names)


def _statement(write: Write) -> str:
    return write.command.span.of(write.call.script.text)


def check_run(context: Run) -> Iterator[Finding]:
    """Yield a finding where nft's service is stopped, or loads a file that flushes all."""
    run = context.run
    action = service_of(run.words, "nftables")
    if run.build_time and not action.startswith("enable"):
        return
    places: tuple[Location, ...] = ()
    if action in _STOPS:
        why = "when the service stops, which runs `nft flush ruleset`"
    elif action in _LOADS and (_flushes(context) or context.flushes):
        places = context.flushes
        when = "each time the service, enabled here," if action == "enable" else "when the service"
        why = f"{when} loads its file, which says `flush ruleset`"
    else:
        return
    owner = context.owners[0]
    lost = loss(owner, names_of(owner))
    message = f"the tables that {owner.title} drives through iptables-nft are flushed {why}"
    fix = NoFix("load the file with `nft -f` instead, and let it replace your own tables only")
    yield Finding(RULE, "warning", message, lost.sentence, lost.mode, fix, related=places)


def _flushes(context: Run) -> bool:
    """Tell whether the same file writes nft's own configuration, with a flush of all in it."""
    return any(
        flushes_all(leaf.command)
        for call in context.calls
        if call.script.path.endswith("nftables.conf")
        for leaf in leaves(call)
    )
