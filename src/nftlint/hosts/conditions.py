"""Conditions of tasks and roles (``when:``) that name groups: not all hosts of a play run them.

``'k3s' in group_names`` and ``inventory_hostname in groups['k3s']`` are known, also with ``not``.
Any other condition on groups is not known, and what stands under it then tells of no host. Items
are found by the indentation of lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nftlint.hosts.world import World
from nftlint.patterns import compiled
from nftlint.record import dataclass
from nftlint.span import Span

_WHEN = compiled(r"(?m)^(?P<indent>[ ]*(?:- +)?)(?P<flow>\{?[^\n#]*?)\bwhen:(?P<rest>[^\n]*)$")
_GROUPS = compiled(r"\bgroup_names\b|\bgroups\s*[\[.]")
_MEMBER = compiled(
    r"\s*\(?\s*(?:[\"'](?P<a>[\w.-]+)[\"']\s+(?P<not_a>not\s+)?in\s+group_names"
    r"|inventory_hostname\s+(?P<not_b>not\s+)?in\s+groups\s*"
    r"(?:\.\s*(?P<b>\w+)|\[\s*[\"'](?P<c>[\w.-]+)[\"']\s*\]))\s*\)?\s*"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """What stands at ``span`` runs on hosts in all groups ``within`` and in none ``without``.

    ``known`` is false where that cannot be told.
    """

    span: Span
    within: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    known: bool = True

    def holds(self, host: str, world: World) -> bool:
        """Tell whether the host is known to be one of those."""
        if not self.known or any(name not in world.groups for name in self.within):
            return False
        inside = all(host in world.members(name) for name in self.within)
        groups = (name for name in self.without if name in world.groups)
        return inside and not any(host in world.members(name) for name in groups)


def conditions(text: str) -> tuple[Condition, ...]:
    """Return the conditions on groups in a text of Ansible's."""
    if "when:" not in text or not _GROUPS.search(text):
        return ()
    return tuple(_conditions(text))


def _conditions(text: str) -> Iterator[Condition]:
    for found in _WHEN.finditer(text):
        column = len(found["indent"])
        span = _item(text, found.start(), column)
        if found["flow"]:
            span = Span(found.start(), found.end())
        said = found["rest"].strip().rstrip("}").strip()
        if not said or said in ("|", ">", ">-", "|-"):
            said = _below(text, found.end(), column)
        if _GROUPS.search(said):
            yield _read(span, said)


def _below(text: str, start: int, column: int) -> str:
    """Return the lines below a key at a column: what is indented more, and items of a list."""
    lines = []
    for line in text[start:].split("\n")[1:]:
        indent = len(line) - len(line.lstrip(" "))
        if line.strip() and (indent < column or (indent == column and line[indent] != "-")):
            break
        lines.append(line.strip().removeprefix("- "))
    return " and ".join(
        line.strip("\"'") if line.count("'") % 2 else line for line in lines if line
    )


def _item(text: str, at: int, column: int) -> Span:
    """Return the item of a list that a key at a column is of."""
    start = at
    while not re.match(rf"[ ]{{0,{max(column - 2, 0)}}}- ", text[start:]) and start:
        start = text.rfind("\n", 0, start - 1) + 1
    dash = len(text[start:]) - len(text[start:].lstrip(" "))
    end = re.compile(rf"(?m)^[ ]{{0,{dash}}}[^\s#]").search(text, text.find("\n", at) + 1 or at)
    last = end.start() if end and end.start() > at else len(text)
    return Span(start, _trimmed(text, at, last))


def _trimmed(text: str, start: int, end: int) -> int:
    """Return where an item ends: blank lines and comments behind it are no part of it."""
    while end > start:
        line = text.rfind("\n", start, end - 1) + 1
        if not line or text[line:end].strip()[:1] not in ("", "#"):
            break
        end = line
    return start + len(text[start:end].rstrip())


def _read(span: Span, said: str) -> Condition:
    within: list[str] = []
    without: list[str] = []
    bare = said.strip()
    if len(bare) > 1 and bare[0] in "\"'" and bare[-1] == bare[0] and bare.count(bare[0]) == 2:
        bare = bare[1:-1]
    for part in re.split(r"\band\b", bare):
        if not _GROUPS.search(part):
            continue
        found = _MEMBER.fullmatch(part)
        if found is None:
            return Condition(span, known=False)
        name = found["a"] or found["b"] or found["c"]
        (without if found["not_a"] or found["not_b"] else within).append(name)
    if re.search(r"\bor\b", bare):
        return Condition(span, known=False)
    return Condition(span, tuple(within), tuple(without))
