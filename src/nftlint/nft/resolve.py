"""nft's variables: which hold at a place, and a tree with their values in their stead."""

from __future__ import annotations

from functools import cache
from operator import is_
from typing import TYPE_CHECKING, Any, TypeVar

from nftlint.nft.command import flatten
from nftlint.nft.expression import Expression, Literal, Name, SetLiteral, Variable
from nftlint.nft.statement import Verdict
from nftlint.record import dataclass, field, names_of, replace
from nftlint.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nftlint.nft.command import Command, Define, Script
    from nftlint.nft.expression import Element

_Node = TypeVar("_Node")
_MOST_NODES = 20_000


@dataclass(slots=True)
class Definitions:
    """The variables of a script that hold at one place after the other.

    A variable holds from its definition to the end of the block it stands in. As in nft, variables
    within a value are replaced when it is defined. Those of included files are not known.
    """

    script: Script
    known: dict[str, Expression] = field(default_factory=dict)
    passed: int = 0
    ending: list[_Ending] = field(default_factory=list)
    left: list[int] = field(default_factory=lambda: [_MOST_NODES])

    def at(self, offset: int) -> Mapping[str, Expression]:
        """Return the variables that hold at ``offset``, which is none before the last one."""
        defines = self.script.defines
        while self.passed < len(defines) and defines[self.passed].span.end <= offset:
            define = defines[self.passed]
            self._leave(define.span.start)
            self._take(define)
            self.passed += 1
        self._leave(offset)
        return self.known

    def _take(self, define: Define) -> None:
        name, before = define.name.text, self.left[0]
        if define.scope is not None:
            outer = self.known.get(name)
            self.ending.append(_Ending(define.scope.end, name, outer, before))
        if define.value is None:
            self.known.pop(name, None)
        else:
            self.known[name] = _resolve(define.value, self.known, self.left)

    def _leave(self, offset: int) -> None:
        """Take back what was defined in blocks that end before ``offset``, the innermost first."""
        while self.ending and self.ending[-1].end <= offset:
            ending = self.ending.pop()
            self.left[0] = ending.left
            self.known.pop(ending.name, None)
            if ending.outer is not None:
                self.known[ending.name] = ending.outer


@dataclass(frozen=True, slots=True)
class _Ending:
    """The end of a block, and what held before a definition in it."""

    end: int
    name: str
    outer: Expression | None
    left: int


def resolved(script: Script) -> Iterator[tuple[Command, Command]]:
    """Yield each top-level command with each of those that ``flatten`` makes of it, resolved."""
    definitions = Definitions(script)
    for statement in script.commands:
        for command in flatten((statement,)):
            yield statement, resolve(command, definitions.at(command.span.start))


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
        parts = [_resolve(part, defines, left) for part in node]
        return node if all(map(is_, parts, node)) else tuple(parts)
    changed = {}
    for name in _names(node.__class__):
        part = getattr(node, name)
        new = _resolve(part, defines, left)
        if new is not part:
            changed[name] = new
    return _fitted(replace(node, **changed)) if changed else node


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """Return the names of a node's parts; nothing else has any."""
    return () if kind is Span else names_of(kind)


def _parts(node: Any) -> dict[str, Any]:
    return {name: getattr(node, name) for name in _names(node.__class__)}


def _size(node: Any) -> int:
    """Return the number of nodes of a tree."""
    if isinstance(node, tuple):
        return sum(map(_size, node))
    parts = _parts(node)
    return 1 + sum(map(_size, parts.values())) if parts else 0


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
    parts = {
        name: span if name == "span" else _moved(part, span) for name, part in _parts(node).items()
    }
    return replace(node, **parts) if parts else node
