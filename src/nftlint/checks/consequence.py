"""What will happen on the host, in one sentence, and how bad that is."""

from __future__ import annotations

from dataclasses import dataclass

from nftlint.checks.context import Write
from nftlint.nft.model import Broken
from nftlint.owners import Owner, numbers
from nftlint.readings import Reading, failure_mode, read

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


def consequence_of(write: Write, owner: Owner) -> Consequence:
    """Return the worst that the write does with any of the iptables versions in question."""
    body = write.command.body
    if isinstance(body, Broken):
        sentence = (
            f"what iptables makes of it is not known, since it is not nft: {body.error.message}"
        )
        return Consequence("none", LEVELS["none"], sentence)
    if write.call.build_time:
        return Consequence("none", LEVELS["none"], BUILD_TIME)
    found = [read(write.command, version, write.nft_version) for version in write.versions]
    mode = failure_mode(write.command, write.versions, owner, write.nft_version)
    return Consequence(mode, LEVELS[mode], _sentence(mode, found, write, owner))


def _sentence(mode: str, found: list[Reading], write: Write, owner: Owner) -> str:
    place = _place(write)
    if mode == "widening":
        return _misread([reading for reading in found if reading.outcome == "misread"], owner)
    bad = [reading for reading in found if reading.outcome not in ("right", "misread")]
    if mode == "crash":
        return (
            f"iptables {_versions(bad)} cannot list {place} with it, "
            f"so {owner.title} dies at its next sync and its pod crash-loops"
        )
    if mode == "sync-abort":
        return (
            f"iptables {_versions(bad)} cannot list the table with it, so every sync of "
            f"{owner.title} is aborted and NetworkPolicies silently stop being updated"
        )
    return (
        f"iptables {_versions(found)} reads it right, so nothing breaks today, but nothing keeps "
        f"it so: {owner.title} reads and rewrites this table through iptables"
    )


def _misread(found: list[Reading], owner: Owner) -> str:
    worst = next((reading for reading in found if reading.misread_as == "wider"), found[-1])
    same = [reading for reading in found if reading.printed == worst.printed]
    effect = {"wider": "wider than it was written", "narrower": "narrower than it was written"}
    return (
        f"iptables {_versions(same)} misreads it as `{worst.printed}`, and {owner.title} writes "
        f"that back at its next sync: the rule becomes "
        f"{effect.get(worst.misread_as, 'a different one')}"
    )


def _place(write: Write) -> str:
    command = write.command
    chain = command.chain.text if command.chain is not None else ""
    return f"{command.family.text} {command.table.text if command.table else ''} {chain}".strip()


def _versions(found: list[Reading]) -> str:
    """Say the versions as a range: ``1.8.9``, ``1.8.9 and 1.8.10``, ``1.8.9 to 1.8.13``."""
    versions = sorted({reading.version for reading in found}, key=numbers)
    if len(versions) <= 2:
        return " and ".join(versions)
    return f"{versions[0]} to {versions[-1]}"
