"""NFT106: iptables itself flushes chains that an owner has rules in."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.checks.context import Finding, Run
from nftlint.checks.iptables_line import Action, Line, iptables_line
from nftlint.checks.lost import loss, names_of
from nftlint.found import ProgramRun
from nftlint.holes import has_holes
from nftlint.owners import Owner
from nftlint.results import NoFix

RULE = "NFT106"
_OWN = "flush and delete chains of your own only, or the single rules with `iptables -D`"
_WHAT = {"F": "flushes", "X": "deletes"}


def check_run(context: Run) -> Iterator[Finding]:
    """Yield a finding where chains of an owner are flushed or deleted."""
    run = context.run
    if (
        run.program == "netfilter-persistent"
        and run.words[1:2] == ("flush",)
        and not run.build_time
    ):
        yield _by_service(context.owners[0], run)
        return
    line = iptables_line(run.words)
    if line is None or line.kind or line.backend == "legacy" or run.build_time:
        return
    for action in line.actions():
        if action.letter not in _WHAT:
            continue
        for table in _tables(line, run):
            for owner in context.owners:
                if _meets(owner, line, table, action):
                    yield _finding(owner, line, table, action)
                    return


def _by_service(owner: Owner, run: ProgramRun) -> Finding:
    lost = loss(owner, names_of(owner))
    message = f"`{' '.join(run.words)}` flushes all tables, in which {owner.title} has rules"
    return Finding(RULE, lost.level, message, lost.sentence, lost.mode, NoFix(_OWN))


def _tables(line: Line, run: ProgramRun) -> tuple[str, ...]:
    """Return every table that the line can mean; none where a variable is not known."""
    table = line.table() or "filter"
    if not has_holes(table):
        return (table,)
    hole = run.script.holes.get(table)
    return hole.values or () if hole is not None else ()


def _meets(owner: Owner, line: Line, table: str, action: Action) -> bool:
    if not owner.tables_of(line.family, table):
        return False
    if not action.operands:
        return True
    chain = action.operands[0]
    built_in = owner.base_chain(line.family, table, chain) is not None and action.letter == "F"
    return built_in or owner.own_chain(line.family, table, chain)


def _finding(owner: Owner, line: Line, table: str, action: Action) -> Finding:
    chain = action.operands[0] if action.operands else ""
    where = f"chain {chain} of {line.family} {table}" if chain else f"{line.family} {table}"
    what = f"all chains of {where}" if not chain else where
    message = f"`{line.words[0]} -{action.letter}` {_WHAT[action.letter]} {what}, "
    message += f"in which {owner.title} has rules"
    fix = NoFix(_OWN)
    if action.letter == "X":
        sentence = (
            "once the chains are empty, as after `-F`, those that the rules of "
            f"{owner.title} lead to are gone"
        )
        return Finding(RULE, "warning", message, sentence, "none", fix)
    lost = loss(owner, (table,), chain)
    return Finding(RULE, lost.level, message, lost.sentence, lost.mode, fix)
