"""The tree of a YAML text: small nodes that know where they stand.

All spans are of the YAML fragment's own text (code points, 0-based, half-open).
"""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.fragment import Fragment
from nftlint.record import dataclass
from nftlint.span import Span

PLAIN, SINGLE, DOUBLE, LITERAL, FOLDED = "plain", "single", "double", "literal", "folded"


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A scalar: ``span`` holds quotes or the block header, but no anchor and no tag.

    ``value`` is its decoded text, in which each template stands masked (see ``mask``); compare it
    for equality with words without templates only. ``flow`` tells that it stands in ``[ ]``.
    """

    span: Span
    value: str
    style: str
    tag: str = ""
    flow: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """A list; ``flow`` tells ``[ ]`` from dashes. A block list's span ends with its last item."""

    span: Span
    items: tuple[Node, ...]
    tag: str = ""
    flow: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """A mapping: its pairs in order, doubles included."""

    span: Span
    pairs: tuple[tuple[Node, Node], ...]
    tag: str = ""
    flow: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Alias:
    """``*name``; ``target`` is ``None`` where it is not defined or contains itself."""

    span: Span
    name: str
    target: Scalar | Sequence | Mapping | None


_NULLS = frozenset({"", "~", "null", "Null", "NULL"})

Node = Scalar | Sequence | Mapping | Alias
Value = Scalar | Sequence | Mapping | None


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """A parsed YAML text: the root node of each document.

    ``masked`` is the text with each template as a run of mask characters, ``shape`` is what was
    parsed: like ``masked``, but template statements on lines of their own may be blank in it.
    """

    fragment: Fragment
    masked: str
    shape: str
    roots: tuple[Node, ...]


def follow(node: Node | None) -> Value:
    """Return the node that an alias stands for, or the node itself."""
    return node.target if isinstance(node, Alias) else node


def is_null(node: Node | None) -> bool:
    """Tell whether a node is left out, or says ``null``."""
    value = follow(node)
    if not isinstance(value, Scalar):
        return value is None
    return value.style == PLAIN and not value.tag and value.value in _NULLS


def text_of(node: Node | None) -> str:
    """Return a scalar's value, and nothing for any other node."""
    value = follow(node)
    return value.value if isinstance(value, Scalar) else ""


def _layers(node: Node | None) -> Iterator[Mapping]:
    """Yield a mapping and those merged into it (``<<``), each once: own keys come first."""
    seen: set[int] = set()
    ahead = [node]
    while ahead:
        mapping = follow(ahead.pop())
        if not isinstance(mapping, Mapping) or id(mapping) in seen:
            continue
        seen.add(id(mapping))
        yield mapping
        merged = [value for key, value in mapping.pairs if text_of(key) == "<<"]
        ahead += reversed([part for value in merged for part in items(value) or (value,)])


def entries(node: Node | None) -> Iterator[tuple[str, Node]]:
    """Yield key and value of a mapping, merged ones after its own.

    Of doubles the last counts, as for loaders; keys that are no scalars are left out.
    """
    seen: set[str] = set()
    for mapping in _layers(node):
        own = {text_of(key): value for key, value in mapping.pairs if _is_name(key)}
        yield from ((name, value) for name, value in own.items() if name not in seen)
        seen.update(own)


def _is_name(key: Node) -> bool:
    return isinstance(follow(key), Scalar) and text_of(key) != "<<"


def get(node: Node | None, name: str) -> Node | None:
    """Return the value of a mapping's key, merged ones included."""
    return next((value for key, value in entries(node) if key == name), None)


def items(node: Node | None) -> tuple[Node, ...]:
    """Return the items of a list, and nothing for any other node."""
    value = follow(node)
    return value.items if isinstance(value, Sequence) else ()
