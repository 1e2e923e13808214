"""NFT105: a restore that replaces the tables that an owner has rules in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nftlint.applicability import Applicability
from nftlint.argv import Arg
from nftlint.checks.context import Finding, Mend, Run
from nftlint.checks.iptables_line import Line, iptables_line
from nftlint.checks.lost import loss, names_of
from nftlint.checks.services import service_of
from nftlint.found import ProgramRun
from nftlint.fragment import Refusal
from nftlint.holes import has_holes
from nftlint.patterns import compiled
from nftlint.results import NoFix

RULE = "NFT105"
_TABLES = compiled(r"^\*(\S+)", re.MULTILINE)
_LEAVES_OUT = compiled(r"\bgrep\b.*\s-\w*v.*KUBE|\bsed\b.*KUBE.*d\b")
_SAVES = compiled(r"\bip6?tables(?:-nft)?-save\b")
AGAIN = "with `--noflush` the rules are appended, so that a second run adds them once more"


_SERVICES = ("iptables", "ip6tables", "netfilter-persistent", "iptables-persistent")
_LOADS = frozenset(
    {"restart", "try-restart", "condrestart", "reload", "force-reload", "reload-or-restart"}
)
_NOFLUSH = (
    "load your own rules with `iptables-restore --noflush`; netfilter-persistent does so with "
    "IPTABLES_RESTORE_NOFLUSH=yes in /etc/default/netfilter-persistent"
)


def check_run(context: Run) -> Iterator[Finding]:
    """Yield a finding where a restore flushes tables of an owner, by itself or by a service."""
    if _loads(context.run) and not context.run.build_time:
        owner = context.owners[0]
        lost = loss(owner, names_of(owner))
        message = f"`{' '.join(context.run.words)}` loads saved rules without `--noflush`, which "
        message += f"replaces tables that {owner.title} has rules in"
        yield Finding(RULE, "warning", message, lost.sentence, lost.mode, NoFix(_NOFLUSH))
        return
    yield from _restored(context)


def _loads(run: ProgramRun) -> bool:
    if run.program == "netfilter-persistent":
        return run.words[1:2] != () and run.words[1] in _LOADS
    return any(service_of(run.words, name) in _LOADS for name in _SERVICES)


def _restored(context: Run) -> Iterator[Finding]:
    run = context.run
    line = iptables_line(run.words)
    if line is None or line.kind != "restore" or line.backend == "legacy" or run.build_time:
        return
    if line.has("n", "--noflush") or line.has("t", "--test") or line.has("h", "--help"):
        return
    named = _named(context, line)
    for owner in context.owners:
        names = [name for name in names_of(owner, (line.family,)) if not named or name in named]
        if not names:
            continue
        if any(_SAVES.search(command) for command in run.flow.before):
            yield _round_trip(owner.title, line, run.flow.before)
            return
        lost = loss(owner, names)
        message = (
            f"`{line.words[0]}` without `--noflush` replaces tables that {owner.title} has rules in"
        )
        yield Finding(RULE, lost.level, message, lost.sentence, lost.mode, _noflush(context))
        return


def _named(context: Run, line: Line) -> set[str]:
    """Return the tables that are restored, as far as that is known; empty where it is not."""
    if table := line.table():
        return set() if has_holes(table) else {table}
    return set(_TABLES.findall(context.run.flow.text))


def _round_trip(title: str, line: Line, before: Sequence[str]) -> Finding:
    message = f"`{line.words[0]}` writes back what iptables-save printed of {title}'s tables"
    sentence = (
        "a rule that nft made is written back as iptables misreads it, mostly wider, and a rule "
        f"that {title} makes between the two is lost"
    )
    if any(_LEAVES_OUT.search(command) for command in before):
        sentence += f"; the rules of {title} itself are left out, and so gone until its next sync"
    fix = NoFix("delete the rules that are not wanted one by one, with `iptables -D`")
    return Finding(RULE, "error", message, sentence, "widening", fix)


def _noflush(context: Run) -> Mend | NoFix:
    run = context.run
    words = [Arg(run.words[0]), Arg("--noflush"), *map(Arg, run.words[1:])]
    edits = run.rewrite([tuple(words)])
    if isinstance(edits, Refusal):
        return NoFix(edits.reason)
    shown = " ".join(word.text for word in words)
    reasons = (AGAIN, *run.caveats)
    return Mend(edits, f"replace with `{shown}`", Applicability.UNSAFE, reasons, (shown,))
