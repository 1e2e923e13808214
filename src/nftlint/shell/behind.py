"""Variables that hold a command or a script with variables in it: what was assigned to them."""

from __future__ import annotations

from collections.abc import Sequence

from nftlint.commands.words import Word
from nftlint.commands.wrappers import SHELLS
from nftlint.fragment import Builder, Fragment
from nftlint.record import replace
from nftlint.shell.asking import Asking, adds_rule
from nftlint.shell.lens import ELSEWHERE, read_word, read_words
from nftlint.shell.producers import filler
from nftlint.shell.scene import Site
from nftlint.shell.stretches import put_all, split
from nftlint.shell.tree import Word as Node
from nftlint.shell.values import Env

_READS_SCRIPT = SHELLS | {"nft", "eval", "su", "ssh", "runuser", "trap", "watch"}
_GENEROUS = 8
PUT_TOGETHER = "the command is put together in a variable"


def words_of(site: Site, asking: Asking) -> tuple[Word, ...]:
    """Return a command's words, with what variables hold where that is a command or a script."""
    host, env, nodes = site.scene.host, site.env, site.simple.words
    behind = _command_behind(host, nodes[0], env)
    if behind is not None:
        return (*behind, *read_words(host, nodes[1:], env))
    if nodes[0].span.of(env.text) not in asking:  # or else they would be read twice
        words = tuple(read_words(host, nodes, env, generous=_GENEROUS))
        names = {word.text.rpartition("/")[2] for word in words[:4]}
        if not (names & _READS_SCRIPT or (words and _may_take_text(words, env, asking))):
            return words
    return tuple(read_words(host, nodes, env, generous=_GENEROUS, fill=filler(site.scene)))


def _may_take_text(words: Sequence[Word], env: Env, asking: Asking) -> bool:
    """Tell whether a function that is called runs its words, or writes a rule that they hold."""
    name = words[0].text
    if name not in asking.writes:
        return name in asking
    holes = (hole for word in words[1:] for hole in word.fragment.holes.values())
    texts = (node.span.of(env.text) for hole in holes for node in env.texts_of(hole.name))
    return name in asking or any(map(adds_rule, texts))


def ways(site: Site) -> list[Site]:
    """Return a command once for each text that ``$CMD`` can be short for."""
    texts = _texts(site.simple.words[0], site.env)
    if len(texts) < 2:
        return [site]
    name = site.simple.words[0].pieces[0].name
    known = site.env.texts
    envs = [replace(site.env.copy(), texts={**known, name: (text,)}) for text in texts]
    return [replace(site, env=env) for env in envs]


def _command_behind(host: Fragment, node: Node, env: Env) -> list[Word] | None:
    """Return the words of ``$CMD``, which is not quoted and falls into words."""
    texts = _texts(node, env)
    if not texts or any(piece.kind == "command" for piece in texts[0].pieces):
        return None
    below = env.used_at(node.span, texts)
    word = read_word(host, texts[0], below)
    if below is not env:
        builder = Builder(host.text, host, ELSEWHERE)
        put_all(builder, word.fragment, ELSEWHERE)
        word = Word(builder.build("word"), node.span)
    return split(host, replace(word, span=node.span))


def _texts(node: Node, env: Env) -> tuple[Node, ...]:
    """Return what was assigned to ``$CMD``, where it is no constant."""
    piece = node.pieces[0] if len(node.pieces) == 1 else None
    if piece is None or piece.kind != "parameter" or piece.operator:
        return ()
    known = env.get(piece.name)
    return env.texts_of(piece.name) if known is not None and not known.values else ()


def is_put_together(words: Sequence[Word]) -> bool:
    """Tell whether a word of nft's is what was assigned to a variable somewhere else."""
    return any(
        segment.style is ELSEWHERE
        or segment.outer.start < word.span.start
        or segment.outer.end > word.span.end
        for word in words
        for segment in word.fragment.segments
    )
