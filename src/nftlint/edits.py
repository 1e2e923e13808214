"""Edits: changes to a fragment's text, written outward to the artifact's.

The law of every lens: after an edit, reading the parent again gives exactly the edited
text and leaves all else unchanged. ``carry`` writes; ``nftlint.verify`` reads again and compares.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from nftlint.fragment import Fragment, Refusal, Segment, Style, UnwritableError, to_parent, touched
from nftlint.holes import has_holes, is_hole
from nftlint.record import dataclass
from nftlint.span import Span


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace ``span`` of the fragment's text by ``text`` (its hole characters are allowed)."""

    fragment: Fragment
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """Replace ``span`` of an artifact's text by ``text``."""

    span: Span
    text: str


Carried = dict[Fragment | None, list[Replacement]]
"""What changes in each fragment, and under ``None`` in the artifact's own text."""


def carry(edits: Sequence[Edit]) -> Carried | Refusal:
    """Write edits outward, the deepest fragment first, so that those of one text go together."""
    changed: Carried = {None: []}
    for edit in edits:
        changed.setdefault(edit.fragment, []).append(Replacement(edit.span, edit.text))
    done: set[Fragment] = set()
    while waiting := [part for part in changed if part is not None and part not in done]:
        fragment = max(waiting, key=Fragment.depth)
        done.add(fragment)
        for replacement in _together(fragment, changed[fragment]):
            written = lift_once(Edit(fragment, replacement.span, replacement.text))
            if isinstance(written, Refusal):
                return written
            changed.setdefault(fragment.parent, []).append(written)
    return changed


def _together(fragment: Fragment, replacements: list[Replacement]) -> list[Replacement]:
    """Return replacements as one of the whole text where the text is written anew as a whole."""
    if fragment.recode is None or len(replacements) == 1:
        return replacements
    try:
        edited = apply(fragment.text, replacements)
    except ValueError:
        return replacements
    return [Replacement(Span(0, len(fragment.text)), edited)]


def lift(edit: Edit) -> Replacement | Refusal:
    """Write one edit outward to the artifact's text."""
    carried = carry((edit,))
    return carried if isinstance(carried, Refusal) else carried[None][0]


def lift_once(edit: Edit) -> Replacement | Refusal:
    """Write an edit to the text of the fragment's parent only."""
    return _write(edit.fragment, edit.span, edit.text)


def _write(fragment: Fragment, span: Span, text: str) -> Replacement | Refusal:
    segments = fragment.segments
    if not segments:
        return Refusal("there is no place to write to")
    if fragment.recode is not None:
        return _write_whole(fragment, fragment.recode, span, text)
    within = touched(fragment, span)
    first, last = within[0], within[-1]
    for segment in within if len(span) else ():
        if not segment.style.removable:
            return Refusal(f"{segment.style.name} stands within the text to change")
    if _cuts(first, span.start) or _cuts(last, span.end):
        return Refusal("the change would cut an escape sequence or a variable in two")
    if first.style != last.style:
        return Refusal("the change spans text that is quoted in two ways")
    if _hides_comment(fragment, span):
        return Refusal("a comment stands within the command and would be lost")
    try:
        encoded = _encode(fragment, text, first.style)
    except UnwritableError as error:
        return Refusal(str(error))
    return Replacement(to_parent(fragment, span), encoded)


def _hides_comment(fragment: Fragment, span: Span) -> bool:
    """Tell whether the parent has a comment where the span's text has nothing."""
    if fragment.parent is None:
        return False
    text, pairs = fragment.parent.text, pairwise(touched(fragment, span))
    gaps = (text[one.outer.end : other.outer.start] for one, other in pairs)
    return any(gap.lstrip().startswith("#") for gap in gaps)


def _write_whole(
    fragment: Fragment, recode: Callable[[str], str], span: Span, text: str
) -> Replacement | Refusal:
    edited = fragment.text[: span.start] + text + fragment.text[span.end :]
    outer = Span(fragment.segments[0].outer.start, fragment.segments[-1].outer.end)
    try:
        return Replacement(outer, recode(edited))
    except UnwritableError as error:
        return Refusal(str(error))


def _cuts(segment: Segment, inner: int) -> bool:
    return not segment.verbatim and segment.inner.start < inner < segment.inner.end


def _encode(fragment: Fragment, text: str, style: Style) -> str:
    if not has_holes(text):
        return style.encode(text)
    parts: list[str] = []
    at = 0
    for index, char in enumerate(text):
        if is_hole(char) and char in fragment.holes:
            parts += (style.encode(text[at:index]), fragment.holes[char].raw)
            at = index + 1
    parts.append(style.encode(text[at:]))
    return "".join(parts)


def apply(text: str, replacements: list[Replacement]) -> str:
    """Return ``text`` with all replacements made; they must not overlap."""
    parts: list[str] = []
    at = 0
    for replacement in sorted(replacements, key=lambda item: item.span):
        if replacement.span.start < at:
            raise ValueError("overlapping replacements")
        parts += (text[at : replacement.span.start], replacement.text)
        at = replacement.span.end
    parts.append(text[at:])
    return "".join(parts)
