"""The fix of ``flush ruleset``: replace the tables that the script itself makes, and no other."""

from __future__ import annotations

from nftlint.applicability import Applicability
from nftlint.checks.context import Mend, Write
from nftlint.edits import Edit
from nftlint.holes import has_holes
from nftlint.results import NoFix
from nftlint.writes import Leaf, leaves, parsed

OWN = "tables that an earlier state of this script made, and it no longer does, stay"


def narrowed(write: Write) -> Mend | NoFix:
    """Return a fix that deletes the script's own tables instead of all.

    There is none where the script makes no table, or writes to one of the owners.
    """
    if parsed(write.call.script.text).includes:
        return NoFix("which tables are your own stands in part in the files that it includes")
    own: dict[tuple[str, str], None] = {}
    for leaf in leaves(write.call):
        names = _table(leaf)
        if names is None or leaf.command.span.start < write.command.span.start:
            continue
        if any(owner.tables_of(*names) for owner in write.owners):
            return NoFix("the script itself writes to a table that is not its own")
        if any(map(has_holes, names)):
            return NoFix("which tables are your own depends on a variable")
        own[names] = None
    if not own:
        return NoFix("delete your own tables only; which they are is not said in this call")
    return _mend(write, list(own))


def _table(leaf: Leaf) -> tuple[str, str] | None:
    table = leaf.command.table
    return None if table is None else (leaf.command.family.text, table.text)


def _mend(write: Write, own: list[tuple[str, str]]) -> Mend:
    text = write.call.script.text
    separator = "\n" if "\n" in text else "; "
    lines = [
        f"{verb} {family} {name}" for family, name in own for verb in ("add table", "delete table")
    ]
    edit = Edit(write.call.script, write.command.span, separator.join(lines))
    names = ", ".join(f"{family} {name}" for family, name in own)
    return Mend((edit,), f"delete {names} only", Applicability.UNSAFE, (OWN,))
