"""What will happen on the host, in one sentence, and how bad that is."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from nftlint.checks.context import Write
from nftlint.checks.owned import rewriter, tables
from nftlint.checks.variants import variants
from nftlint.owners import numbers
from nftlint.record import dataclass
from nftlint.writes import Managed, refusal

if TYPE_CHECKING:
    from nftlint.nft.model import Command
    from nftlint.readings import FailureMode, Reading

LEVELS = {"widening": "error", "crash": "error", "sync-abort": "error", "none": "warning"}


BUILD_TIME = (
    "it runs while the image is built, in the build's own network namespace, so it does nothing at "
    "run time: no node ever gets this rule"
)


@dataclass(frozen=True, slots=True)
class Consequence:
    """A failure mode, its level, and the sentence that explains it."""

    mode: str
    level: str
    sentence: str


def consequence_of(write: Write, managed: Managed) -> Consequence:
    """Return the worst that the write does with any of the iptables versions in question."""
    from nftlint.nft.model import Broken
    from nftlint.readings import mode_of, worst

    command, owner = managed.command, managed.owner
    if isinstance(command.body, Broken) or refusal(write.call):
        sentence = f"{refusal(write.call)}; what iptables would make of it is not known"
        return Consequence("none", LEVELS["none"], sentence)
    if unknown := _unknown(command):
        sentence = f"what iptables makes of it depends on what `{unknown}` holds"
        return Consequence("none", LEVELS["none"], sentence)
    if command.rule is None:
        sentence = "what iptables makes of it depends on words that are not known here"
        return Consequence("none", LEVELS["none"], sentence)
    if write.call.build_time:
        return Consequence("none", LEVELS["none"], BUILD_TIME)
    read: dict[FailureMode, tuple[str, list[Reading]]] = {}
    for variant in variants(write, managed):
        found = _readings(variant.command, write.nft_version, write.versions)
        mode = worst(mode_of(reading, owner, *command.where) for reading in found)
        read.setdefault(mode, (variant.condition, found))
    mode = worst(read)
    condition, found = read[mode]
    when = f"where {condition}, " if condition else ""
    return Consequence(mode, LEVELS[mode], when + _sentence(mode, found, managed))


def _unknown(command: Command) -> str:
    """Return a part of the rule that may be any part of a rule, if there is one."""
    from nftlint.nft.model import Unknown

    statements = command.rule.statements if command.rule is not None else ()
    return next((item.text for item in statements if isinstance(item, Unknown)), "")


@lru_cache(maxsize=1024)
def _readings(command: Command, nft_version: str, versions: tuple[str, ...]) -> list[Reading]:
    """Return the readings of a rule; equal rules at other places are read once."""
    from nftlint.readings import readings

    return list(readings(command, nft_version, versions=versions).values())


def _sentence(mode: str, found: list[Reading], managed: Managed) -> str:
    owner, place = managed.owner, " ".join(managed.command.where)
    if mode == "widening":
        return _misread([reading for reading in found if reading.outcome == "misread"], managed)
    bad = [reading for reading in found if reading.outcome not in ("right", "misread")]
    if mode == "crash":
        when = "at its next sync, and again after each restart"
        if managed.command.where[1] != "filter":
            when = "at its next start"
        return (
            f"iptables {_versions(bad)} cannot list {place} with it, so {owner.title} dies {when}"
        )
    if mode == "sync-abort":
        return f"iptables {_versions(bad)} cannot list the table with it, so {_aborted(managed)}"
    return (
        f"iptables {_versions(found)} reads it right, so nothing breaks today, but nothing keeps "
        f"it so: {owner.title} reads and rewrites this table through iptables"
    )


def _aborted(managed: Managed) -> str:
    """Return what an owner does no more that cannot list a table."""
    owner, table = managed.owner, managed.command.where[1]
    if table == "filter" and any(step.table == table for step in owner.steps):
        return (
            f"every sync of {owner.title} is aborted and NetworkPolicies silently stop being "
            "updated"
        )
    return f"what {owner.title} does there fails wherever it has to read the table first"


def _misread(found: list[Reading], managed: Managed) -> str:
    worst = next((reading for reading in found if reading.misread_as == "wider"), found[-1])
    same = [reading for reading in found if reading.printed == worst.printed]
    effect = {"wider": "wider than it was written", "narrower": "narrower than it was written"}
    return (
        f"iptables {_versions(same)} misreads it as `{worst.printed}`, and "
        f"{_written_back(managed)}: the rule becomes "
        f"{effect.get(worst.misread_as, 'a different one')}"
    )


def _written_back(managed: Managed) -> str:
    """Say who makes of a misreading the rule."""
    by = [own.written_back for own in tables(managed) if own.written_back]
    if any(rewriter(own) for own in tables(managed)):
        return f"{managed.owner.title} writes that back at its next sync"
    how = by[0] if by else "iptables-save | iptables-restore"
    return f"whoever saves and restores the table ({how}) writes that back"


def _versions(found: list[Reading]) -> str:
    """Say the versions as a range: ``1.8.9``, ``1.8.9 and 1.8.10``, ``1.8.9 to 1.8.13``."""
    versions = sorted({reading.version for reading in found}, key=numbers)
    if len(versions) <= 2:
        return " and ".join(versions)
    return f"{versions[0]} to {versions[-1]}"
