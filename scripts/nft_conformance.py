#!/usr/bin/env python3
"""Measure which share of nftables' own test suite the parser takes.

    scripts/nft_conformance.py CHECKOUT [--nft] [--quiet]

CHECKOUT is a checkout of nftables, which is not part of this repository. Read are:

- ``tests/py/**/*.t``: one rule a line, marked ``ok`` or ``fail``, with what nft prints for it;
  lines that begin with ``-`` are switched off there and skipped here.
- ``tests/shell/**/dumps/*.nft``: whole rulesets as nft prints them.

What is marked ok must parse without an error. With ``--nft`` each line is also given to the nft of
this machine, in check mode and in a network namespace of its own: what it accepts must parse; what
it refuses for its syntax must be an error, unless the line is marked ok and so belongs to a newer
nft. The exit code is 1 if anything is left.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from nftlint.nft.parser import parse

# Words of the grammar that the nft of a stable distribution does not know yet.
_NEWER = ("broute", "ibrhwaddr", "geneve", "vxlan", "gretap", "gre ip")
_PREAMBLE = "add table ip t\nadd chain ip t c\n"


@dataclass(frozen=True)
class Case:
    """A text of the suite, where it is from, and whether the suite says that it is nft."""

    path: Path
    line: int
    text: str
    ok: bool


def rules(path: Path) -> list[Case]:
    """Return the rules of a ``.t`` file, and what nft prints for them."""
    cases: list[Case] = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.lstrip()[0] in ":*!?%#-":
            continue
        rule, *rest = line.split(";")
        mark, printed = (*rest, "", "")[:2]
        cases.append(Case(path, number, f"add rule ip t c {rule.strip()}", mark.strip() == "ok"))
        if printed.strip():
            cases.append(Case(path, number, f"add rule ip t c {printed.strip()}", ok=True))
    return cases


def collect(checkout: Path) -> list[Case]:
    """Return all cases of a checkout."""
    cases = [case for path in sorted(checkout.glob("tests/py/**/*.t")) for case in rules(path)]
    dumps = sorted(checkout.glob("tests/shell/testcases/**/dumps/*.nft"))
    return cases + [Case(path, 1, path.read_text(), ok=True) for path in dumps]


def nft_says(case: Case) -> str:
    """Ask nft: ``accepts``, ``syntax`` or ``meaning``."""
    namespace = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-Urn"]
    command = [*namespace, "nft", "-c", "-f", "-"]
    text = case.text if case.path.suffix == ".nft" else _PREAMBLE + case.text
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return "accepts"
    return "syntax" if "syntax error" in done.stderr else "meaning"


def verdict(case: Case, said: str) -> str:
    """Compare the parser with the marks and with nft; ``said`` is empty without nft."""
    errors = parse(case.text).errors
    if case.ok or said == "accepts":
        return f"refused: {errors[0].message}" if errors else "parsed"
    if said == "syntax" and not errors and not any(word in case.text for word in _NEWER):
        return "accepted: nft calls it a syntax error"
    return "refused rightly" if errors else "parsed though marked fail"


def main() -> int:
    """Run the measurement and print the table and the failures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--nft", action="store_true", help="ask the nft of this machine as well")
    parser.add_argument("--quiet", action="store_true", help="no table by file")
    options = parser.parse_args()
    cases = collect(options.checkout)
    if not cases:
        parser.error(f"no test of nftables' suite under {options.checkout}")
    said = [""] * len(cases)
    if options.nft:
        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(nft_says, cases))
    verdicts = [verdict(case, word) for case, word in zip(cases, said, strict=True)]
    return report(cases, verdicts, options)


def report(cases: list[Case], verdicts: list[str], options: argparse.Namespace) -> int:
    """Print what came out; return the exit code."""
    wrong = 0
    total: Counter[Path] = Counter(case.path for case in cases if case.ok)
    parsed: Counter[Path] = Counter()
    for case, outcome in zip(cases, verdicts, strict=True):
        place = f"{case.path.relative_to(options.checkout)}:{case.line}"
        if outcome.startswith(("refused:", "accepted:")):
            wrong += 1
            text = case.text if case.path.suffix == ".t" else ""
            print(f"{place}: {outcome}  {text}")
        elif case.ok:
            parsed[case.path] += 1
    if not options.quiet:
        for path, number in sorted(total.items()):
            print(f"{parsed[path]:5}/{number:<5} {path.relative_to(options.checkout)}")
    share = 100 * parsed.total() / max(1, total.total())
    print(f"{parsed.total()} of {total.total()} marked ok parsed ({share:.2f} %)")
    print(dict(Counter(outcome.partition(":")[0] for outcome in verdicts)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
