"""Readings: what ``iptables -S`` of a version makes of a rule that was added with nft."""

from __future__ import annotations

from collections.abc import Container
from functools import partial
from typing import Literal, TypeAlias

from nftlint.nft.model import Command, Rule
from nftlint.readings.command import Command as Listed
from nftlint.readings.compare import difference
from nftlint.readings.facts import Behaviour, behaviours
from nftlint.readings.kernel import Kernel, refusal
from nftlint.readings.listed import effects_of, effects_read, limit_lost, relations_of
from nftlint.readings.lower import MEASURED_NFT, lowering, tests_of
from nftlint.readings.meaning import Meaning, meaning
from nftlint.readings.netlink import Lowered, Refused
from nftlint.readings.reader import Place, read_lowered
from nftlint.record import dataclass

Outcome: TypeAlias = Literal[
    "right", "misread", "incompatible", "parse-error", "crash", "nft-refused"
]
MisreadAs: TypeAlias = Literal["wider", "narrower", "other", ""]
FAMILIES = frozenset({"ip", "ip6"})

# Those of rules/readings/versions.toml, from the oldest to the newest.
VERSIONS: tuple[str, ...] = (
    *("1.8.2", "1.8.4", "1.8.5", "1.8.7", "1.8.8"),
    *("1.8.9", "1.8.10", "1.8.11", "1.8.12", "1.8.13"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one version makes of a rule.

    ``printed`` is the line of ``-S``, or the program's last words joined by `` / ``. ``misread_as``
    says which packets the printed line fits: more than the rule, fewer, or others; ``other`` also
    where the line does something else with them. It is ``""`` if nothing was misread.
    """

    version: str
    outcome: Outcome
    printed: str
    misread_as: MisreadAs


def readings(
    command: Command,
    nft_version: str = MEASURED_NFT,
    *,
    kernel: Kernel = Kernel.COMPLETE,
    versions: Container[str] = VERSIONS,
) -> dict[str, Reading]:
    """Return the reading of each of the versions that is known; see ``read``."""
    added = _Added(command, nft_version, kernel)
    return {version: added.reading(version) for version in VERSIONS if version in versions}


def read(
    command: Command,
    version: str,
    nft_version: str = MEASURED_NFT,
    *,
    kernel: Kernel = Kernel.COMPLETE,
) -> Reading:
    """Return what iptables-nft of ``version`` makes of the rule that ``command`` adds.

    The rule is taken to be alone in its chain, added with nft of ``nft_version``. A hole in it is
    read as one ordinary value of its kind, and shown in what is printed.

    Raises ``KeyError`` for an unknown version, and ``ValueError`` for a command that adds no rule,
    or whose family is neither ``ip`` nor ``ip6``: iptables does not read it.
    """
    added = _Added(command, nft_version, kernel)
    if version not in VERSIONS:
        raise KeyError(version)
    return added.reading(version)


def _rule(command: Command) -> Rule:
    if command.rule is None:
        raise ValueError("the command has no rule")
    return command.rule


def _place(command: Command) -> Place:
    place = Place(*command.where)
    if place.family not in FAMILIES:
        raise ValueError(f"iptables reads no tables of the family {place.family}")
    return place


class _Added:
    """A rule that is in the kernel, or was refused: what is the same for all versions."""

    def __init__(self, command: Command, nft_version: str, kernel: Kernel) -> None:
        rule, self._place = _rule(command), _place(command)
        lowered, self._state = lowering(rule, self._place.family, nft_version)
        if isinstance(lowered, Lowered):
            lowered = refusal(lowered, self._place.table, self._place.chain, kernel) or lowered
        self._lowered = lowered
        transports = self._state.context.transports
        self._means = partial(
            meaning,
            family=self._place.family,
            transport=transports[-1] if transports else "",
            interfaces=self._state.standins.interfaces,
        )
        self._asked: Meaning | None = None

    def reading(self, version: str) -> Reading:
        """Return what one version makes of it."""
        lowered, show = self._lowered, self._state.standins.show
        if isinstance(lowered, Refused):
            return Reading(version, "nft-refused", show(lowered.message), "")
        behaviour = behaviours()[version]
        result = read_lowered(lowered, self._place, behaviour, self._state.standins.interfaces)
        printed = show(result.printed)
        match result.outcome:
            case "incompatible" | "parse-error" | "crash" as outcome:
                return Reading(version, outcome, printed, "")
            case _:
                kind = self._misread(lowered, result.command, behaviour)
                return Reading(version, "misread" if kind else "right", printed, kind)

    def _misread(self, lowered: Lowered, listed: Listed | None, behaviour: Behaviour) -> MisreadAs:
        if listed is None:
            return ""
        if effects_of(lowered.exprs) != effects_read(listed):
            return "other"
        if self._asked is None:
            self._asked = self._means(tests_of(self._state))
        found = difference(self._asked, self._means(tuple(relations_of(listed, behaviour))))
        if limit_lost(lowered.exprs, listed):
            return "wider" if found in {"", "wider"} else "other"
        match found:
            case "wider" | "narrower" | "other":
                return found
            case _:
                return ""
