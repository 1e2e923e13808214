"""What a check is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nftlint.applicability import Applicability
from nftlint.edits import Edit
from nftlint.found import NftCall, ProgramRun
from nftlint.fragment import Fragment
from nftlint.owners import Owner
from nftlint.record import dataclass
from nftlint.results import Host, Location, NoFix
from nftlint.span import Span

if TYPE_CHECKING:
    from nftlint.nft.model import Command


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
class Run:
    """One run of a program other than nft; ``calls`` are the nft calls of the same file.

    ``flushes`` are places of other files on these hosts, at which a file that nft's service loads
    flushes the ruleset.
    """

    run: ProgramRun
    owners: tuple[Owner, ...]
    calls: Sequence[NftCall] = ()
    flushes: tuple[Location, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """All of a file, for settings that are known by their words wherever they stand."""

    fragment: Fragment
    owners: tuple[Owner, ...]


@dataclass(frozen=True, slots=True)
class Mend:
    """Edits that a check brings itself; with ``reasons`` they are unsafe at best.

    ``commands`` are what is written, as shell lines for display, where that is a command.
    """

    edits: tuple[Edit, ...]
    description: str
    applicability: Applicability
    reasons: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spoil:
    """What a chain, made as the file makes it, does to the fixes of rules in it."""

    limit: Applicability
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check has to say about a write, a run or a text.

    ``fix`` is ``None`` where the nft command is to be said in iptables' words. ``span`` is the
    place in a text's fragment; of a write or a run it is all. ``spoil`` limits the fixes of rules
    in the chain that a write makes. ``related`` are places, in whatever file, that have part in it.
    """

    rule: str
    level: str
    message: str
    consequence: str
    failure_mode: str
    fix: Mend | NoFix | None = None
    span: Span | None = None
    spoil: Spoil | None = None
    related: tuple[Location, ...] = ()
