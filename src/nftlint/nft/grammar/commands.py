"""Commands: verb, object, family, names, place, body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.nft.command import Command, Tail
from nftlint.nft.expression import Name
from nftlint.nft.grammar.bodies import guarded_body, named_body
from nftlint.nft.grammar.objects import OBJECTS
from nftlint.nft.grammar.recovery import SEPARATORS, note
from nftlint.nft.grammar.statements import rule
from nftlint.nft.grammar.tables import Owner, chain_of, table_block
from nftlint.nft.grammar.targets import FAMILIES, Target, family_or_implied, place, target
from nftlint.record import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from nftlint.nft.command import Body, Place
    from nftlint.nft.grammar.cursor import Cursor

_TEXT_VERBS = frozenset({"describe", "monitor", "export", "import"})
_VERBS = _TEXT_VERBS | frozenset(
    {
        *("add", "create", "insert", "replace", "delete", "destroy"),
        *("flush", "list", "reset", "rename", "get"),
    }
)
_NAMED = OBJECTS | {"set", "map", "element", "flowtable", "meter", "flow table"}
_LISTED = frozenset(
    {
        *("ruleset", "tables", "chains", "rules", "sets", "maps", "meters", "flowtables"),
        *("counters", "quotas", "limits", "secmarks", "synproxys", "tunnels", "hooks"),
        *("ct helpers", "ct timeout", "ct expectation", "flow tables"),
    }
)
_OBJECTS = _NAMED | {"table", "chain", "rule"}
# What a verb can be followed by, where it is not all objects; other combinations are noted as
# errors and read nonetheless.
_ALLOWED = {
    "insert": frozenset({"rule"}),
    "replace": frozenset({"rule"}),
    "rename": frozenset({"chain"}),
    "get": frozenset({"element"}),
    "create": _OBJECTS - {"rule"},
    "flush": frozenset({"table", "chain", "set", "map", "meter", "flow table", "ruleset"}),
    "list": (_OBJECTS | _LISTED) - {"rule"},
    "reset": _OBJECTS | _LISTED,
}
_BLOCKS = frozenset({"set", "map", "element", "flowtable"})
_FAMILY_ONLY = frozenset({"ruleset", "tables", "chains", "meters", "flow tables", "hooks"})
_UNMAKING = frozenset({"delete", "destroy", "reset", "get"})


@dataclass(frozen=True, slots=True)
class _Head:
    """The beginning of a command: the token it starts at, verb and object."""

    start: int
    verb: Name
    object: Name


def command(cursor: Cursor) -> Command:
    """Parse one command."""
    head = _head(cursor)
    if head.verb.text in _TEXT_VERBS:
        return _text(cursor, head)
    parser = _PARSERS.get(head.object.text)
    if parser is not None and not (head.verb.text == "list" and cursor.word == "table"):
        return parser(cursor, head)
    return _listing(cursor, head)


def _head(cursor: Cursor) -> _Head:
    """Parse verb and object, either of which may be implied or a hole."""
    start = cursor.index
    if cursor.on_hole and cursor.peek() in _VERBS:
        cursor.advance()  # options of nft itself, such as ``$NFT_FLAGS``
    verb = cursor.implied("add")
    if cursor.word in _VERBS or (cursor.on_hole and not cursor.word.startswith("ip")):
        verb = cursor.keyword()
    if verb.text in _TEXT_VERBS:
        return _Head(start, verb, cursor.implied(""))
    return _Head(start, verb, _object(cursor, verb))


def _object(cursor: Cursor, verb: Name) -> Name:
    """Parse the kind of thing, one or two words; without one it is a rule."""
    start, word = cursor.index, cursor.word
    if word in {"ct", "flow"}:
        cursor.advance()
        of_ct = ("helper", "helpers", "timeout", "expectation")
        among = ("table", "tables") if word == "flow" else of_ct
        kind = f"{word} {cursor.take(*among)}"
        return Name(kind, cursor.since(start))
    allowed = _ALLOWED.get(verb.text, _OBJECTS)
    if word in _OBJECTS or (word in _LISTED and verb.text in {"list", "reset", "flush"}):
        if word not in allowed:
            note(cursor, *sorted(allowed))
        return cursor.keyword()
    if verb.text in _VERBS and verb.text != "add":
        if not (word in FAMILIES or cursor.is_name(cursor.index)):
            cursor.fail(*sorted(allowed))
        note(cursor, *sorted(allowed))
    return cursor.implied("rule")


def _made(
    cursor: Cursor,
    head: _Head,
    aim: Target,
    where: Place | None = None,
    body: Body | None = None,
) -> Command:
    """Put a command together; its span ends before the token at the cursor."""
    has_chain = head.object.text in {"rule", "chain", "rules", "chains"}
    second = aim.name(1)
    return Command(
        head.verb,
        head.object,
        aim.family,
        aim.name(0),
        second if has_chain else None,
        aim.name(2) if has_chain else second,
        where,
        body,
        cursor.since(head.start),
    )


def _text(cursor: Cursor, head: _Head) -> Command:
    """Keep what follows as text."""
    start, aim = cursor.index, Target(cursor.implied("ip"), ())
    while cursor.word and cursor.word not in SEPARATORS:
        cursor.advance()
    span = cursor.since(start)
    return _made(cursor, head, aim, None, Tail(span.of(cursor.text), span))


def _table(cursor: Cursor, head: _Head) -> Command:
    """``add table ip filter { … }``, ``delete table ip handle 3``."""
    by_handle = head.verb.text in _UNMAKING
    aim = target(cursor, 1, by_handle=by_handle)
    where = place(cursor) if by_handle and not aim.names else None
    body: Body | None = None
    if cursor.word == "{":
        owner = Owner(aim.family, aim.name(0))
        body = table_block(cursor, owner)
    return _made(cursor, head, aim, where, body)


def _chain(cursor: Cursor, head: _Head) -> Command:
    """``add chain ip filter INPUT { … }``, ``rename chain ip filter OLD NEW``."""
    by_handle = head.verb.text in _UNMAKING
    aim = target(cursor, 3 if head.verb.text == "rename" else 2, by_handle=by_handle)
    where = place(cursor) if by_handle and len(aim.names) < 2 else None
    body: Body | None = None
    if cursor.word == "{":
        body = chain_of(cursor, Owner(aim.family, aim.name(0), aim.name(1)))
    return _made(cursor, head, aim, where, body)


def _rule(cursor: Cursor, head: _Head) -> Command:
    """``add rule ip filter INPUT position 3 accept``."""
    aim = target(cursor, 2)
    where = place(cursor)
    needs_handle = head.verb.text in _UNMAKING or head.verb.text == "replace"
    hidden = cursor.is_hole(cursor.index - 1) or head.verb.text in _UNMAKING
    if needs_handle and where is None and not cursor.is_hole(cursor.index - (cursor.at_end())):
        note(cursor, "handle")
    if cursor.at_end() and hidden:
        return _made(cursor, head, aim, where)
    body = guarded_body(cursor, rule)
    return _made(cursor, head, aim, where, body)


def _named(cursor: Cursor, head: _Head) -> Command:
    """Parse sets, maps, elements, flowtables and objects."""
    by_handle = head.verb.text in _UNMAKING
    aim = target(cursor, 2, by_handle=by_handle)
    where = place(cursor) if by_handle and len(aim.names) < 2 else None
    kind = head.object.text
    needs_block = head.verb.text in {"add", "create"} and kind in _BLOCKS
    if needs_block and cursor.at_end() and not cursor.is_hole(cursor.index - 1):
        note(cursor, "{")
    body = guarded_body(cursor, lambda inner: named_body(inner, kind))
    return _made(cursor, head, aim, where, body)


def _listing(cursor: Cursor, head: _Head) -> Command:
    """``list chains ip``, ``flush ruleset``, ``list counters table ip filter``."""
    family = family_or_implied(cursor, 2, "")
    if cursor.word in {"table", "chain"}:
        cursor.advance()
        family = family_or_implied(cursor, 2)
    names: list[Name] = []
    most = 0 if head.object.text in _FAMILY_ONLY else 2
    while len(names) < most and cursor.is_name(cursor.index):
        names.append(cursor.name("a name"))
    if cursor.accept("device"):
        cursor.string()
    return _made(cursor, head, Target(family, tuple(names)))


_PARSERS: dict[str, Callable[[Cursor, _Head], Command]] = {
    **dict.fromkeys(_NAMED, _named),
    "table": _table,
    "chain": _chain,
    "rule": _rule,
}
