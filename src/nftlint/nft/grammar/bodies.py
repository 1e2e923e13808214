"""Bodies by the kind of object, kept as broken where they are not nft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.nft.command import Broken
from nftlint.nft.grammar.chains import flowtable_block
from nftlint.nft.grammar.cursor import SyntaxFault
from nftlint.nft.grammar.objects import OBJECTS, object_body
from nftlint.nft.grammar.recovery import recover
from nftlint.nft.grammar.sets import elements, set_block

if TYPE_CHECKING:
    from collections.abc import Callable

    from nftlint.nft.command import Body
    from nftlint.nft.grammar.cursor import Cursor


def guarded_body(cursor: Cursor, parser: Callable[[Cursor], Body | None]) -> Body | None:
    """Parse a body; one that is not nft is kept as broken, so that its command is not lost."""
    start, depth = cursor.index, cursor.depth
    try:
        return parser(cursor)
    except SyntaxFault as fault:
        error = recover(cursor, fault, depth)
        return Broken(error, cursor.since(start))


def named_body(cursor: Cursor, kind: str) -> Body | None:
    """Parse what follows the name of a set, map, element, flowtable or object."""
    if kind in OBJECTS:
        return object_body(cursor, kind)
    if kind == "element" and not cursor.at_end():
        return elements(cursor)
    if cursor.word != "{":
        return None
    return flowtable_block(cursor) if kind == "flowtable" else set_block(cursor)
