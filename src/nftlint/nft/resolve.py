"""nft's variables: which hold at a place, and a tree with their values in their stead."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from nftlint.nft.expression import Expression, Literal, Name, SetLiteral, Variable
from nftlint.nft.statement import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nftlint.nft.command import Script
    from nftlint.nft.expression import Element
    from nftlint.span import Span

_Node = TypeVar("_Node")
_MOST_NODES = 20_000


def defines_at(script: Script, offset: int) -> dict[str, Expression]:
    """Return the variables that hold at ``offset``, a place in the script's text.

    A variable holds from its definition to the end of the block it stands in. As in nft, variables
    within a value are replaced when it is defined. Those of included files are not known.
    """
    known: dict[str, Expression] = {}
    left = [_MOST_NODES]
    for define in script.defines:
        scope = define.scope
        if define.span.end > offset or (scope and not scope.start <= offset < scope.end):
            continue
        if define.value is None:
            known.pop(define.name.text, None)
        else:
            known[define.name.text] = _resolve(define.value, known, left)
    return known


def resolve(node: _Node, defines: Mapping[str, Expression]) -> _Node:
    """Return ``node`` with the values of variables; what is not known stays a ``Variable``.

    A value has the span of the variable, in all its parts. The elements of a set within a set
    become elements of the outer one. Beyond twenty thousand nodes variables stay as well, so
    that values made of values cannot grow without bound.
    """
    resolved: _Node = _resolve(node, defines, [_MOST_NODES]) if defines else node
    return resolved


def _resolve(node: Any, defines: Mapping[str, Expression], left: list[int]) -> Any:
    """Replace the variables in ``node``; ``left`` holds the number of nodes that may be added."""
    if isinstance(node, Variable):
        value = defines.get(node.name)
        return node if value is None or not _afford(value, left) else _moved(value, node.span)
    if isinstance(node, tuple):
        return tuple(_resolve(part, defines, left) for part in node)
    if not _is_node(node):
        return node
    parts = _parts(node)
    changed = {name: _resolve(part, defines, left) for name, part in parts.items()}
    if all(changed[name] is part or changed[name] == part for name, part in parts.items()):
        return node
    return _fitted(replace(node, **changed))


def _is_node(value: object) -> bool:
    return is_dataclass(value)


def _parts(node: Any) -> dict[str, Any]:
    return {part.name: getattr(node, part.name) for part in fields(node)}


def _size(node: Any) -> int:
    """Return the number of nodes of a tree."""
    if isinstance(node, tuple):
        return sum(map(_size, node))
    return 1 + sum(map(_size, _parts(node).values())) if _is_node(node) else 0


def _afford(value: Expression, left: list[int]) -> bool:
    """Take the size of ``value`` from what is left, if it suffices."""
    size = _size(value)
    if size > left[0]:
        return False
    left[0] -= size
    return True


def _fitted(node: Any) -> Any:
    """Give a value the form that its place has without a variable."""
    if isinstance(node, Verdict):
        chain: Any = node.chain
        is_constant = isinstance(chain, Literal)
        return replace(node, chain=Name(chain.text, chain.span)) if is_constant else node
    if isinstance(node, SetLiteral):
        return replace(node, elements=tuple(_flattened(node.elements)))
    return node


def _flattened(elements: tuple[Element, ...]) -> Iterator[Element]:
    for element in elements:
        if isinstance(element.key, SetLiteral) and element.value is None:
            yield from element.key.elements
        else:
            yield element


def _moved(node: Any, span: Span) -> Any:
    """Return ``node`` as if all of it stood at ``span``."""
    if isinstance(node, tuple):
        return tuple(_moved(part, span) for part in node)
    if not _is_node(node):
        return node
    parts = {
        name: span if name == "span" else _moved(part, span) for name, part in _parts(node).items()
    }
    return replace(node, **parts)
