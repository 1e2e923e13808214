"""What follows from a reading for the program that reads the table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from nftlint.nft.model import Command
from nftlint.owners import Owner
from nftlint.readings.lower import MEASURED_NFT
from nftlint.readings.read import FAMILIES, Reading, read

FailureMode: TypeAlias = Literal["widening", "crash", "sync-abort", "none"]
RANKS: tuple[FailureMode, ...] = ("widening", "crash", "sync-abort", "none")


def failure_mode(
    command: Command,
    versions: Iterable[str],
    owner: Owner,
    nft_version: str = MEASURED_NFT,
) -> FailureMode:
    """Return the worst that the rule does to ``owner`` with any of the iptables versions.

    *widening*: it is misread, and what was read is written back. *crash*: its chain is one whose
    listing the owner needs to live. *sync-abort*: it cannot be listed, elsewhere in the table.
    *none*: it is read right, refused by nft, or in a place that the owner does not read.

    Raises what ``read`` raises, but for families that iptables does not read.
    """
    family, table, chain = command.where
    if family not in FAMILIES or not owner.manages(family, table, chain):
        return "none"
    found = [read(command, version, nft_version) for version in versions]
    return worst(mode_of(reading, owner, family, table, chain) for reading in found)


def mode_of(reading: Reading, owner: Owner, family: str, table: str, chain: str) -> FailureMode:
    """Return what one reading does to the owner of that chain."""
    match reading.outcome:
        case "misread":
            return "widening"
        case "incompatible" | "parse-error" | "crash":
            return "crash" if owner.fatal(family, table, chain) else "sync-abort"
        case _:
            return "none"


def worst(modes: Iterable[FailureMode]) -> FailureMode:
    """Return the worst of them; ``none`` if there are none."""
    return min(modes, key=RANKS.index, default="none")
