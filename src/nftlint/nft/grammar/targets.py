"""What a command is aimed at: family, and the names of table and chain or object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.holes import has_holes
from nftlint.nft.command import Place
from nftlint.record import dataclass

if TYPE_CHECKING:
    from nftlint.nft.expression import Name
    from nftlint.nft.grammar.cursor import Cursor

FAMILIES = frozenset({"ip", "ip6", "inet", "arp", "bridge", "netdev"})
_WHAT = ("a table", "a chain or other name", "a new name")
# Tables by these names are the ones that iptables has: beside a hole they are not chains.
_TABLES = frozenset({"filter", "nat", "mangle", "raw", "security"})


@dataclass(frozen=True, slots=True)
class Target:
    """``family`` may be implied; names are missing where a hole before them may hold them."""

    family: Name
    names: tuple[Name, ...]

    def name(self, index: int) -> Name | None:
        """Return a name, if it is there."""
        return self.names[index] if index < len(self.names) else None


def target(cursor: Cursor, wanted: int, *, by_handle: bool = False) -> Target:
    """Parse a family, if there is one, and ``wanted`` names, the last of which a handle may be."""
    family = family_or_implied(cursor, wanted)
    names: list[Name] = []
    while len(names) < wanted:
        if by_handle and cursor.word == "handle" and len(names) == wanted - 1:
            break
        if not cursor.is_name(cursor.index) and cursor.is_hole(cursor.index - 1):
            break
        names.append(cursor.name(_WHAT[len(names)]))
    return Target(family, tuple(names))


def family_or_implied(cursor: Cursor, wanted: int, implied: str = "ip") -> Name:
    """Take a family, which may be a hole or half of one; without one it is ``implied``."""
    if cursor.word in FAMILIES or (cursor.on_hole and _is_family(cursor, wanted)):
        return cursor.keyword()
    return cursor.implied(implied)


def _is_family(cursor: Cursor, wanted: int) -> bool:
    """Tell whether the hole here is a family: one name more than wanted follows."""
    if cursor.word.startswith(("ip", "inet")) and cursor.kind == "word":
        return True
    start = cursor.index
    names: list[str] = []
    while len(names) <= wanted and cursor.is_name(cursor.index):
        names.append(cursor.name("").text)
    cursor.seek(start)
    if len(names) <= wanted:
        return False
    return not has_holes(names[-1]) or names[1] in _TABLES


def place(cursor: Cursor) -> Place | None:
    """``handle 4``, ``position 4``, ``index 0``, or nothing."""
    if cursor.word not in {"handle", "position", "index"}:
        return None
    start, kind = cursor.index, cursor.word
    cursor.advance()
    return Place(kind, cursor.number(), cursor.since(start))
