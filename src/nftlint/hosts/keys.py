"""The keys of YAML by the indentation of lines, wherever YAML stands: in files, heredocs, strings.

A text may be no YAML at all, or YAML only when a template is rendered, so nothing is parsed: the
parent of a key is the nearest line above with a key that is indented less.
"""

from __future__ import annotations

import re

from nftlint.hosts.lines import line_start, logical_line, stripped
from nftlint.patterns import compiled
from nftlint.record import dataclass, field

_KEY = compiled(r"(?P<indent>[ ]*(?:- +)?)[\"']?(?P<key>[\w./-]+)[\"']?:(?:[ \t]+(?P<value>.*))?$")
DEEPEST = 6
"""How many keys of a path are told."""


@dataclass(frozen=True, slots=True)
class Key:
    """``indent`` counts the dash of a list item, ``above`` is where the parent's line begins.

    ``above`` is -1 at the top.
    """

    indent: int
    name: str
    value: str
    above: int


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a text that were asked for, and those above them, by where their lines begin."""

    text: str
    known: dict[int, Key] = field(default_factory=dict)

    def path(self, start: int) -> tuple[list[str], str] | None:
        """Return the names from the top down to the line at ``start``, and that key's value.

        ``None`` where that line has no key.
        """
        key = last = self._at(start)
        if key is None or last is None:
            return None
        names = [key.name]
        while key is not None and key.above >= 0 and len(names) < DEEPEST:
            key = self._at(key.above)
            if key is not None:
                names.insert(0, key.name)
        return names, last.value

    def _at(self, start: int) -> Key | None:
        if start not in self.known:
            found = _read(self.text, start)
            if found is None:
                return None
            indent = len(found["indent"])
            above = self._above(start, indent)
            self.known[start] = Key(indent, found["key"], found["value"] or "", above)
        return self.known[start]

    def _above(self, start: int, indent: int) -> int:
        """Return the nearest line above with a key that is indented less, -1 without one.

        Between a key and its parent all keys are indented as the key is, or more: where the way
        leads past a key that is known, it goes on at that key's parent. So many keys beside each
        other are not looked through again and again.
        """
        at = start
        while at > 0:
            at = line_start(self.text, at - 1)
            key = self.known.get(at)
            while key is not None and key.indent >= indent:
                at = key.above
                key = self.known.get(at)
            if at < 0 or key is not None:
                return at
            if self.text[at : at + indent].isspace() and indent:
                continue
            found = _read(self.text, at)
            if found is not None and len(found["indent"]) < indent:
                return at
        return -1


def _read(text: str, start: int) -> re.Match[str] | None:
    return _KEY.match(stripped(logical_line(text, start).group()).rstrip())
