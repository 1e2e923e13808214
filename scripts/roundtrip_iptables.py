#!/usr/bin/env python3
"""Measure what share of what iptables can say nftlint translates: there and back again.

    scripts/roundtrip_iptables.py               # the sums
    scripts/roundtrip_iptables.py --all         # every rule, and what became of it
    scripts/roundtrip_iptables.py --pairs 200   # two matches in one rule too, drawn at random

iptables-translate puts each rule of scripts/roundtrip_options.txt into nft's words, nftlint puts
those back into iptables', and iptables lists both rules. Where the lists are not the same, the
kernel is asked whether nft's words and nftlint's mean the same. Everything runs in a private
network namespace.
"""

from __future__ import annotations

import argparse
import random
import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nftlint.prove import Pair, Verdict, prove
from nftlint.prove.world import World
from nftlint.record import replace
from nftlint.translating import translate_line

OPTIONS = Path(__file__).with_name("roundtrip_options.txt")
SAID = {
    "no nft": "iptables-translate has no nft for it",
    "not loadable": "this iptables or kernel does not take it",
    "same": "comes back as the same rule",
    "equal": "comes back as another rule, proved equal",
    "unproved": "comes back as another rule, unproved",
    "different": "comes back as another rule, DIFFERENT",
    "refused": "is not translated",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule of iptables; ``words`` are those behind ``-A CHAIN``."""

    program: str
    table: str
    chain: str
    words: tuple[str, ...]

    @property
    def argv(self) -> tuple[str, ...]:
        """The command."""
        return (self.program, "-t", self.table, "-A", self.chain, *self.words)


@dataclass(frozen=True, slots=True)
class Trip:
    """A rule, nft's words for it, nftlint's for those with their level, and what became of it."""

    asked: Asked
    nft: str = ""
    back: tuple[str, ...] = ()
    level: str = ""
    outcome: str = ""
    detail: str = ""


def rules(pairs: int = 0, seed: int = 1) -> list[Asked]:
    """Return the rules of the file, and ``pairs`` more of two matches each."""
    single = list(_lines())
    chance = random.Random(seed)
    matches = [rule for rule in single if rule.words[-2:] == ("-j", "ACCEPT")]
    mixed = (_mixed(*chance.sample(matches, 2)) for _ in range(pairs * 20))
    return [*single, *list(dict.fromkeys(rule for rule in mixed if rule))[:pairs]]


def _lines() -> Iterator[Asked]:
    programs: list[str] = []
    table = chain = ""
    for line in OPTIONS.read_text("utf-8").splitlines():
        if line.startswith("@"):
            *programs, table, chain = line[1:].split()
        elif line and not line.startswith("#"):
            words = tuple(shlex.split(line))
            verdict = () if "-j" in words else ("-j", "ACCEPT")
            for program in programs:
                yield Asked(program, table, chain, (*words, *verdict))


def _mixed(one: Asked, other: Asked) -> Asked | None:
    """Return a rule with the matches of both, if they stand in the same chain and do not clash."""
    protocols = {rule.words[1] for rule in (one, other) if rule.words[0] == "-p"}
    if one.argv[:5] != other.argv[:5] or len(protocols) > 1 or one.words[0] == other.words[0]:
        return None
    second = other.words if one.words[0] == "-p" else one.words
    first = one.words if one.words[0] == "-p" else other.words
    return Asked(*(one.program, one.table, one.chain), (*first[:-2], *second))


def trips(asked: Sequence[Asked]) -> list[Trip]:
    """Send each rule there and back; prove those that do not come back as they were."""
    with World() as world:
        gone = [_trip(world, rule) for rule in asked]
    open_ = [trip for trip in gone if not trip.outcome]
    verdicts = prove([Pair(trip.nft, tuple(map(_words, trip.back))) for trip in open_])
    judged = iter(zip(open_, verdicts, strict=True))
    return [trip if trip.outcome else _judged(*next(judged)) for trip in gone]


def _words(line: str) -> tuple[str, ...]:
    return tuple(shlex.split(line))


def _judged(trip: Trip, verdict: Verdict) -> Trip:
    outcome = verdict.outcome if verdict.outcome in SAID else "unproved"
    return replace(trip, outcome=outcome, detail=verdict.detail)


def _trip(world: World, asked: Asked) -> Trip:
    listed = _listed(world, asked, [asked.argv])
    if not listed:
        return Trip(asked, outcome="not loadable")
    program, *words = asked.argv
    _, said = world.call("run", argv=[f"{program}-translate", *words])
    nft = said.strip().removeprefix("nft ").strip("'")
    if not said.startswith("nft ") or "#" in said or "\n" in nft:
        return Trip(asked, outcome="no nft", detail=said)
    line = translate_line(nft)
    if not line.iptables:
        return Trip(asked, nft, outcome="refused", detail=line.reason)
    back = _listed(world, asked, [_words(each) for each in line.iptables])
    outcome = "same" if back == listed else ""
    return Trip(asked, nft, line.iptables, line.applicability, outcome, line.reason)


def _listed(world: World, asked: Asked, commands: Sequence[tuple[str, ...]]) -> str:
    """Return how iptables lists the chain with the rules of these commands; empty if refused."""
    place = ["-t", asked.table]
    codes = [world.call("run", argv=list(argv))[0] for argv in commands]
    _, said = world.call("run", argv=[asked.program, *place, "-S", asked.chain])
    world.call("run", argv=[asked.program, *place, "-F", asked.chain])
    return "" if any(codes) else str(said)


def report(found: Sequence[Trip]) -> Iterator[str]:
    """Yield the sums."""
    counts = Counter(trip.outcome for trip in found)
    for outcome, words in SAID.items():
        if counts[outcome]:
            yield f"{counts[outcome]:5} {words}"
    there = sum(counts[outcome] for outcome in SAID if outcome not in {"no nft", "not loadable"})
    back = there - counts["refused"]
    safe = sum(trip.level == "safe" for trip in found)
    yield (
        f"{len(found)} rules of iptables; {there} have words of nft, of which {back} "
        f"({100 * back / there:.1f} %) are translated back, {safe} of them safely"
    )


def main() -> int:
    """Print what becomes of the rules; exit 1 if one that is called safe has another meaning."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="print every rule")
    parser.add_argument("--pairs", type=int, default=0, help="how many rules of two matches")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    found = trips(rules(options.pairs, options.seed))
    for trip in found:
        if options.all or trip.outcome in {"different", "refused", "unproved"}:
            print(f"{trip.outcome}: {shlex.join(trip.asked.argv)}\n    {trip.nft}")
            print(*(f"    {line}" for line in (*trip.back, trip.detail) if line), sep="\n")
    print(*report(found), sep="\n")
    return int(any(trip.outcome == "different" and trip.level == "safe" for trip in found))


if __name__ == "__main__":
    raise SystemExit(main())
