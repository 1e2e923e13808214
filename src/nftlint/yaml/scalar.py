"""The lens of a scalar: its node to the text in it, with exact segments for every style."""

from __future__ import annotations

import re
from collections.abc import Callable

from nftlint.fragment import STEERING, Builder, Fragment, Refusal, Style
from nftlint.patterns import compiled
from nftlint.record import replace
from nftlint.span import Span
from nftlint.yaml import block, styles
from nftlint.yaml.mask import MASK, steers
from nftlint.yaml.nodes import DOUBLE, FOLDED, LITERAL, PLAIN, Scalar, Stream

# Blanks are taken as a run, so that a long run is not tried anew from each of its characters.
_FOLD = r"(?P<fold>[ \t]*\n[ \t\n]*)|(?P<blank>[ \t]+)"
_PLAIN = compiled(_FOLD)
_SINGLE = compiled(rf"{_FOLD}|(?P<quote>'')")
_DOUBLE = compiled(
    rf"{_FOLD}|\\(?P<next>\n[ \t\n]*)"
    r"|\\(?:x(?P<x>[0-9A-Fa-f]{2})|u(?P<u>[0-9A-Fa-f]{4})|U(?P<U>[0-9A-Fa-f]{8})|(?P<char>.))"
)
_ESCAPES = {
    "0": "\0",
    "a": "\x07",
    "b": "\x08",
    "t": "\t",
    "n": "\n",
    "v": "\x0b",
    "f": "\x0c",
    "r": "\r",
    "e": "\x1b",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}


class Lens:
    """Collects a scalar's segments, and its value, to compare with the parser's."""

    def __init__(self, stream: Stream, style: Style) -> None:
        self._stream = stream
        self._value: list[str] = []
        self.builder = Builder(stream.fragment.text, stream.fragment, style)

    def copy(self, span: Span) -> None:
        """Take the text at ``span`` as it is; templates in it become holes."""
        at = span.start
        for found in MASK.finditer(self._stream.masked, span.start, span.end):
            self.builder.copy(Span(at, found.start()))
            self._hole(Span(found.start(), found.end()))
            at = found.end()
        self.builder.copy(Span(at, span.end))
        self._value.append(span.of(self._stream.shape))

    def _hole(self, span: Span) -> None:
        raw = span.of(self._stream.fragment.text)
        if steers(raw):
            self.builder.put(" ", span, STEERING)
        else:
            self.builder.hole(span, raw.strip("{}$%#").strip("-").strip())

    def put(self, text: str, span: Span) -> None:
        """Let ``text`` stand for what is at ``span``."""
        self.builder.put(text, span)
        self._value.append(text)

    @property
    def value(self) -> str:
        """What the scalar's value is by this lens, templates masked."""
        return "".join(self._value)


def read(
    stream: Stream,
    node: Scalar,
    language: str,
    *,
    label: str = "",
    path: str = "",
) -> Fragment | Refusal:
    """Return the scalar's text as a fragment of the stream's.

    It is compared with the parser's value; where they differ there is no lens, and the reason
    is returned (line breaks that only YAML knows, such as U+2028). A plain scalar of no characters
    is null, and no text: so no edit may take all of one away.
    """
    if node.style == PLAIN and not node.value:
        return Refusal("nothing is written here")
    lens = Lens(stream, _style_of(stream, node))
    if node.style in (LITERAL, FOLDED):
        block.collect(lens, stream, node)
    else:
        _collect_flow(lens, stream, node)
    span = node.span
    as_parsed = span.of(stream.masked) == span.of(stream.shape)
    if as_parsed and lens.value != node.value:
        return Refusal("this YAML scalar holds line breaks or characters that cannot be placed")
    return lens.builder.build(language, label=label, path=path)


def with_values(fragment: Fragment, resolve: Callable[[str], tuple[str, ...] | None]) -> Fragment:
    """Return the fragment with the values of its holes, as ``resolve`` tells them by their text."""
    if not fragment.holes:
        return fragment
    known = {char: replace(hole, values=resolve(hole.raw)) for char, hole in fragment.holes.items()}
    return replace(fragment, holes=known)


def _style_of(stream: Stream, node: Scalar) -> Style:
    if node.style == PLAIN:
        return styles.PLAIN_FLOW if node.flow else styles.PLAIN_BLOCK
    if node.style in (LITERAL, FOLDED):
        indent = block.indent_of(stream, node)
        return styles.literal(indent) if node.style == LITERAL else styles.folded(indent)
    return styles.DOUBLE_QUOTED if node.style == DOUBLE else styles.SINGLE_QUOTED


def _collect_flow(lens: Lens, stream: Stream, node: Scalar) -> None:
    inner = node.span
    pattern = _PLAIN
    if node.style != PLAIN:
        inner = Span(inner.start + 1, inner.end - 1)
        pattern = _DOUBLE if node.style == DOUBLE else _SINGLE
    at = inner.start
    for found in pattern.finditer(stream.masked, inner.start, inner.end):
        if found.lastgroup == "blank":
            continue
        lens.copy(Span(at, found.start()))
        lens.put(_decoded(found), Span(found.start(), found.end()))
        at = found.end()
    lens.copy(Span(at, inner.end))


def _decoded(found: re.Match[str]) -> str:
    """Return what a fold, a doubled quote or an escape reads as."""
    kind, text = found.lastgroup or "", found.group(found.lastgroup or 0)
    match kind:
        case "fold":
            return "\n" * (text.count("\n") - 1) or " "
        case "next":
            return "\n" * (text.count("\n") - 1)
        case "quote":
            return "'"
        case "char":
            return _ESCAPES.get(text, text)
        case _:
            return chr(int(text, 16))
