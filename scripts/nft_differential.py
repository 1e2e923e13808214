#!/usr/bin/env python3
"""Compare the parser with nft on texts that are nearly right.

    scripts/nft_differential.py [--seconds 60] [--seed 1]

Each text is one of tests/nft/rules.txt or commands.txt with a word deleted, replaced, added or
swapped. nft reads it in check mode, in a network namespace of its own; a syntax error must be an
error here, and what is none must parse. Known and not counted: texts that nft's grammar takes but
that mean nothing whatever stands around them (``OTHER``), which are errors here. What is printed
is for a person to judge: nft's scanner keeps some words for keywords beyond their place.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import time
from pathlib import Path

from nftlint.nft.parser import parse

GOLDEN = Path(__file__).parents[1] / "tests" / "nft"
NEWER = ("□", "■", "vxlan", "destroy", "last", "xt ", "reset", "@34", "* :", "dccp o", "check")
NOT_IN_FILES = ("--", "monitor", "export", "describe", "list", "add element ip t s $x")
OTHER = (
    *("No symbol type", "unknown raw payload", "wrong time", "rate format", "chain type"),
    *("Statement after", "typeof serialization", "unknown datatype", "log level", "table option"),
    *("symbolic invalid", "variable sized data", "parse integer"),
)
KEPT = ("unexpected dport, expecting string",)
"""A name that nft's scanner takes for a keyword of what it has just read (``ct timeout``)."""
PREAMBLE = """\
define ports = 80
define target = c
define p = 0
define q = "drop"
add table ip t
add chain ip t c
"""


def texts(name: str, prefix: str) -> list[str]:
    """Read the texts of a golden file that this nft can know."""
    lines = (GOLDEN / name).read_text().splitlines()
    kept = [line for line in lines if line and line[0] not in " #"]
    return [prefix + line for line in kept if not any(new in line for new in NEWER)]


def mutated(text: str, words: list[str], chance: random.Random) -> str:
    """Change one word of ``text``."""
    parts = text.split()
    at = chance.randrange(len(parts))
    match chance.choice(["delete", "replace", "add", "swap"]):
        case "delete":
            del parts[at]
        case "replace":
            parts[at] = chance.choice(words)
        case "add":
            parts.insert(at, chance.choice(words))
        case _:
            other = chance.randrange(len(parts))
            parts[at], parts[other] = parts[other], parts[at]
    return " ".join(parts)


def complaints(text: str) -> str:
    """Return what nft says of ``text``; nothing if it takes too long."""
    namespace = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-Urn"]
    command = [*namespace, "timeout", "5", "nft", "-c", "-f", "-"]
    done = subprocess.run(
        command, input=f"{PREAMBLE}{text}\n", capture_output=True, text=True, check=False
    )
    return done.stderr


def main() -> None:
    """Run for the given time and print what differs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    base = texts("rules.txt", "add rule ip t c ") + texts("commands.txt", "")
    base = [text for text in base if not text.startswith(NOT_IN_FILES)]
    words = sorted({word for text in base for word in text.split()})
    end, tried, differ = time.monotonic() + options.seconds, 0, 0
    while time.monotonic() < end:
        text = mutated(chance.choice(base), words, chance)
        said, errors = complaints(text), parse(f"{text}\n").errors
        tried += 1
        known = any(word in said for word in (*OTHER, *KEPT))
        if ("syntax error" in said) != bool(errors) and not known:
            differ += 1
            ours = errors[0].message if errors else "takes it"
            print(f"{text}\n    nft: {said.partition(chr(10))[0]}\n    here: {ours}")
    print(f"{differ} of {tried} differ")


if __name__ == "__main__":
    main()
