"""Run made-up shell scripts before and after their fixes, with stand-ins for nft and iptables.

    python scripts/shell_same_runs.py [--scripts N] [--seed N] [--unsafe]

The scripts are those of ``tests/shell/making.py``: rules in nests of conditions, loops, functions,
heredocs and shells. Each is fixed by ``nftlint check --fix`` and run in a private network
namespace, once as it is and once for each of its first calls failing: what the stand-ins note,
and the exit status, have to be what they were before the fix. With ``--unsafe`` unsafe fixes are
applied, too, and no call fails: what makes a fix unsafe may show only where one does.
Prints how many scripts there were and how many were changed; exits 1 at the smallest script that
runs otherwise. Needs bash, unshare and hypothesis.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, seed, settings

sys.path.append(str(Path(__file__).parents[1] / "tests" / "shell"))

from making import fixed, scripts
from standins import make_tools, run

FAILS = ("-", "1", "2", "3", "4", "all")


def campaign(number: int, chosen: int, *, unsafe: bool) -> Counter[str]:
    """Try so many scripts; raises ``AssertionError`` with the smallest one that runs otherwise."""
    count: Counter[str] = Counter()
    fails, options = (["-"], ["--unsafe-fixes"]) if unsafe else (list(FAILS), [])

    with TemporaryDirectory() as directory:
        tools = Path(directory, "bin")
        make_tools(tools)

        @seed(chosen)
        @settings(
            max_examples=number,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(scripts())
        def try_one(made: tuple[str, list[int]]) -> None:
            before = made[0]
            after = fixed(before, tools.parent, *options)
            count["scripts"] += 1
            if after != before:
                count["changed"] += 1
                noted, was = run(after, tools, fails), run(before, tools, fails)
                assert noted == was, f"{before}\nbecomes\n\n{after}\n{was}\nbecomes\n{noted}"

        try_one()
    return count


def main() -> int:
    """Run a campaign and print what it came to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--scripts", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unsafe", action="store_true")
    given_ = parser.parse_args()
    try:
        print(dict(campaign(given_.scripts, given_.seed, unsafe=given_.unsafe)))
    except AssertionError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
