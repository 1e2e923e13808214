"""What is known of a program that drives tables: its types."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from nftlint.record import dataclass


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
        return self.whole_table or self.names(chain)

    def names(self, chain: str) -> bool:
        """Tell whether ``chain`` is a built-in one that the owner uses, or one of its own."""
        named = (*(base.name for base in self.base_chains), *self.own_chains)
        return any(fnmatchcase(chain, pattern) for pattern in named)


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
    """The iptables versions in the releases from ``first`` to ``last``, both inclusive.

    ``of`` is the tag of the owner whose releases these are.
    """

    first: str
    last: str
    base: str
    iptables: tuple[str, ...]
    verified: bool
    of: str = ""

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
    ``None`` where anything will do. ``sense`` is ``is``, ``is-not``, ``lower`` or ``weak``; with
    ``lower``, ``leaves`` is the owner that still reads the tables, if it is another one.
    One of ``words`` (lower case, without blanks and quotes) stands in whatever text or value
    matches, and ``beside``, if it is not empty, in the same file: by them evidence is looked for.
    ``source`` says where, and in which version, this was read.
    """

    kind: str
    pattern: re.Pattern[str]
    value: re.Pattern[str] | None
    sense: str
    note: str
    tag: str
    leaves: str = ""
    words: tuple[str, ...] = ()
    beside: str = ""
    source: str = ""

    def matches(self, text: str, value: str | None = None) -> re.Match[str] | None:
        """Return the match of ``text``, if ``value`` fits too."""
        if self.value is not None and (value is None or not self.value.fullmatch(value)):
            return None
        return self.pattern.fullmatch(text)


@dataclass(frozen=True, slots=True)
class Owner:
    """A program that drives tables through iptables-nft, or a profile that includes such.

    ``told`` are variables that tell its version, in a group ``version`` of ``value``.
    """

    tag: str
    title: str
    aliases: tuple[str, ...]
    reader: str
    tables: tuple[OwnedTable, ...]
    native_tables: tuple[NativeTable, ...]
    steps: tuple[Step, ...]
    releases: tuple[Release, ...]
    evidence: tuple[Evidence, ...]
    includes: tuple[str, ...] = ()
    told: tuple[Evidence, ...] = ()

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

    @property
    def supported(self) -> tuple[str, ...]:
        """The iptables versions that its releases come with, from the oldest to the newest."""
        found = {version for release in self.releases for version in release.iptables}
        return tuple(sorted(found, key=numbers))

    def versions_for(self, release: str, of: str = "kube-router") -> tuple[str, ...]:
        """Return the iptables versions that a release (``2.1``, ``v2.1.3``) of ``of`` may have.

        Empty if the release is not known.
        """
        found = [
            version
            for known in self.releases
            if known.of == of and known.includes(release)
            for version in known.iptables
        ]
        return tuple(sorted(set(found), key=numbers))

    def iptables_of_image(self, image: str) -> tuple[str, ...]:
        """Return the iptables versions of an image reference; empty if nothing can be told.

        The image of a program that a profile includes counts if it names its iptables itself.
        """
        for item in self.evidence:
            match = item.matches(image) if item.kind == "image" else None
            if match is None:
                continue
            found = match.groupdict()
            if found.get("iptables"):
                return (found["iptables"],)
            if found.get("version") and item.tag == self.tag:
                return self.versions_for(found["version"], item.tag)
        return ()

    def iptables_of_variable(self, name: str, value: str) -> tuple[str, ...]:
        """Return the iptables versions that a variable tells; empty if it tells nothing."""
        for item in self.told:
            match = item.value.fullmatch(value) if item.value is not None else None
            if match is not None and item.tag == self.tag and item.pattern.fullmatch(name):
                return self.versions_for(match["version"], item.tag)
        return ()


def numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, for comparison: ``v2.1.0-rc7`` gives ``(2, 1, 0)``."""
    match = re.match(r"v?(\d+(?:\.\d+)*)", version)
    return tuple(map(int, match[1].split("."))) if match else ()
