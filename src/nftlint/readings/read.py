"""Readings: what ``iptables -S`` of a version makes of a rule that was added with nft."""

from __future__ import annotations

from typing import Literal, TypeAlias

from nftlint.nft.model import Command, Rule
from nftlint.readings.command import Command as Listed
from nftlint.readings.compare import difference
from nftlint.readings.facts import Behaviour, behaviours
from nftlint.readings.kernel import Kernel, refusal
from nftlint.readings.listed import effects_of, effects_read, limit_lost, relations_of
from nftlint.readings.lower import MEASURED_NFT, lowering, tests_of
from nftlint.readings.meaning import meaning
from nftlint.readings.netlink import Lowered, Refused
from nftlint.readings.reader import Place, read_lowered
from nftlint.readings.state import Lowering
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
    command: Command, nft_version: str = MEASURED_NFT, *, kernel: Kernel = Kernel.COMPLETE
) -> dict[str, Reading]:
    """Return the reading of each version; see ``read``."""
    rule, place = _rule(command), _place(command)
    lowered, state = lowering(rule, place.family, nft_version)
    return {version: _reading(lowered, state, place, version, kernel) for version in VERSIONS}


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
    rule, place = _rule(command), _place(command)
    if version not in VERSIONS:
        raise KeyError(version)
    lowered, state = lowering(rule, place.family, nft_version)
    return _reading(lowered, state, place, version, kernel)


def _rule(command: Command) -> Rule:
    if command.rule is None:
        raise ValueError("the command has no rule")
    return command.rule


def _place(command: Command) -> Place:
    place = Place(*command.where)
    if place.family not in FAMILIES:
        raise ValueError(f"iptables reads no tables of the family {place.family}")
    return place


def _reading(
    lowered: Lowered | Refused, state: Lowering, place: Place, version: str, kernel: Kernel
) -> Reading:
    if isinstance(lowered, Lowered):
        refused = refusal(lowered, place.table, place.chain, kernel)
        lowered = refused or lowered
    if isinstance(lowered, Refused):
        return Reading(version, "nft-refused", state.standins.show(lowered.message), "")
    result = read_lowered(lowered, place, behaviours()[version], state.standins.interfaces)
    printed = state.standins.show(result.printed)
    match result.outcome:
        case "incompatible" | "parse-error" | "crash" as outcome:
            return Reading(version, outcome, printed, "")
        case _:
            kind = _misread(lowered, state, result.command, behaviours()[version])
            return Reading(version, "misread" if kind else "right", printed, kind)


def _misread(
    lowered: Lowered, state: Lowering, command: Listed | None, behaviour: Behaviour
) -> MisreadAs:
    if command is None:
        return ""
    if effects_of(lowered.exprs) != effects_read(command):
        return "other"
    transports = state.context.transports
    transport = transports[-1] if transports else ""
    interfaces = state.standins.interfaces
    relations = tuple(relations_of(command, behaviour))
    asked = meaning(tests_of(state), command.family, transport, interfaces)
    read_as = meaning(relations, command.family, transport, interfaces)
    found = difference(asked, read_as)
    if limit_lost(lowered.exprs, command):
        return "wider" if found in {"", "wider"} else "other"
    match found:
        case "wider" | "narrower" | "other":
            return found
        case _:
            return ""
