"""Variables that hold several words, or nft keywords: the command is read with their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from nftlint.holes import choices
from nftlint.patterns import compiled
from nftlint.shell.known import is_open, known_piece
from nftlint.shell.tree import Piece, Simple
from nftlint.shell.values import MAX_VALUES, Env, Known

_KEYWORDS = frozenset({"add", "insert", "create", "replace", "delete", "destroy", "flush"}) | {
    "rule",
    "chain",
    "table",
    "element",
    "set",
    "map",
}
_HEAD = 8
_PLACE = 7
"""``sudo nft add rule ip TABLE CHAIN``."""
_RUNS = compiled(r"\bnft\b")
Choice = tuple[Mapping[str, str], str]
"""Values for variables by name, and why a command read with them cannot be written anew."""

PLAIN: Sequence[Choice] = (({}, ""),)


def alternatives(simple: Simple, env: Env) -> Sequence[Choice]:
    """Return the readings of a command: one for each value of the variables in question."""
    together = _together(simple, env)
    if together:
        return together
    found: dict[str, Known] = {}
    for word in simple.words:
        for piece in _parameters(word.pieces):
            known = env.get(piece.name)
            if known is None or (not known.exact and is_open(piece.name, env)):
                continue
            if any(_inline(value, env) for value in known.likely()):
                found[piece.name] = known
    if not found:
        return PLAIN
    every = choices({name: known.likely() for name, known in found.items()})
    chosen = list(islice(every, MAX_VALUES + 1))
    if len(chosen) > MAX_VALUES:
        return PLAIN
    fixed = _fixed(found)
    return [(choice, fixed) for choice in chosen]


def _together(simple: Simple, env: Env) -> Sequence[Choice]:
    """Return a reading for each row of variables that are set together, and say which chain it is.

    Or else the table of one row would be read with the chain of another.
    """
    words = simple.words[:_PLACE] if env.rows.rows else ()
    names = dict.fromkeys(piece.name for word in words for piece in _parameters(word.pieces))
    here = [name for name in names if _is_of_row(name, env)]
    if len(here) < 2:
        return ()
    rows = dict.fromkeys(tuple((name, row[name]) for name in here) for row in env.rows.rows)
    if len(rows) < 2:
        return ()
    fixed = _fixed({name: env.rows.known[name] for name in here})
    return [(dict(row), fixed or f"`${here[0]}` is read from a text") for row in rows]


def _is_of_row(name: str, env: Env) -> bool:
    known = env.rows.known.get(name)
    return known is not None and env.scalars.get(name) == known


def uncertain(simple: Simple, env: Env) -> tuple[str, ...]:
    """Return the doubts about variables in a command's head that may hold other values.

    The program itself is none of them: what runs nft is taken to run nft.
    """
    found: dict[str, None] = {}
    for word in simple.words[1:_HEAD]:
        for piece in _any_parameters(word.pieces):
            known = known_piece(piece, env)
            values = known.likely()
            if values and not known.exact and not any(map(_RUNS.search, values)):
                raw = piece.span.of(env.text)
                found[f"`{raw}` may hold something else than `{values[0]}`."] = None
    return tuple(found)


def _any_parameters(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    for piece in pieces:
        if piece.kind == "parameter":
            yield piece
        elif piece.kind == "double":
            yield from _any_parameters(piece.pieces)


def _inline(value: str, env: Env) -> bool:
    if not value or value in _KEYWORDS:
        return True
    if value in env.functions and value != "nft":  # `command -v nft` is asked for the program
        return True
    return any(char in value for char in " \t\n;")


def _fixed(found: Mapping[str, Known]) -> str:
    for name, known in found.items():
        if len(known.values) > 1:
            shown = ", ".join(f"`{value}`" for value in known.values[:4])
            return f"`${name}` can be {shown}"
        if not known.exact:
            return f"`${name}` may hold something else than `{known.values[0]}`"
    return ""


def _parameters(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    for piece in pieces:
        if piece.kind == "parameter" and not piece.operator:
            yield piece
        elif piece.kind == "double":
            yield from _parameters(piece.pieces)
