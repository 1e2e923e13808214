"""What a host is without when an owner's rules are gone."""

from __future__ import annotations

from collections.abc import Collection

from nftlint.owners import Owner
from nftlint.record import dataclass


@dataclass(frozen=True, slots=True)
class Loss:
    """A failure mode, its level, and the sentence that explains it."""

    mode: str
    level: str
    sentence: str


def loss(owner: Owner, names: Collection[str], chain: str = "") -> Loss:
    """Return what follows where the owner's rules in the tables of these names are gone.

    With ``chain`` it is those of one chain; it may be of but one of the owners in a profile.
    """
    hit = [own for own in owner.tables if own.name in names and (not chain or own.names(chain))]
    policies = any(table.fatal_chains for table in hit)
    if "filter" in names and policies:
        sentence = (
            f"the rules of {owner.title} are gone until its next sync: until then no NetworkPolicy "
            "is enforced, and what it makes only at its start is gone until it is restarted"
        )
        return Loss("widening", "error", sentence)
    sentence = f"the rules of {owner.title} there are gone until it makes them again"
    if policies and "nat" in names:
        sentence += (
            ": masquerading of what pods send out stays gone until it is restarted, and those pods "
            "are cut off"
        )
    return Loss("none", "warning", sentence)


def names_of(owner: Owner, families: Collection[str] = ()) -> list[str]:
    """Return the names of the owner's tables in these families (in all if there are none)."""
    found = [
        table.name
        for table in owner.tables
        if not families or any(family in table.families for family in families)
    ]
    return list(dict.fromkeys(found))
