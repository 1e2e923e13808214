"""Words and what they are made of: the values that they can have at one point of a script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from math import prod

from nftlint.patterns import compiled
from nftlint.record import replace
from nftlint.shell.ansi import decode_ansi
from nftlint.shell.braces import expanded
from nftlint.shell.tree import Body, Piece, Simple
from nftlint.shell.tree import Word as Node
from nftlint.shell.values import LONGEST, MAX_VALUES, UNKNOWN, Env, Known, either

_ASKED = compiled(r"\s*(?:which|command\s+-v|type\s+-[pP])\s+([\w/.-]+)")


def is_open(name: str, env: Env) -> bool:
    """Tell whether some text that a variable may hold is not known as a value."""
    return any(not known_word(node, env).values for node in env.texts_of(name))


def known_word(word: Node, env: Env) -> Known:
    """Return the values of a word (a constant, or made of variables with known values)."""
    if not word.pieces:
        return Known((word.span.of(env.text),), exact=True)
    return known_pieces(word.pieces, env)


def known_pieces(pieces: Sequence[Piece], env: Env) -> Known:
    """Return the values that pieces have together."""
    parts = [known_piece(piece, env) for piece in pieces]
    positional = any(part.positional for part in parts)
    if not all(part.values for part in parts):
        return Known(positional=positional)
    if prod(len(part.values) for part in parts) > MAX_VALUES:
        return Known(positional=positional)
    values = ["".join(choice) for choice in product(*(part.values for part in parts))]
    if max(map(len, values)) > LONGEST:
        return Known(positional=positional)
    exact = all(part.exact for part in parts)
    return Known(tuple(dict.fromkeys(values)), exact, positional)


def known_piece(piece: Piece, env: Env) -> Known:
    """Return the values of one piece."""
    inner = piece.inner.of(env.text)
    match piece.kind:
        case "plain" | "single":
            return Known((inner,), exact=True)
        case "escape":
            return Known(("" if inner == "\\\n" else inner[1:],), exact=True)
        case "ansi":
            return Known((decode_ansi(inner),), exact=True)
        case "double":
            if not piece.pieces:
                return Known(("",), exact=True)
            return known_pieces(piece.pieces, env)
        case "parameter":
            return _parameter(piece, env)
        case "command" if piece.body is not None:
            return _path_of(piece.body, env)
        case "backtick":
            match = _ASKED.match(inner)
            return Known((match[1],)) if match else UNKNOWN
        case _:
            return UNKNOWN


def _parameter(piece: Piece, env: Env) -> Known:
    known = env.get(piece.name)
    positional = _positional(piece.name, env)
    if positional is not None:
        known = positional
    if not piece.operator:
        return known or UNKNOWN
    if piece.operator in (":-", "-", ":=", "="):
        default = known_pieces(piece.pieces, env) if piece.pieces else Known(("",))
        if known is None:
            return replace(default, exact=False)
        return known if known.exact and all(known.values) else either(known, default)
    if piece.operator in (":?", "?"):
        return known or UNKNOWN
    if piece.operator in (":+", "+"):
        return replace(either(known_pieces(piece.pieces, env), Known(("",))), exact=False)
    return replace(UNKNOWN, positional=bool(known and known.positional))


def _positional(name: str, env: Env) -> Known | None:
    """Return the value of ``$1`` inside a call; a parameter that was not given is empty."""
    if env.positional is not None and name in ("@", "*"):
        known = not any(word.fragment.holes for word in env.positional)
        texts = (" ".join(word.text for word in env.positional),) if known else ()
        return Known(texts, exact=known, positional=True)
    if env.positional is None or not name.isdigit() or name == "0":
        return None
    index = int(name) - 1
    if index >= len(env.positional):
        return Known(("",), exact=True, positional=True)
    word = env.positional[index]
    if word.fragment.holes:
        return Known(positional=True)
    return Known((word.text,), exact=True, positional=True)


def _path_of(body: Body, env: Env) -> Known:
    """Return the program that ``$(command -v nft)`` or ``$(which nft)`` is the path of."""
    first = body.items[0].pipelines[0].commands[:1] if body.items else ()
    if not first or not isinstance(first[0], Simple):
        return UNKNOWN
    words = [known_word(word, env).values for word in first[0].words]
    texts = [values[0] if len(values) == 1 else "" for values in words]
    if texts[:1] == ["which"] or texts[:2] in (["command", "-v"], ["type", "-p"], ["type", "-P"]):
        return Known((texts[-1],)) if len(texts) > 1 and texts[-1] else UNKNOWN
    return UNKNOWN


def elements(words: Iterable[Node], env: Env) -> tuple[str, ...] | None:
    """Return the elements of an array, where they are constants."""
    found: list[str] = []
    for word in words:
        splat = splat_name(word)
        known = known_word(word, env)
        if env.bash and not word.pieces:
            found += expanded(word.span.of(env.text))
            continue
        if splat and env.arrays.get(splat) is not None:
            found += env.arrays[splat] or ()
        elif len(known.values) == 1:
            quoted = word.pieces and word.pieces[0].kind in ("double", "single", "ansi")
            found += known.values if quoted or not word.pieces else known.values[0].split()
        else:
            return None
    return tuple(found)


def splat_name(word: Node) -> str:
    """Return the array whose elements a word is: ``"${NFT[@]}"``; or ``@``, ``*``; else ``""``."""
    pieces = word.pieces
    if len(pieces) == 1 and pieces[0].kind == "double":
        pieces = pieces[0].pieces
    if len(pieces) != 1 or pieces[0].kind != "parameter" or pieces[0].operator:
        return ""
    name = pieces[0].name
    if name in ("@", "*"):
        return name
    return name[:-3] if name.endswith(("[@]", "[*]")) and name[0] not in "#!" else ""
