"""A second reader: tree-sitter's grammar of bash has to see the same words before one is changed.

Our own reader (``parse``) knows what tree-sitter-bash 0.25.1 is known to misread in silence:
heredocs, and redirects between words. These are blanked to the same length first, and so is what is
no ASCII, so that byte offsets are code points. Where the two still disagree about a command, one
of them is wrong, and nobody can say which: the command is reported, and not rewritten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from tree_sitter import Language, Node, Parser

from nftlint.shell.tree import Script, Simple
from nftlint.span import Span

_FOREIGN = re.compile(r"[^\x00-\x7f]")
_INK = re.compile(r"[^\n]")


def agrees(script: Script, command: Simple) -> bool:
    """Tell whether tree-sitter sees the words of a command as the words of one command."""
    words = {word.span for word in command.words}
    first, last = command.words[0].span, command.words[-1].span
    for seen in _commands(_masked(script, command)):
        if first in seen:
            return words == {span for span in seen if first.start <= span.start < last.end}
    return False


def _masked(script: Script, command: Simple) -> str:
    """Return the script's text with heredocs and the command's redirects blanked, in ASCII."""
    text = _FOREIGN.sub("x", script.text)
    for heredoc in script.heredocs.values():
        for span in (heredoc.redirect.span, heredoc.body, heredoc.end):
            text = _blanked(text, span)
    for redirect in command.redirects:
        if redirect.span.start < command.words[-1].span.start:
            text = _blanked(text, redirect.span)
    return text


def _blanked(text: str, span: Span) -> str:
    return text[: span.start] + _INK.sub(" ", span.of(text)) + text[span.end :]


@lru_cache(maxsize=1)
def _parser() -> Parser:
    import tree_sitter_bash

    return Parser(Language(tree_sitter_bash.language()))


@lru_cache(maxsize=8)
def _commands(text: str) -> tuple[frozenset[Span], ...]:
    """Return the words of every command that tree-sitter sees, nested ones too."""
    tree = _parser().parse(text.encode("ascii"))
    return tuple(_words(node) for node in _nodes(tree.root_node) if node.type == "command")


def _nodes(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.children)


def _words(command: Node) -> frozenset[Span]:
    return frozenset(Span(child.start_byte, child.end_byte) for child in command.children)
