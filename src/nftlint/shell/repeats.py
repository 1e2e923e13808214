"""Calls of functions that come to nothing: one like it need not be looked into again."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from nftlint.patterns import compiled
from nftlint.record import dataclass, field
from nftlint.shell.frames import Frame
from nftlint.shell.tree import Function
from nftlint.shell.values import Env
from nftlint.span import Span

_NAME = compiled(r"[A-Za-z_]\w*")
_READ = compiled(r"\$\{?[#!]?([A-Za-z_]\w*)|\b([A-Za-z_]\w*)\+=")


@dataclass(frozen=True, slots=True)
class _Mentions:
    """What a function and those that it names mention: variables read, functions, any names."""

    variables: frozenset[str]
    functions: frozenset[str]
    names: frozenset[str]


@dataclass(slots=True)
class Repeats:
    """What one script's functions mention, and which of their calls came to nothing."""

    functions: Mapping[str, Function]
    text: str
    mentioned: dict[Span, _Mentions] = field(default_factory=dict)
    nothing: set[Hashable] = field(default_factory=set)

    def key(self, frame: Frame) -> Hashable:
        """Return all that a call's outcome depends on: two with one key differ by place alone."""
        function, env = frame.function, frame.site.env
        words = tuple((word.text, tuple(word.fragment.holes.values())) for word in frame.words)
        mentions = self._mentions(function)
        state = tuple(_state(name, env) for name in mentions.variables)
        defined = tuple(_definition(name, env) for name in mentions.functions)
        short = tuple(env.aliases[name] for name in env.aliases.keys() & mentions.names)
        return function.span, frame.depth(), words, state, defined, short

    def _mentions(self, function: Function) -> _Mentions:
        found = self.mentioned.get(function.span)
        if found is None:
            found = self.mentioned[function.span] = self._closure(function)
        return found

    def _closure(self, function: Function) -> _Mentions:
        variables: set[str] = set()
        names: set[str] = set()
        waiting, done = [function], {function.name}
        while waiting:
            text = waiting.pop().body.span.of(self.text)
            variables.update(one or other for one, other in _READ.findall(text))
            here = set(_NAME.findall(text))
            below = (here & self.functions.keys()) - done
            names |= here
            done |= below
            waiting += [self.functions[name] for name in sorted(below)]
        return _Mentions(frozenset(variables), frozenset(done), frozenset(names))


def _definition(name: str, env: Env) -> Span | None:
    """Return which of several functions with one name would be called."""
    function = env.functions.get(name)
    return function.span if function is not None else None


def _state(name: str, env: Env) -> Hashable:
    places = tuple(text.span for text in env.texts.get(name, ()))
    return name, env.scalars.get(name), env.arrays.get(name), places, env.chosen.get(name)
