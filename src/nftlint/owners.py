"""Owners: which tables and chains are whose, how they are read, and what tells a host of theirs.

What is known of each stands in ``rules/owners/TAG.toml``; a configuration may bring its own.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from nftlint.rulesdir import load_toml, rules_dir

IPTABLES_READERS = ("iptables-nft",)


@dataclass(frozen=True, slots=True)
class BaseChain:
    """A built-in chain, with the hook that iptables-nft gives it and insists upon."""

    name: str
    type: str
    hook: str
    priority: int


@dataclass(frozen=True, slots=True)
class OwnedTable:
    """A table that is driven through iptables; chain names are globs in which case counts.

    ``whole_table`` says that every chain in it is read, whoever made it. ``written_back`` says who
    writes what was read; it is empty if nobody does.
    """

    families: tuple[str, ...]
    name: str
    base_chains: tuple[BaseChain, ...]
    own_chains: tuple[str, ...]
    whole_table: bool
    fatal_chains: tuple[str, ...]
    written_back: str

    def base_chain(self, name: str) -> BaseChain | None:
        """Return the built-in chain of that name, if it is one."""
        return next((chain for chain in self.base_chains if chain.name == name), None)

    def holds(self, chain: str) -> bool:
        """Tell whether a rule in ``chain`` is read by the owner."""
        named = (*(base.name for base in self.base_chains), *self.own_chains)
        return self.whole_table or any(fnmatchcase(chain, pattern) for pattern in named)


@dataclass(frozen=True, slots=True)
class NativeTable:
    """A table that the owner makes with nft and that nobody else may write."""

    family: str
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the owner's cycle; no ``chains`` means the whole table."""

    what: str
    command: str
    table: str
    chains: tuple[str, ...]
    failure: str


@dataclass(frozen=True, slots=True)
class Release:
    """The iptables versions in the releases from ``first`` to ``last``, both inclusive."""

    first: str
    last: str
    base: str
    iptables: tuple[str, ...]
    verified: bool

    def includes(self, version: str) -> bool:
        """Tell whether the release ``version`` (``2.1``, ``v2.1.3``) may be one of these.

        A version that is cut short stands for all that begin so.
        """
        want, first, last = numbers(version), numbers(self.first), numbers(self.last)
        return (
            bool(want)
            and want[: len(first)] >= first[: len(want)]
            and want[: len(last)] <= last[: len(want)]
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """What tells that a host is, or is not, one of the owner's; see the kinds in the data.

    ``pattern`` and ``value`` are regular expressions that must match all of the text; ``value`` is
    ``None`` where anything will do. ``sense`` is ``is``, ``is-not``, ``lower`` or ``weak``.
    """

    kind: str
    pattern: re.Pattern[str]
    value: re.Pattern[str] | None
    sense: str
    note: str
    tag: str

    def matches(self, text: str, value: str | None = None) -> re.Match[str] | None:
        """Return the match of ``text``, if ``value`` fits too."""
        if self.value is not None and (value is None or not self.value.fullmatch(value)):
            return None
        return self.pattern.fullmatch(text)


@dataclass(frozen=True, slots=True)
class Owner:
    """A program that drives tables through iptables-nft, or a profile that includes such."""

    tag: str
    title: str
    aliases: tuple[str, ...]
    reader: str
    tables: tuple[OwnedTable, ...]
    native_tables: tuple[NativeTable, ...]
    steps: tuple[Step, ...]
    releases: tuple[Release, ...]
    evidence: tuple[Evidence, ...]

    @property
    def families(self) -> frozenset[str]:
        """All families in which it owns a table."""
        return frozenset(family for table in self.tables for family in table.families)

    def tables_of(self, family: str, table: str) -> tuple[OwnedTable, ...]:
        """Return its tables of that name; more than one where a profile includes several owners."""
        return tuple(own for own in self.tables if own.name == table and family in own.families)

    def manages(self, family: str, table: str, chain: str | None = None) -> bool:
        """Tell whether it reads that chain, or (without ``chain``) anything in that table."""
        owned = self.tables_of(family, table)
        return any(chain is None or own.holds(chain) for own in owned)

    def owns_native(self, family: str, table: str) -> bool:
        """Tell whether the table is one that it makes with nft."""
        return NativeTable(family, table) in self.native_tables

    def base_chain(self, family: str, table: str, chain: str) -> BaseChain | None:
        """Return the built-in chain of that place, if there is one."""
        found = (own.base_chain(chain) for own in self.tables_of(family, table))
        return next((base for base in found if base is not None), None)

    def own_chain(self, family: str, table: str, chain: str) -> bool:
        """Tell whether the chain is one that the owner makes for itself."""
        owned = self.tables_of(family, table)
        return any(fnmatchcase(chain, glob) for own in owned for glob in own.own_chains)

    def fatal(self, family: str, table: str, chain: str) -> bool:
        """Tell whether it dies when that chain cannot be listed."""
        return any(chain in own.fatal_chains for own in self.tables_of(family, table))

    def versions_for(self, release: str) -> tuple[str, ...]:
        """Return the iptables versions that its release (``2.1``, ``v2.1.3``) may have.

        Empty if the release is not known.
        """
        found = [
            version
            for known in self.releases
            if known.includes(release)
            for version in known.iptables
        ]
        return tuple(sorted(set(found), key=numbers))

    def iptables_of_image(self, image: str) -> tuple[str, ...]:
        """Return the iptables versions of an image reference; empty if nothing can be told."""
        for item in self.evidence:
            match = item.matches(image) if item.kind == "image" else None
            if match is None:
                continue
            found = match.groupdict()
            if found.get("iptables"):
                return (found["iptables"],)
            if found.get("version"):
                return self.versions_for(found["version"])
        return ()


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


def numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, for comparison: ``v2.1.0-rc7`` gives ``(2, 1, 0)``."""
    match = re.match(r"v?(\d+(?:\.\d+)*)", version)
    return tuple(map(int, match[1].split("."))) if match else ()


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
    names = [*known, *(alias for data in loaded.values() for alias in data.get("aliases", ()))]
    return UnknownOwner(tag, tuple(difflib.get_close_matches(tag, names)))


def parse_owner(data: Mapping[str, Any]) -> Owner:
    """Return the owner that a table of data describes, as in ``rules/owners/*.toml``.

    Raises ``KeyError``, ``TypeError`` or ``re.error`` for data that is not of that form.
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
        releases=tuple(_release(release) for release in data.get("releases", ())),
        evidence=tuple(_evidence(item, tag) for item in data.get("evidence", ())),
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


def _release(data: Mapping[str, Any]) -> Release:
    return Release(**{**data, "iptables": tuple(data["iptables"])})


def _evidence(data: Mapping[str, Any], tag: str) -> Evidence:
    value = data.get("value")
    return Evidence(
        kind=data["kind"],
        pattern=re.compile(data["pattern"]),
        value=None if value is None else re.compile(value),
        sense=data["sense"],
        note=data.get("note", ""),
        tag=tag,
    )
