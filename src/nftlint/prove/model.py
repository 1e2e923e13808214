"""What the proof engine takes and what it says."""

from __future__ import annotations

from typing import Literal

from nftlint.record import dataclass

Outcome = Literal["equal", "different", "unproved", "not-loadable"]
Method = Literal["bytecode", "packets", "packets, condition by condition", "none"]
Argv = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """An nft command and the iptables commands that are said to do the same.

    ``nft`` is one command or several lines of ``nft -f`` input. ``iptables`` are argument lists,
    each beginning with ``iptables`` or ``ip6tables``. The setup commands run first, each on its
    own side: the chains to jump to, the rules an index counts from.
    """

    nft: str
    iptables: tuple[Argv, ...]
    setup_nft: tuple[str, ...] = ()
    setup_iptables: tuple[Argv, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the kernel said of a pair.

    ``outcome`` is ``equal``, ``different``, ``unproved`` or ``not-loadable``. ``detail`` names the
    packet and both results (different), the missing observation (unproved) or the program's own
    message (not-loadable). ``hits`` and ``misses`` count packets, 0 where none were sent.
    """

    outcome: Outcome
    method: Method
    detail: str = ""
    hits: int = 0
    misses: int = 0
