"""Commands as lists of words: ``[nft, add, rule, …]`` in flow or with dashes."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Sequence as Words
from itertools import pairwise

from nftlint.commands.words import CommandLine, Word, literal
from nftlint.edits import Edit
from nftlint.found import Kept, Part
from nftlint.fragment import Fragment, Refusal, UnwritableError
from nftlint.record import dataclass
from nftlint.span import Span
from nftlint.yaml.nodes import PLAIN, Alias, Node, Scalar, Sequence, Stream, follow
from nftlint.yaml.scalar import read
from nftlint.yaml.words import write_word

Several = Callable[[Span, Words[str]], tuple[Edit, ...] | Refusal]
"""Writes several lists in the place of one: the span of the old, the texts of the new."""


@dataclass(frozen=True, slots=True)
class _List:
    stream: Stream
    node: Sequence
    words: tuple[Word, ...]
    several: Several


def command_line(
    stream: Stream, node: Sequence, several: Several, caveats: tuple[str, ...] = ()
) -> CommandLine | Refusal:
    """Return a list of scalars as a command line; ``Refusal`` where it holds anything else."""
    words = []
    for item in node.items:
        word = _word(stream, item)
        if isinstance(word, Refusal):
            return word
        words.append(word)
    this = _List(stream, node, tuple(words), several)

    def write(
        first: int, last: int, script: Fragment, parts: Words[Part]
    ) -> tuple[Edit, ...] | Refusal:
        try:
            return _write(this, first, last, script, parts)
        except UnwritableError as error:
            return Refusal(str(error))

    return CommandLine(stream.fragment, this.words, write, caveats)


def _word(stream: Stream, item: Node) -> Word | Refusal:
    value = follow(item)
    if not isinstance(value, Scalar):
        return Refusal("a word of the command is no text")
    if isinstance(item, Alias):
        return literal(stream.fragment, value.value, item.span)
    fragment = read(stream, value, "word")
    return fragment if isinstance(fragment, Refusal) else Word(fragment, value.span)


def _write(
    this: _List, first: int, last: int, script: Fragment, parts: Words[Part]
) -> tuple[Edit, ...] | Refusal:
    lost = _lost(this, first, last)
    if lost:
        return Refusal(f"`{lost}` between the words of the command would be lost")
    texts = [_joined(this, first, script, part) for part in parts]
    host = this.stream.fragment
    old = _without_breaks(this.words[first].span.cover(this.words[last].span), host.text)
    if len(texts) == 1:
        return (Edit(host, old, texts[0]),)
    whole = _without_breaks(this.node.span, host.text)
    head, tail = host.text[whole.start : old.start], host.text[old.end : whole.end]
    return this.several(whole, [head + text + tail for text in texts])


def _without_breaks(span: Span, text: str) -> Span:
    """Leave out the line breaks that a block scalar ends with."""
    return Span(span.start, span.start + len(span.of(text).rstrip()))


def _lost(this: _List, first: int, last: int) -> str:
    """Return what stands between the words and is no punctuation: comments, anchors, tags."""
    text = this.stream.fragment.text
    spans = [word.span for word in this.words[first : last + 1]]
    gaps = (text[here.end : after.start] for here, after in pairwise(spans))
    return next((gap.strip(" ,-\n\t") for gap in gaps if gap.strip(" ,-\n\t")), "")


def _joined(this: _List, first: int, script: Fragment, part: Part) -> str:
    like = this.node.items[first]
    style = like.style if isinstance(like, Scalar) else PLAIN
    kept: list[str] = []
    if isinstance(part, Kept):
        spans = [word.span for word in this.words[first : _script_word(this, first, script)]]
        kept = [span.of(this.stream.fragment.text) for span in spans]
        texts = [part.span.of(script.text)]
    else:
        texts = [arg.text for arg in part]
    new = [write_word(text, script, style, flow=this.node.flow) for text in texts]
    return _separator(this, first).join([*kept, *new])


def _script_word(this: _List, first: int, script: Fragment) -> int:
    """Return which word the script begins in: those before it are nft and its options."""
    start = script.segments[0].outer.start
    after = range(first + 1, len(this.words))
    return next((at for at in after if this.words[at].span.end > start), len(this.words))


def _separator(this: _List, first: int) -> str:
    text = this.stream.fragment.text
    if not this.node.flow:
        return "\n" + " " * column(text, this.node.span.start) + "- "
    after = text[this.words[first].span.end : this.node.span.end]
    found = re.match(r", *(?!\n)", after)
    return found.group() if found else ", "


def column(text: str, at: int) -> int:
    """Return how many characters stand before ``at`` on its line."""
    return at - (text.rfind("\n", 0, at) + 1)


def more_items(stream: Stream, parent: Sequence) -> Several:
    """Return how several items of a list are written in the place of one of its items."""
    host = stream.fragment

    def several(old: Span, texts: Words[str]) -> tuple[Edit, ...] | Refusal:
        item = next((node for node in parent.items if node.span.start == old.start), None)
        if item is None or re.search(r"[&!]\S*\s*$", host.text[: old.start].rsplit("\n", 1)[-1]):
            return Refusal("the command is named by an anchor, and one cannot become several")
        dash = "\n" + " " * column(host.text, parent.span.start) + "- "
        return (Edit(host, old, (", " if parent.flow else dash).join(texts)),)

    return several
