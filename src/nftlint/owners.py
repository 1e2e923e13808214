"""Owners: which tables and chains are whose, how they are read, and what tells a host of theirs.

What is known of each stands in ``rules/owners/TAG.toml``; a configuration may bring its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nftlint.owner_model import (
    BaseChain,
    Evidence,
    NativeTable,
    OwnedTable,
    Owner,
    Release,
    Step,
    numbers,
)
from nftlint.patterns import compiled
from nftlint.record import dataclass, replace
from nftlint.rulesdir import load_toml, rules_dir

__all__ = [
    "DEFAULT_OWNER",
    "BaseChain",
    "Evidence",
    "NativeTable",
    "OwnedTable",
    "Owner",
    "Release",
    "Step",
    "UnknownOwner",
    "load_owner",
    "numbers",
    "owner_tags",
    "parse_owner",
]

IPTABLES_READERS = ("iptables-nft",)

DEFAULT_OWNER = "kube-router"
"""Whose tables count where nobody named a host: for a file without a tag, to say how much was not
judged, and for a command by itself."""


@dataclass(frozen=True, slots=True)
class UnknownOwner:
    """No owner has that tag; ``similar`` are tags that were perhaps meant."""

    tag: str
    similar: tuple[str, ...]

    @property
    def reason(self) -> str:
        """Say so, with a suggestion."""
        hint = f"; did you mean {' or '.join(self.similar)}?" if self.similar else ""
        return f"no owner is known by the tag {self.tag!r}{hint}"


def owner_tags() -> tuple[str, ...]:
    """Return the tags of all owners that come with nftlint, sorted."""
    return tuple(sorted(path.stem for path in (rules_dir() / "owners").glob("*.toml")))


def load_owner(tag: str) -> Owner | UnknownOwner:
    """Return the owner of that tag or alias, with those it includes merged in.

    Raises ``rulesdir.MissingDataError`` if the installation is broken.
    """
    known = owner_tags()
    if tag in known:
        return parse_owner(load_toml("owners", f"{tag}.toml"))
    loaded = {name: load_toml("owners", f"{name}.toml") for name in known}
    for data in loaded.values():
        if tag in data.get("aliases", ()):
            return parse_owner(data)
    import difflib

    names = [*known, *(alias for data in loaded.values() for alias in data.get("aliases", ()))]
    return UnknownOwner(tag, tuple(difflib.get_close_matches(tag, names)))


def parse_owner(data: Mapping[str, Any]) -> Owner:
    """Return the owner that a table of data describes, as in ``rules/owners/*.toml``.

    Raises ``KeyError`` or ``TypeError`` for data that is not of that form; what is wrong with the
    pattern of evidence is raised when it is used.
    """
    tag = data["tag"]
    owner = Owner(
        tag=tag,
        title=data.get("title", tag),
        aliases=tuple(data.get("aliases", ())),
        reader=data.get("reader", IPTABLES_READERS[0]),
        tables=tuple(map(_table, data.get("tables", ()))),
        native_tables=tuple(NativeTable(**table) for table in data.get("native_tables", ())),
        steps=tuple(_step(step) for step in data.get("steps", ())),
        releases=tuple(_release(item, tag) for item in data.get("releases", ())),
        evidence=tuple(_evidence(item, tag) for item in data.get("evidence", ())),
        includes=tuple(data.get("includes", ())),
        told=tuple(_evidence({**item, "sense": "version"}, tag) for item in data.get("told", ())),
    )
    return _include(owner, data.get("includes", ()))


def _include(owner: Owner, tags: Iterable[str]) -> Owner:
    for tag in tags:
        other = load_owner(tag)
        if isinstance(other, UnknownOwner):
            raise KeyError(other.reason)
        owner = replace(
            owner,
            tables=(*owner.tables, *other.tables),
            native_tables=(*owner.native_tables, *other.native_tables),
            steps=(*owner.steps, *other.steps),
            releases=(*owner.releases, *other.releases),
            evidence=(*owner.evidence, *other.evidence),
        )
    return owner


def _table(data: Mapping[str, Any]) -> OwnedTable:
    return OwnedTable(
        families=tuple(data["families"]),
        name=data["name"],
        base_chains=tuple(BaseChain(**chain) for chain in data.get("base_chains", ())),
        own_chains=tuple(data.get("own_chains", ())),
        whole_table=data.get("whole_table", True),
        fatal_chains=tuple(data.get("fatal_chains", ())),
        written_back=data.get("written_back", ""),
    )


def _step(data: Mapping[str, Any]) -> Step:
    return Step(**{**data, "chains": tuple(data["chains"])})


def _release(data: Mapping[str, Any], tag: str) -> Release:
    return Release(**{**data, "iptables": tuple(data["iptables"]), "of": tag})


def _evidence(data: Mapping[str, Any], tag: str) -> Evidence:
    value = data.get("value")
    return Evidence(
        kind=data["kind"],
        pattern=compiled(data["pattern"]),
        value=None if value is None else compiled(value),
        sense=data["sense"],
        note=data.get("note", ""),
        tag=tag,
        leaves=data.get("leaves", ""),
        words=tuple(data.get("words", ())),
        beside=data.get("beside", ""),
        source=data.get("source", ""),
    )
