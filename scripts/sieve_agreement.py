"""Read whole what the prefilter passes over, and see that nothing is found there.

    python scripts/sieve_agreement.py TREE... [--largest BYTES]

Every file of the trees that ``sieve`` and ``idle`` say cannot matter is linted as if it did, as on
a host with kube-router; and every tree that a clean run ends at, all of it, with its own hosts and
as on such hosts. What cannot be read (NFT001) does not count: it holds nothing to judge. Exit
status 1 if there is a finding.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from nftlint.cli.quick import has_nothing
from nftlint.configs import Configs, Options
from nftlint.discover import Candidate
from nftlint.lint import lint, lint_data
from nftlint.needles import may_matter
from nftlint.sieve.gate import lazy_gate
from nftlint.sieve.idle import is_idle
from nftlint.sieve.sift import sift
from nftlint.sieve.walk import never_read

if TYPE_CHECKING:
    from nftlint.sieve.walk import Excluded

OPTIONS = Options(assume_tags=("kube-router",), isolated=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("trees", nargs="+", type=Path, metavar="TREE")
    parser.add_argument("--largest", type=int, default=200_000, metavar="BYTES")
    options = parser.parse_args()
    counts = {"never read": 0, "no needle": 0, "idle": 0}
    lost = clean = 0
    for tree in options.trees:
        if has_nothing(sift([str(tree)], lazy_gate(_configured))):
            clean += 1
            for rule in tree_findings(tree):
                lost += 1
                print(f"{tree}: {rule}, but it is clean")
        for path in _files(tree, options.largest):
            data = path.read_bytes()
            why = passed_over(path.name, data)
            if why:
                counts[why] += 1
                for rule in findings(path, data):
                    lost += 1
                    print(f"{path}: {rule}, but {why}")
    told = ", ".join(f"{number} {why}" for why, number in counts.items())
    print(f"{told}, {clean} of {len(options.trees)} trees clean - {lost} findings lost")
    return 1 if lost else 0


def _files(tree: Path, largest: int) -> Iterator[Path]:
    for path in sorted(tree.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= largest:
            yield path


def passed_over(name: str, data: bytes) -> str:
    """Return why a file is not read, or nothing where it is."""
    if never_read(name):
        return "never read"
    if not may_matter(data) and "nft" not in name:
        return "no needle"
    return "idle" if is_idle(name, data) else ""


def tree_findings(tree: Path) -> list[str]:
    """Return the rules that a tree breaks when all files that pass are read whole."""
    runs = (Options(), Options(assume_tags=OPTIONS.assume_tags))
    results = [result for run in runs for result in lint([tree], run).report.results]
    return [result.rule for result in results if result.rule != "NFT001"]


def _configured() -> Excluded:
    return Configs(Options()).excluded


def findings(path: Path, data: bytes) -> list[str]:
    """Return the rules that a file breaks when it is read whole."""
    report = lint_data(Candidate(path, path.as_posix(), data, named=False), OPTIONS).report
    wrong = [failure.message for failure in report.failures]
    return wrong + [result.rule for result in report.results if result.rule != "NFT001"]


if __name__ == "__main__":
    sys.exit(main())
