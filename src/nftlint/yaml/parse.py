"""YAML text to a tree of nodes, by ruamel.yaml's events."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Any, NoReturn

from nftlint.found import Problem
from nftlint.fragment import Fragment
from nftlint.patterns import compiled
from nftlint.record import dataclass, field
from nftlint.span import Span
from nftlint.yaml import mask
from nftlint.yaml.nodes import (
    DOUBLE,
    FOLDED,
    LITERAL,
    PLAIN,
    SINGLE,
    Alias,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Stream,
)

MAX_DEPTH = 200
"""Collections nested deeper are not read: the parser takes quadratic time over them."""

MAX_LENGTH = 2_000_000
"""Longer texts (code points) are not read: the parser needs some four seconds a million."""

_KEPT = 16
"""Trees of so many texts are kept: a fix reads its file again, and so does what tells hosts."""

_STYLES = {"'": SINGLE, '"': DOUBLE, "|": LITERAL, ">": FOLDED}


_ENDS_OPEN = compiled(r"end of stream|got '<(?:stream|block|document) end>'")


class _UnreadableError(ValueError):
    def __init__(self, at: int, message: str) -> None:
        super().__init__(message)
        self.at = at


def parse(fragment: Fragment) -> Stream | Problem:
    """Return the tree of a YAML text, or what is wrong with it and where.

    Templates that cannot be told from YAML at first sight are masked in several ways, the most
    literal first; the problem told is that of the way that came furthest.
    """
    if len(fragment.text) > MAX_LENGTH:
        message = f"this YAML is longer than {MAX_LENGTH:,} characters, and was not read"
        return Problem(fragment, Span(0, 0), message)
    told: _UnreadableError | None = None
    for masked, shape in _shapes(fragment):
        found = _tree(shape)
        if not isinstance(found, _UnreadableError):
            return Stream(fragment, masked, shape, found)
        told = found if told is None or found.at > told.at else told
    assert told is not None  # noqa: S101  (_shapes yields at least one)
    at = min(told.at, len(fragment.text))
    return Problem(fragment, Span(at, min(at + 1, len(fragment.text))), str(told))


def _shapes(fragment: Fragment) -> Iterator[tuple[str, str]]:
    """Yield (masked, shape), most literal first, each shape once."""
    text = fragment.text
    jinja = mask.fill(text, mask.jinja(text))
    yield jinja, jinja
    blanked = mask.blank_statements(fragment, jinja)
    if blanked != jinja:
        yield jinja, blanked
    both = mask.fill(jinja, mask.terraform(jinja))
    if both != jinja:
        yield both, mask.blank_statements(fragment, both)


@lru_cache(maxsize=_KEPT)
def _tree(text: str) -> tuple[Node, ...] | _UnreadableError:
    try:
        return tuple(_roots(text))
    except _UnreadableError as error:
        return error.with_traceback(None)


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come."""

    start: int
    tag: str
    anchor: str | None
    flow: bool
    is_mapping: bool
    children: list[Node] = field(default_factory=list)


def _roots(text: str) -> Iterator[Node]:
    anchors: dict[str, Scalar | Sequence | Mapping | None] = {}
    stack: list[_Open] = []
    for event in _events(text):
        match type(event).__name__:
            case "DocumentStartEvent":
                anchors = {}
                continue
            case "MappingStartEvent" | "SequenceStartEvent":
                stack.append(_opened(event, text, len(stack)))
                anchors |= {event.anchor: None} if event.anchor else {}
                continue
            case "ScalarEvent":
                node: Node = _scalar(event, text, flow=bool(stack and stack[-1].flow))
                anchor = event.anchor
            case "AliasEvent":
                place = Span(event.start_mark.index, event.end_mark.index)
                node, anchor = Alias(place, event.anchor, anchors.get(event.anchor)), None
            case "MappingEndEvent" | "SequenceEndEvent":
                done = stack.pop()
                node, anchor = _closed(done, event.end_mark.index), done.anchor
            case _:
                continue
        if anchor and not isinstance(node, Alias):
            anchors[anchor] = node
        if stack:
            stack[-1].children.append(node)
        else:
            yield node


def _opened(event: Any, text: str, depth: int) -> _Open:
    start = _content(event, text)
    if depth >= MAX_DEPTH:
        raise _UnreadableError(start, f"collections are nested more than {MAX_DEPTH} deep")
    is_mapping = type(event).__name__ == "MappingStartEvent"
    return _Open(start, str(event.tag or ""), event.anchor, bool(event.flow_style), is_mapping)


def _closed(done: _Open, end: int) -> Node:
    children = done.children
    if not done.flow:
        end = children[-1].span.end if children else done.start
    span = Span(done.start, max(end, done.start))
    if not done.is_mapping:
        return Sequence(span, tuple(children), done.tag, done.flow)
    pairs = tuple(zip(children[::2], children[1::2], strict=True))
    return Mapping(span, pairs, done.tag, done.flow)


def _scalar(event: Any, text: str, *, flow: bool) -> Scalar:
    end = event.end_mark.index
    span = Span(min(_content(event, text), end), end)
    style = _STYLES.get(event.style or "", PLAIN)
    return Scalar(span, event.value, style, str(event.tag or ""), flow)


def _content(event: Any, text: str) -> int:
    """Return where a node begins behind its anchor and its tag."""
    at: int = event.start_mark.index
    end: int = event.end_mark.index
    properties = bool(event.anchor) + bool(event.tag)
    while properties and at < end and text[at] in "&!":
        properties -= 1
        while at < end and not text[at].isspace():
            at += 1
        at = _skip_blank(text, at, end)
    return at


def _skip_blank(text: str, at: int, end: int) -> int:
    while at < end and (text[at].isspace() or text[at] == "#"):
        if text[at] == "#":
            line_end = text.find("\n", at)
            at = line_end if 0 <= line_end < end else end
        else:
            at += 1
    return at


def _events(text: str) -> Iterator[Any]:
    """Yield ruamel's events; whatever goes wrong in it becomes ``_UnreadableError``."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    at = 0
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            at = event.end_mark.index
            yield event
    except MarkedYAMLError as error:
        _fail_marked(error, at)
    except YAMLError as error:  # the reader: a character that YAML does not allow
        place = getattr(error, "position", at)
        code = getattr(error, "character", None)
        what = f"character U+{code:04X} is not allowed" if isinstance(code, int) else str(error)
        raise _UnreadableError(place, f"not valid YAML: {what}") from None
    except (ArithmeticError, AttributeError, LookupError, RecursionError, ValueError) as error:
        if isinstance(error, _UnreadableError):
            raise
        raise _UnreadableError(at, f"not valid YAML ({type(error).__name__})") from None


def _fail_marked(error: Any, at: int) -> NoReturn:
    """Point at what was left open rather than at the end of the file."""
    problem = " ".join(str(error.problem or error.context or "").split())
    mark = error.problem_mark or error.context_mark
    if _ENDS_OPEN.search(problem) and error.context_mark:
        mark = error.context_mark
    context = " ".join(str(error.context or "").split()) if error.problem else ""
    message = ": ".join(part for part in ("not valid YAML", context, problem) if part)
    raise _UnreadableError(mark.index if mark else at, message) from None


def walk(stream: Stream) -> Iterator[Node]:
    """Yield every node in the order of the text; aliases are not followed."""
    ahead: list[Node] = list(reversed(stream.roots))
    while ahead:
        node = ahead.pop()
        yield node
        if isinstance(node, Sequence):
            ahead.extend(reversed(node.items))
        elif isinstance(node, Mapping):
            ahead.extend(reversed(list(chain.from_iterable(node.pairs))))
