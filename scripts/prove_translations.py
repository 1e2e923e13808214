"""Translate many generated nft rules, and let the kernel say whether the translations are right.

Prints each pair that is different or does not load, and the figures at the end:

    python scripts/prove_translations.py --count 10000 --jobs 4 --report report.tsv

Exit 1 if a translation called safe is wrong.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "translate"))

from rule_generator import commands

from nftlint.applicability import Applicability
from nftlint.iptables.render import render
from nftlint.nft.parser import parse
from nftlint.prove import Known, Pair, Verdict, prove
from nftlint.translate import Translation, translate

BATCH = 200
"""How many pairs share a couple of namespaces."""


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--count", type=int, default=1000, help="how many safe translations")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--jobs", type=int, default=1, help="processes, each with a seed of its own"
    )
    parser.add_argument(
        "--whole", action="store_true", help="send packets through whole rules first (slow)"
    )
    parser.add_argument("--report", type=Path, help="a table of all pairs that are not equal")
    options = parser.parse_args()
    started = time.monotonic()
    share = -(-options.count // options.jobs)
    figures: Counter[str] = Counter()
    rows: list[str] = []
    with ProcessPoolExecutor(options.jobs) as pool:
        seeds = range(options.seed, options.seed + options.jobs)
        for counted, found in pool.map(partial(_campaign, count=share, whole=options.whole), seeds):
            figures += counted
            rows += found
    if options.report:
        options.report.write_text("".join(f"{row}\n" for row in rows))
    return _say(figures, time.monotonic() - started)


def _campaign(seed: int, *, count: int, whole: bool) -> tuple[Counter[str], list[str]]:
    """Prove so many translations of one seed; return the figures and what is not equal."""
    figures: Counter[str] = Counter()
    rows: list[str] = []
    started = time.monotonic()
    known = Known(whole)
    found = islice(_translated(seed, figures), count)
    while batch := list(islice(found, BATCH)):
        for (nft, translation), verdict in zip(batch, _verdicts(_pairs(batch), known), strict=True):
            rows += _note(nft, translation, verdict, figures)
        passed = f"seed {seed}, {time.monotonic() - started:.0f} s"
        print(f"{passed}: {dict(figures)}", file=sys.stderr, flush=True)
    return figures, rows


def _verdicts(pairs: list[Pair], known: Known) -> list[Verdict]:
    """Prove, and try again what is different: the kernel holds back ICMP answers by their rate."""
    first = prove(pairs, known)
    return [
        prove([pair])[0] if verdict.outcome == "different" else verdict
        for pair, verdict in zip(pairs, first, strict=True)
    ]


def _translated(seed: int, figures: Counter[str]) -> Iterator[tuple[str, Translation]]:
    """Yield each new command that has a safe translation, and count the others."""
    seen: set[str] = set()
    for nft in commands(seed):
        script = parse(nft)
        if nft in seen or script.errors:
            continue
        seen.add(nft)
        translation = translate(script.commands[0])
        if not isinstance(translation, Translation):
            figures["refused"] += 1
        elif translation.applicability is not Applicability.SAFE:
            figures["unsafe"] += 1
        else:
            yield nft, translation


def _pairs(batch: list[tuple[str, Translation]]) -> list[Pair]:
    return [_pair(nft, translation) for nft, translation in batch]


def _pair(nft: str, translation: Translation) -> Pair:
    return Pair(nft, tuple(command.words for command in translation.commands))


def _note(
    nft: str, translation: Translation, verdict: Verdict, figures: Counter[str]
) -> Iterator[str]:
    """Count a verdict, and yield a row for one that is not ``equal``."""
    outcome = verdict.outcome
    if outcome == "not-loadable":
        outcome = "refused by nft" if verdict.detail.startswith("nft") else "refused by iptables"
    figures[f"{outcome} ({verdict.method})" if outcome == "equal" else outcome] += 1
    if verdict.outcome == "equal":
        return
    lines = " ; ".join(render(command) for command in translation.commands)
    row = f"{outcome}\t{nft}\t{lines}\t{' '.join(verdict.detail.split())}"
    if outcome in {"different", "refused by iptables"}:
        print(row, flush=True)
    yield row


def _say(figures: Counter[str], seconds: float) -> int:
    for name, count in figures.most_common():
        print(f"{count:7} {name}")
    proved = sum(count for name, count in figures.items() if name.startswith("equal"))
    print(f"{seconds:7.0f} seconds, {proved / seconds:.1f} pairs proved a second")
    return 1 if figures["different"] or figures["refused by iptables"] else 0


if __name__ == "__main__":
    sys.exit(main())
