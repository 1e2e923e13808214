"""Change each known-equal pair a little and ask the proof engine: none may stay equal.

Reads a table of pairs as in ``tests/prove/equal.txt``, makes mutants of the iptables commands (a
number one off, an option lost, a negation more or less, source for destination, another verdict,
a list with an element less, a command lost) and proves each. Prints the mutants that are still
called equal, which must be equivalent by nature, and the count of each outcome. Needs nft,
iptables and a private network namespace; works in two of its own.
"""

from __future__ import annotations

import argparse
import collections
import itertools
import random
import re
import shlex
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from nftlint.prove import Known, Pair, prove

SWAPS = {
    "--sport": "--dport",
    "--sports": "--dports",
    "-s": "-d",
    "-i": "-o",
    "--src-range": "--dst-range",
    "--src-type": "--dst-type",
    "--uid-owner": "--gid-owner",
    "ACCEPT": "DROP",
    "tcp": "udp",
    "-j": "-g",
    "ESTABLISHED": "NEW",
    "ORIGINAL": "REPLY",
    "SYN": "ACK",
    "icmp": "udp",
}
SWAPS |= {two: one for one, two in SWAPS.items()}
Argv = tuple[str, ...]


def mutants(commands: tuple[Argv, ...]) -> Iterator[tuple[Argv, ...]]:
    """Yield the commands with one thing changed, and those with one command lost."""
    for at, argv in enumerate(commands):
        for changed in _mutants(argv):
            yield (*commands[:at], changed, *commands[at + 1 :])
        if len(commands) > 1:
            yield commands[:at] + commands[at + 1 :]


def _mutants(argv: Argv) -> Iterator[Argv]:
    start = next(i for i, word in enumerate(argv) if word in {"-A", "-I"}) + 2
    for at in range(start, len(argv)):
        word, before = argv[at], argv[at - 1]
        if word in SWAPS:
            yield (*argv[:at], SWAPS[word], *argv[at + 1 :])
        if word.startswith("-") and word not in {"-j", "-g", "-m"} and before != "!":
            yield (*argv[:at], "!", *argv[at:])
        if word == "!":
            yield argv[:at] + argv[at + 1 :]
        if not word.startswith("-") and before.startswith("-"):
            yield from ((*argv[:at], value, *argv[at + 1 :]) for value in _values(word))
            if not _implied(argv, word):
                yield argv[: at - 1] + argv[at + 1 :]


def _implied(argv: Argv, word: str) -> bool:
    """Tell whether ``-m word`` adds nothing: iptables loads a protocol's match with ``-p``."""
    return ("-p", word) in itertools.pairwise(argv)


def _values(word: str) -> Iterator[str]:
    """Yield values a little beside this one."""
    for number in re.finditer(r"(?<![\da-fx])\d+(?![\da-fx])", word):
        if re.match(r"[.\d]*/", word[number.end() :]):
            continue  # the host part of a prefix may say anything
        for step in (-1, 1):
            if int(number[0]) + step >= 0:
                yield f"{word[: number.start()]}{int(number[0]) + step}{word[number.end() :]}"
    if "," in word:
        parts = word.split(",")
        for lost in range(len(parts)):
            yield ",".join(parts[:lost] + parts[lost + 1 :])


def read(path: Path) -> list[Pair]:
    """Return the pairs of a table."""
    pairs: list[tuple[str, list[Argv]]] = []
    for line in path.read_text().splitlines():
        if line.startswith("  ") and not line.startswith("  ~"):
            pairs[-1][1].append(tuple(shlex.split(line)))
        elif line and not line.startswith((" ", "#")):
            pairs.append((line, []))
    return [Pair(nft, tuple(commands)) for nft, commands in pairs]


def main() -> int:
    """Prove the mutants; exit 1 where one is called equal."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("table", type=Path, nargs="?", default=Path("tests/prove/equal.txt"))
    parser.add_argument("--sample", type=int, help="take this many mutants at random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parts", action="store_true", help="ask the parts of rules first")
    options = parser.parse_args()
    made = [
        Pair(pair.nft, changed)
        for pair in read(options.table)
        for changed in mutants(pair.iptables)
    ]
    if options.sample:
        made = random.Random(options.seed).sample(made, min(options.sample, len(made)))
    begun = time.monotonic()
    verdicts = prove(made, Known(whole=not options.parts))
    spent = time.monotonic() - begun
    for pair, verdict in zip(made, verdicts, strict=True):
        if verdict.outcome == "equal":
            print(pair.nft, *(shlex.join(argv) for argv in pair.iptables), sep="\n  ")
            print(f"  still equal by {verdict.method}")
    counts = collections.Counter(verdict.outcome for verdict in verdicts)
    print(dict(counts), f"{len(made)} mutants, {len(made) / spent:.1f} a second")
    return 1 if counts["equal"] else 0


if __name__ == "__main__":
    sys.exit(main())
