"""Variables that hold a command or a script with variables in it: what was assigned to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nftlint.commands.words import Word
from nftlint.commands.wrappers import SHELLS
from nftlint.fragment import Fragment
from nftlint.shell.lens import read_word
from nftlint.shell.stretches import split
from nftlint.shell.tree import Piece, Simple
from nftlint.shell.tree import Word as Node
from nftlint.shell.values import Env

_READS_SCRIPT = SHELLS | {"nft", "eval", "su", "ssh", "runuser", "trap", "watch"}
PUT_TOGETHER = "the command is put together in a variable"


def assigned_to(node: Node, env: Env) -> Node | None:
    """Return what was assigned to the variable that ``node`` is, where it is no constant."""
    pieces = node.pieces
    if len(pieces) == 1 and pieces[0].kind == "double":
        pieces = pieces[0].pieces
    if len(pieces) != 1 or pieces[0].kind != "parameter" or pieces[0].operator:
        return None
    name = pieces[0].name
    known = env.get(name)
    return env.texts.get(name) if known is not None and not known.values else None


def command_behind(host: Fragment, node: Node, env: Env) -> list[Word] | None:
    """Return the words of ``$CMD``, which is not quoted and falls into words."""
    if not node.pieces or node.pieces[0].kind != "parameter":
        return None
    text = assigned_to(node, env)
    if text is None or any(piece.kind == "command" for piece in text.pieces):
        return None
    return split(host, replace(read_word(host, text, env), span=node.span))


def scripts_behind(host: Fragment, simple: Simple, words: list[Word], env: Env) -> list[Word]:
    """Let what ``$CMD`` holds stand for it in ``eval "$CMD"``, ``sh -c "$CMD"``, ``nft $CMD``."""
    names = {word.text.rpartition("/")[2] for word in words[:4]}
    if not names & _READS_SCRIPT or env.call is not None:
        return words
    texts = {node.span: assigned_to(node, env) for node in simple.words if node.pieces}
    return [
        replace(read_word(host, text, env), span=word.span)
        if (text := texts.get(word.span)) is not None and not _is_command(text.pieces)
        else word
        for word in words
    ]


def is_put_together(words: Sequence[Word]) -> bool:
    """Tell whether a word of nft's is what was assigned to a variable somewhere else."""
    return any(
        segment.outer.start < word.span.start or segment.outer.end > word.span.end
        for word in words
        for segment in word.fragment.segments
    )


def _is_command(pieces: tuple[Piece, ...]) -> bool:
    return any(piece.kind == "command" for piece in pieces)
