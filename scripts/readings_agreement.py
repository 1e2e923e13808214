"""Compare the model's readings with measured ones: ``readings_agreement.py TSV``.

The TSV has a header and the columns family, table, chain, rule, iptables, outcome, printed,
misread_as. A column ``nft`` with the version of nft is optional. For each version and each
construct the share of rows is printed in which outcome and printed line are the same; differences
follow with ``--verbose``.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nftlint.nft.parser import parse
from nftlint.readings import MEASURED_NFT, Kernel, Reading, readings

CONSTRUCTS = (
    ("ct", r"\bct "),
    ("nat", r"\b(?:dnat|snat|masquerade|redirect)\b"),
    ("reject", r"\breject\b"),
    ("log", r"\blog\b"),
    ("limit, quota, counter", r"\b(?:limit|quota|counter)\b"),
    ("map, vmap", r"\bv?map\b"),
    ("dynamic set", r"\b(?:add|update) @"),
    ("set", r"\{|@[a-z]+ "),
    ("statement that sets", r" set "),
    ("exthdr, fib, rt, socket, numgen", r"\b(?:option|exthdr|frag|fib|rt|socket|numgen|osf) "),
    ("icmp", r"\bicmp"),
    ("tcp flags", r"\bflags\b"),
    ("other transport", r"\b(?:sctp|dccp|udplite|esp|ah|comp|igmp|th) |@th"),
    ("port", r"\b[sd]port\b"),
    ("tcp, udp field", r"\b(?:tcp|udp) [a-z]+ "),
    ("interface", r"\b[io]if"),
    ("meta", r"\b(?:meta|mark|skuid) "),
    ("ether, vlan", r"\b(?:ether|vlan) "),
    ("address", r"\b[sd]addr\b"),
    ("ip field", r"\bip6? |@nh"),
    ("verdict, comment", ""),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A measured reading, and the model's."""

    measured: dict[str, str]
    reading: Reading | None

    @property
    def construct(self) -> str:
        """The first construct that the rule has."""
        rule = f"{self.measured['rule']} "
        return next(name for name, pattern in CONSTRUCTS if re.search(pattern, rule))

    @property
    def agrees(self) -> bool:
        """Whether outcome and printed line are as measured; not the words of nft's refusal."""
        if self.reading is None or self.reading.outcome != self.measured["outcome"]:
            return False
        refused = self.reading.outcome == "nft-refused"
        return refused or self.reading.printed == self.measured["printed"]

    @property
    def agrees_as(self) -> bool:
        """Whether it is misread in the same direction."""
        found = self.reading.misread_as if self.reading else ""
        kind = self.measured["misread_as"]
        if self.measured["outcome"] != "misread":
            return found == ""
        return found == (kind if kind in {"wider", "narrower"} else "other")


def rows(path: Path, kernel: Kernel) -> Iterator[Row]:
    """Yield all rows of the file."""
    cache: dict[tuple[str, str], dict[str, Reading]] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for measured in csv.DictReader(stream, delimiter="\t"):
            command = " ".join(measured[part] for part in ("family", "table", "chain", "rule"))
            key = (command, measured.get("nft") or MEASURED_NFT)
            if key not in cache:
                cache[key] = _readings(*key, kernel)
            yield Row(measured, cache[key].get(measured["iptables"]))


def _readings(command: str, nft: str, kernel: Kernel) -> dict[str, Reading]:
    script = parse(f"add rule {command}")
    if script.errors or not script.commands:
        return {}
    return readings(script.commands[0], nft, kernel=kernel)


def table(title: str, total: Counter[str], agreed: Counter[str], directed: Counter[str]) -> None:
    """Print a table of shares."""
    print(f"{title:34} rows  outcome and line      direction")
    for name, count in total.items():
        share, direction = agreed[name] / count, directed[name] / count
        print(f"{name:34} {count:4}  {agreed[name]:4}  {share:7.2%}       {direction:7.2%}")


def main() -> int:
    """Run the comparison; the exit code is 0 whatever comes out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tsv", type=Path)
    parser.add_argument("--verbose", action="store_true", help="print each difference")
    parser.add_argument(
        "--kernel",
        type=Kernel,
        choices=list(Kernel),
        default=Kernel.MEASURED,
        help="which kernel takes the rules (default: the one of the measurements)",
    )
    args = parser.parse_args()
    groups = ("iptables", "construct")
    total, agreed, directed = ({group: Counter[str]() for group in groups} for _ in range(3))
    for row in rows(args.tsv, args.kernel):
        for group, name in zip(groups, (row.measured["iptables"], row.construct), strict=True):
            total[group][name] += 1
            agreed[group][name] += row.agrees
            directed[group][name] += row.agrees_as
        if args.verbose and not (row.agrees and row.agrees_as):
            print(f"{row.measured}\n    {row.reading}")
    for group in groups:
        table(group, total[group], agreed[group], directed[group])
    whole = sum(total["iptables"].values())
    table(
        "all",
        Counter(all=whole),
        *(Counter(all=sum(c["iptables"].values())) for c in (agreed, directed)),
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
