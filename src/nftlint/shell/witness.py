"""A second reader: tree-sitter's grammar of bash has to see the same words before one is changed.

Our own reader (``parse``) knows what tree-sitter-bash 0.25.1 is known to misread in silence:
heredocs, and redirects around words. These are blanked to the same length first, and so is what is
no ASCII, so that byte offsets are code points. Where the two still disagree about a command, one
of them is wrong, and nobody can say which: the command is reported, and not rewritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from tree_sitter import Language, Node, Parser

from nftlint.fragment import Refusal
from nftlint.patterns import compiled
from nftlint.shell.nodes import nodes
from nftlint.shell.tree import Script, Simple
from nftlint.span import Span

DISAGREE = (
    "two readers of shell, nftlint's and tree-sitter's, see different words here, "
    "and what is not certain is not changed"
)
_FOREIGN = compiled(r"[^\x00-\x7f]")
_INK = compiled(r"[^\n]")


def disagreement(script: Script, commands: Iterable[Simple]) -> Refusal | None:
    """Return why commands may not be rewritten: tree-sitter sees other words in one of them."""
    script = script if script.library is None else script.library.alone
    every = all(_agrees(script, command) for command in commands)
    return None if every else Refusal(DISAGREE)


def _agrees(script: Script, command: Simple) -> bool:
    words = {word.span for word in command.words}
    first, last = command.words[0].span, command.words[-1].span
    seen = _commands(_masked(script)).get(first, frozenset())
    return words == {span for span in seen if first.start <= span.start < last.end}


@lru_cache(maxsize=2)
def _masked(script: Script) -> str:
    """Return the script's text in ASCII, with heredocs and plain redirects blanked."""
    spans = {
        span
        for heredoc in script.heredocs.values()
        for span in (heredoc.redirect.span, heredoc.body, heredoc.end)
    }
    for node in (script.body, *(heredoc.pieces for heredoc in script.heredocs.values())):
        spans |= set(_redirects(node))
    return _blanked(script.text, tuple(sorted(spans)))


def _redirects(root: object) -> Iterator[Span]:
    """Yield the redirects that tree-sitter may misread: ``- 2>&1`` and those between words."""
    for node in nodes(root, deep=True):
        if isinstance(node, Simple) and node.words and node.redirects:
            last = node.words[-1].span.start
            for item in node.redirects:
                if item.span.start < last or not item.target.pieces:
                    yield item.span


@lru_cache(maxsize=8)
def _blanked(text: str, spans: tuple[Span, ...]) -> str:
    """Return ``text`` with blanks for ``spans``, which may lie within each other."""
    pieces: list[str] = []
    at = 0
    for span in spans:
        pieces.append(text[at : span.start])
        pieces.append(_INK.sub(" ", text[max(at, span.start) : span.end]))
        at = max(at, span.end)
    return _FOREIGN.sub("x", "".join((*pieces, text[at:])))


@lru_cache(maxsize=1)
def _parser() -> Parser:
    import tree_sitter_bash

    return Parser(Language(tree_sitter_bash.language()))


@lru_cache(maxsize=8)
def _commands(text: str) -> Mapping[Span, frozenset[Span]]:
    """Return the words of every command that tree-sitter sees, by each of its words."""
    tree = _parser().parse(text.encode("ascii"))
    found: dict[Span, frozenset[Span]] = {}
    for node in _nodes(tree.root_node):
        if node.type == "command":
            words = _words(node)
            for word in words:
                found.setdefault(word, words)
    return found


def _nodes(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.children)


def _words(command: Node) -> frozenset[Span]:
    return frozenset(Span(child.start_byte, child.end_byte) for child in command.children)
