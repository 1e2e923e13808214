"""Fragments and lenses: text in one language, carried inside text of another.

A fragment knows how each stretch of its text maps to its parent's text (*segments*), and
how new text is written at each stretch (a *style*: shell single quotes, a YAML block scalar,
a JSON string). This module and ``nftlint.edits``, which writes changes outward, are the only
places with offset arithmetic between levels.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from types import MappingProxyType

from nftlint.context import NOTHING_KNOWN, Context
from nftlint.holes import FIRST, LAST, Hole, has_holes, is_hole
from nftlint.record import dataclass, field
from nftlint.span import Span


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something cannot be done; a value, in the words shown to the user."""

    reason: str


class UnwritableError(ValueError):
    """Raised by a style's ``encode`` for text that it cannot hold; its text is the reason."""


@dataclass(frozen=True, slots=True)
class Style:
    """How text is written at a place: ``encode`` takes decoded text without hole characters.

    ``encode`` raises ``UnwritableError`` for what the place cannot hold. ``keeps_words`` says that
    what a variable expands to here cannot split into several words (double quotes in shell).
    What is not ``removable`` no change may take away, though it reads as a mere blank.
    """

    name: str
    encode: Callable[[str], str] = field(compare=False)
    keeps_words: bool = False
    removable: bool = True


def _nothing(_text: str) -> str:
    raise UnwritableError("a statement of a template stands at this place")


VERBATIM = Style("verbatim", lambda text: text)
STEERING = Style("a statement of a template", _nothing, removable=False)
"""The place of ``{% if %}`` and the like: it decides whether the text around it is there at all."""


@dataclass(frozen=True, slots=True)
class Segment:
    """``inner``: stretch of the fragment's text; ``outer``: of its parent's.

    A verbatim segment has the same text on both sides. Any other is atomic (an escape,
    a hole, a line break with the next line's indentation): it is taken whole or not at all.
    """

    inner: Span
    outer: Span
    style: Style
    verbatim: bool


_NO_HOLES: Mapping[str, Hole] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Fragment:
    """Text in one language (``shell``, ``nft``, ``ansible`` …) inside a parent's text.

    ``parent`` is ``None`` for the root, whose segments map to the artifact's own text.
    ``holes`` maps each hole character of ``text`` to what it stands for in the parent.
    ``label`` says for people where in the parent it stands (``runcmd[2]``).
    ``path`` is the file that the text becomes on the host, where that is known
    (``/etc/rc.local`` for a ``write_files`` entry), else empty.
    ``context`` is what holds where the text runs.
    ``recode``, where it is set, makes the parent's text of all of the edited text anew (base64);
    it raises ``UnwritableError`` for text that it cannot hold.
    """

    language: str
    text: str
    parent: Fragment | None
    segments: tuple[Segment, ...]
    holes: Mapping[str, Hole] = field(default_factory=lambda: _NO_HOLES)
    label: str = ""
    path: str = ""
    context: Context = NOTHING_KNOWN
    recode: Callable[[str], str] | None = None

    def depth(self) -> int:
        """Return the number of fragments above this one."""
        return 0 if self.parent is None else 1 + self.parent.depth()


class Builder:
    """Collects a fragment's text left to right: copies, escapes and holes of the parent."""

    def __init__(self, source: str, parent: Fragment | None, style: Style) -> None:
        """``source`` is the parent's text; ``style`` holds until another is named."""
        self._source = source
        self._parent = parent
        self._style = style
        self._parts: list[str] = []
        self._segments: list[Segment] = []
        self._length = 0
        self._holes: dict[str, Hole] = {}

    def copy(self, outer: Span, style: Style | None = None) -> None:
        """Take the parent's text at ``outer`` as it is; hole characters in it stay holes."""
        at = outer.start
        text = outer.of(self._source)
        if self._parent is not None and self._parent.holes and has_holes(text):
            for index, char in enumerate(text, outer.start):
                if is_hole(char) and char in self._parent.holes:
                    self._verbatim(Span(at, index), style)
                    below = self._parent.holes[char]
                    outer_hole = Span(index, index + 1)
                    self.hole(outer_hole, below.name, values=below.values, style=style)
                    at = index + 1
        self._verbatim(Span(at, outer.end), style)

    def _verbatim(self, outer: Span, style: Style | None) -> None:
        if outer.start < outer.end:
            self._add(outer.of(self._source), outer, style, verbatim=True)

    def put(self, text: str, outer: Span, style: Style | None = None) -> None:
        """Let ``text`` stand for the parent's text at ``outer``, whole or not at all."""
        if text:
            self._add(text, outer, style, verbatim=False)

    def hole(
        self,
        outer: Span,
        name: str,
        *,
        values: tuple[str, ...] | None = None,
        style: Style | None = None,
        raw: str | None = None,
    ) -> str:
        """Add a hole for the parent's text at ``outer``; returns its hole character.

        ``raw`` is what it is written as, where the parent does not have that text there.
        Raises ``UnwritableError`` where one text has more holes than there are characters for.
        """
        code = FIRST + len(self._holes)
        if code > LAST:
            raise UnwritableError("too many variables in one text")
        char = chr(code)
        quoted = (style or self._style).keeps_words
        self._holes[char] = Hole(
            outer.of(self._source) if raw is None else raw, name, quoted, values
        )
        self._add(char, outer, style, verbatim=False)
        return char

    def take(self, sibling: Fragment) -> None:
        """Append all of another fragment of the same parent."""
        for segment in sibling.segments:
            text = segment.inner.of(sibling.text)
            if text in sibling.holes:
                hole = sibling.holes[text]
                at, values, style = segment.outer, hole.values, segment.style
                self.hole(at, hole.name, values=values, style=style, raw=hole.raw)
            else:
                self._add(text, segment.outer, segment.style, verbatim=segment.verbatim)

    def _add(self, text: str, outer: Span, style: Style | None, *, verbatim: bool) -> None:
        inner = Span(self._length, self._length + len(text))
        self._segments.append(Segment(inner, outer, style or self._style, verbatim))
        self._parts.append(text)
        self._length = inner.end

    @property
    def text(self) -> str:
        """The text collected so far."""
        return "".join(self._parts)

    def build(
        self, language: str, *, label: str = "", path: str = "", context: Context | None = None
    ) -> Fragment:
        """Return the fragment; it inherits its parent's context unless it is a file of its own."""
        segments = tuple(self._segments)
        holes = MappingProxyType(self._holes) if self._holes else _NO_HOLES
        if context is None:
            context = NOTHING_KNOWN if path or not self._parent else self._parent.context
        return Fragment(language, self.text, self._parent, segments, holes, label, path, context)


def whole(parent: Fragment, language: str, *, label: str = "", path: str = "") -> Fragment:
    """Return all of ``parent`` as a fragment in another language."""
    builder = Builder(parent.text, parent, VERBATIM)
    builder.copy(Span(0, len(parent.text)))
    return builder.build(language, label=label, path=path)


def to_parent(fragment: Fragment, span: Span) -> Span:
    """Map ``span`` of the fragment's text to the smallest covering span of its parent's."""
    segments = fragment.segments
    if not segments:
        return Span(0, 0)
    first = segments[_index_at(segments, span.start)]
    if span.start >= span.end:
        at = _outer_start(first, span.start)
        return Span(at, at)
    last = segments[_index_at(segments, span.end - 1)]
    start, end = _outer_start(first, span.start), _outer_end(last, span.end)
    # what is put together from several places need not be in their order
    return Span(start, end) if start <= end else Span(start, first.outer.end)


def to_root(fragment: Fragment, span: Span) -> Span:
    """Map ``span`` to the artifact's own text."""
    here: Fragment | None = fragment
    while here is not None:
        span = to_parent(here, span)
        here = here.parent
    return span


def touched(fragment: Fragment, span: Span) -> tuple[Segment, ...]:
    """Return the segments that ``span`` of the fragment's text lies in."""
    first = _index_at(fragment.segments, span.start)
    last = _index_at(fragment.segments, max(span.end - 1, span.start))
    return fragment.segments[first : last + 1]


def _index_at(segments: tuple[Segment, ...], inner: int) -> int:
    index = bisect_right(segments, inner, key=lambda segment: segment.inner.start) - 1
    return max(index, 0)


def _outer_start(segment: Segment, inner: int) -> int:
    if inner >= segment.inner.end:
        return segment.outer.end
    return segment.outer.start + (inner - segment.inner.start if segment.verbatim else 0)


def _outer_end(segment: Segment, inner: int) -> int:
    if segment.verbatim and inner <= segment.inner.end:
        return segment.outer.start + inner - segment.inner.start
    return segment.outer.end


def spelled_out(text: str, fragment: Fragment) -> str:
    """Return ``text`` for people: each hole character of the fragment as the file has it.

    ``$PORT``, ``{{ port }}``; a hole within a hole's own text is spelled by the parent.
    """
    if not has_holes(text):
        return text
    parts: list[str] = []
    for char in text:
        hole = fragment.holes.get(char)
        raw = char if hole is None else hole.raw
        parts.append(spelled_out(raw, fragment.parent) if hole and fragment.parent else raw)
    return "".join(parts)
