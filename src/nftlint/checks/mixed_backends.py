"""NFT107: iptables-legacy on a host whose tables are driven through iptables-nft."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.applicability import Applicability
from nftlint.argv import Arg
from nftlint.checks.context import Finding, Mend, Run
from nftlint.checks.iptables_line import Line, iptables_line
from nftlint.fragment import Refusal
from nftlint.results import NoFix

RULE = "NFT107"
_SWITCHES = frozenset({"update-alternatives", "alternatives"})
_BOTH = (
    "the kernel then asks two sets of rules about each packet, and neither program sees the "
    "other's: what one accepts the other may drop"
)


def check_run(context: Run) -> Iterator[Finding]:
    """Yield a finding where rules are written by iptables-legacy, or it becomes the default."""
    owner = next((item for item in context.owners if item.reader == "iptables-nft"), None)
    run = context.run
    if owner is None:
        return
    if run.program in _SWITCHES:
        if run.words[1:2] == ("--set",) and _is_legacy(run.words[-1]):
            message = f"`{run.words[-1]}` becomes the host's iptables"
            message += f", where {owner.title} drives its tables through iptables-nft"
            yield Finding(RULE, "warning", message, _BOTH, "none", _nft(context))
        return
    line = iptables_line(run.words)
    if line is not None and line.backend == "legacy" and not run.build_time and _writes(line):
        message = f"rules are written by `{run.program}`, where {owner.title} uses iptables-nft"
        yield Finding(RULE, "warning", message, _BOTH, "none", _nft(context))


def _is_legacy(path: str) -> bool:
    return path.rpartition("/")[2] in ("iptables-legacy", "ip6tables-legacy")


def _writes(line: Line) -> bool:
    """Tell whether rules come of it: to list, to flush and to set ACCEPT does no harm."""
    if line.kind:
        return line.kind == "restore"
    return any(
        action.letter in "AIR" or (action.letter == "P" and action.operands[-1:] == ("DROP",))
        for action in line.actions()
    )


def _nft(context: Run) -> Mend | NoFix:
    run = context.run
    words = [word.replace("tables-legacy", "tables-nft") for word in run.words]
    edits = run.rewrite([tuple(map(Arg, words))])
    if isinstance(edits, Refusal):
        return NoFix(edits.reason)
    shown = " ".join(words)
    reasons = ("rules that iptables-legacy made stay until it deletes them", *run.caveats)
    return Mend(edits, f"replace with `{shown}`", Applicability.UNSAFE, reasons, (shown,))
