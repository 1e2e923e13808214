"""Calls of functions that come to nothing: one like it need not be looked into again."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from nftlint.shell.frames import Frame
from nftlint.shell.tree import Function
from nftlint.shell.values import Env

_NAME = re.compile(r"[A-Za-z_]\w*")
_READ = re.compile(r"\$\{?[#!]?([A-Za-z_]\w*)|\b([A-Za-z_]\w*)\+=")


@dataclass(slots=True)
class Repeats:
    """What one script's functions mention, and which of their calls came to nothing."""

    functions: Mapping[str, Function]
    text: str
    mentioned: dict[str, frozenset[str]] = field(default_factory=dict)
    nothing: set[Hashable] = field(default_factory=set)

    def key(self, frame: Frame) -> Hashable:
        """Return all that a call's outcome depends on: two with one key differ by place alone."""
        function, env = frame.function, frame.site.env
        words = tuple((word.text, tuple(word.fragment.holes.values())) for word in frame.words)
        state = tuple(_state(name, env) for name in self._names(function))
        return function.span, frame.depth(), words, state

    def _names(self, function: Function) -> frozenset[str]:
        """Return the variables that a function reads, and those of the functions it names."""
        found = self.mentioned.get(function.name)
        if found is None:
            found = frozenset(self._closure(function))
            self.mentioned[function.name] = found
        return found

    def _closure(self, function: Function) -> set[str]:
        names: set[str] = set()
        waiting, done = [function], {function.name}
        while waiting:
            text = waiting.pop().body.span.of(self.text)
            names.update(one or other for one, other in _READ.findall(text))
            below = (set(_NAME.findall(text)) & self.functions.keys()) - done
            done |= below
            waiting += [self.functions[name] for name in sorted(below)]
        return names


def _state(name: str, env: Env) -> Hashable:
    text = env.texts.get(name)
    place = text.span if text is not None else None
    return name, env.scalars.get(name), env.arrays.get(name), place, name in env.chosen
