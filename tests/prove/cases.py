"""Reading the tables of pairs: an nft command a block, its iptables commands indented below."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nftlint.prove import Pair, Verdict, prove

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    """A pair, and the method its proof must come by where the table names one."""

    pair: Pair
    method: str | None

    def __str__(self) -> str:
        commands = "; ".join(" ".join(argv) for argv in self.pair.iptables)
        return f"{self.pair.nft} ~ {commands}"


def read(name: str) -> list[Case]:
    blocks: list[list[str]] = []
    for line in (HERE / name).read_text().splitlines():
        if line.startswith("  "):
            blocks[-1].append(line.strip())
        elif line and not line.startswith("#"):
            blocks.append([line])
    return [_case(block) for block in blocks]


def _case(block: list[str]) -> Case:
    nft, *rest = block
    methods = [line.removeprefix("~ ") for line in rest if line.startswith("~ ")]
    argvs = tuple(tuple(shlex.split(line)) for line in rest if not line.startswith("~ "))
    return Case(Pair(nft, argvs), methods[0] if methods else None)


@cache
def verdicts(name: str) -> list[Verdict]:
    """Prove a whole table at once: the namespaces are opened once."""
    return prove([case.pair for case in read(name)])
