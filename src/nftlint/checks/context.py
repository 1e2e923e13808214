"""What a check is given: one nft command of one call, and the hosts that run it."""

from __future__ import annotations

from dataclasses import dataclass

from nftlint.found import NftCall
from nftlint.nft.model import Command
from nftlint.owners import Owner
from nftlint.results import Host


@dataclass(frozen=True, slots=True)
class Write:
    """One nft command that a call makes.

    ``statement`` is the top-level command of the script that it is part of (itself, but for the
    members of a block). ``owners`` manage tables on the hosts; ``versions`` are the
    iptables versions in question there.
    """

    call: NftCall
    command: Command
    statement: Command
    hosts: tuple[Host, ...]
    owners: tuple[Owner, ...]
    versions: tuple[str, ...]
    nft_version: str = "1.0.6"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check has to say about a write."""

    rule: str
    level: str
    message: str
    consequence: str
    failure_mode: str
