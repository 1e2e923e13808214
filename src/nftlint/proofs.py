"""Fixes and translations held against this machine's own kernel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nftlint.applicability import Applicability
from nftlint.holes import has_holes
from nftlint.nft.model import flatten
from nftlint.nft.parser import parse
from nftlint.prove import Pair, Verdict, prove
from nftlint.record import dataclass, replace
from nftlint.results import Fix, Result
from nftlint.translate import Translation, translate

DIFFERENT = "this machine's kernel says that it does something else"


@dataclass(frozen=True, slots=True)
class Proof:
    """An nft command, the iptables commands for it (empty if there are none), and the verdict."""

    nft: str
    iptables: tuple[str, ...]
    verdict: Verdict


def prove_commands(texts: Sequence[str]) -> list[Proof]:
    """Translate each nft command and have the kernel compare both; what has none is unproved."""
    from nftlint.translating import translate_line, without_program

    lines = [translate_line(text) for text in texts]
    bodies = [without_program(text) for text in texts]
    pairs = [_pair((body,)) for body, line in zip(bodies, lines, strict=True) if line.iptables]
    verdicts = iter(prove([pair for pair in pairs if pair is not None]))
    proofs = []
    for line in lines:
        reason = line.reason or "no iptables command is needed"
        verdict = next(verdicts) if line.iptables else Verdict("unproved", "none", reason)
        proofs.append(Proof(line.input, line.iptables, verdict))
    return proofs


def proved(results: Iterable[Result]) -> list[Result]:
    """Return the results with what the kernel says of each fix; one that is wrong is withdrawn."""
    everything = list(results)
    fixes = {id(item.fix): item.fix for item in everything if isinstance(item.fix, Fix)}
    pairs = {key: _pair(fix.nft) for key, fix in fixes.items()}
    keys = [key for key, pair in pairs.items() if pair is not None]
    verdicts = dict(zip(keys, prove([pair for pair in pairs.values() if pair]), strict=True))
    judged = {key: _judged(fix, verdicts.get(key)) for key, fix in fixes.items()}
    return [replace(item, fix=judged.get(id(item.fix), item.fix)) for item in everything]


def disproved(results: Iterable[Result]) -> list[Fix]:
    """Return the fixes that the kernel has found wrong."""
    fixes = [item.fix for item in results if isinstance(item.fix, Fix)]
    return [fix for fix in fixes if DIFFERENT in fix.reasons]


def _judged(fix: Fix, verdict: Verdict | None) -> Fix:
    if verdict is None:
        return replace(fix, proof="not tried: its parts are not all known")
    said = describe(verdict)
    if verdict.outcome in ("equal", "unproved"):
        return replace(fix, proof=said)
    worst = Applicability.DISPLAY_ONLY
    return replace(fix, applicability=worst, reasons=(*fix.reasons, DIFFERENT), proof=said)


def describe(verdict: Verdict) -> str:
    """Return a verdict in words: outcome, method, packets, detail."""
    how = "" if verdict.method == "none" else f", by {verdict.method}"
    counted = f" ({verdict.hits} hit, {verdict.misses} missed)" if verdict.hits else ""
    detail = f": {verdict.detail}" if verdict.detail else ""
    return f"{verdict.outcome}{how}{counted}{detail}"


def _pair(statements: Sequence[str]) -> Pair | None:
    """Return the pair for nft statements; ``None`` if something in them is not known."""
    if not statements or any(has_holes(text) for text in statements):
        return None
    found = [translate(command) for text in statements for command in flatten(parse(text).commands)]
    words = tuple(
        tuple(arg.text for arg in command.argv)
        for item in found
        if isinstance(item, Translation)
        for command in item.commands
    )
    return Pair("\n".join(statements), words) if words else None
