r"""Host patterns of plays: ``web:&staging:!~db\d+``, ``all``, ``web[0:1]``, ``*.example.org``.

Source: Ansible's documentation, "Patterns: targeting hosts and groups"; held against ansible-core
itself by ``scripts/hosts_agreement.py``.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv6Address

from nftlint.holes import has_holes
from nftlint.hosts.world import ALL, World
from nftlint.record import dataclass
from nftlint.yaml.mask import MASK

LOCAL = ("localhost", "127.0.0.1", "::1")
"""The controller itself, where no inventory has a host of that name."""

_TERM = re.compile(r"(?:[^\s:\[\]]|\[[^\]]*\])+")
_WITH_PORT = re.compile(r"(?:[\w.-]|\[[^\]]*\])+:\d+")
_SLICE = re.compile(r"(.+)\[(?:(?P<one>-?\d+)|(?P<first>\d+)[:-](?P<last>\d*))\]")


@dataclass(frozen=True, slots=True)
class Unknown:
    """Which hosts a pattern names cannot be told, and why."""

    reason: str


Selected = tuple[str, ...] | Unknown


class _PatternError(ValueError):
    pass


def select(patterns: str | Sequence[str], world: World) -> Selected:
    """Return the hosts that a pattern, or a list of them, names in a world."""
    terms = split(patterns)
    if isinstance(terms, Unknown):
        return terms
    try:
        return _evaluate(terms, world)
    except (_PatternError, re.error) as error:
        return Unknown(f"the host pattern cannot be evaluated: {error}")


def split(patterns: str | Sequence[str]) -> list[str] | Unknown:
    """Return the single patterns; a template among them makes the whole unknown."""
    given = [patterns] if isinstance(patterns, str) else patterns
    for text in given:
        if "{{" in text or "{%" in text or MASK.search(text) or has_holes(text):
            return Unknown("the host pattern is a template, known only when it runs")
    return [term for text in given for term in _split(text)]


def names(terms: Iterable[str]) -> list[str]:
    """Return the plain names among patterns: groups or hosts that must exist somewhere."""
    bare = (term.lstrip("&!") for term in terms if not term.startswith("~"))
    bases = ((found[1] if (found := _SLICE.fullmatch(term)) else term) for term in bare)
    return [base for base in bases if re.fullmatch(r"[\w.-]+", base)]


def _split(text: str) -> list[str]:
    """Split at commas; else at colons, unless the whole is one address."""
    if "," in text:
        parts = text.split(",")
    elif _WITH_PORT.fullmatch(text) or _is_address(text):
        parts = [text]
    else:
        parts = _TERM.findall(text)
    return [part.strip() for part in parts if part.strip()]


def _is_address(text: str) -> bool:
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True


def _evaluate(terms: Sequence[str], world: World) -> tuple[str, ...]:
    """Unions first, then intersections, then exclusions, whatever their order."""
    unions = [term for term in terms if term[0] not in "&!"]
    hosts: dict[str, None] = {}
    for term in unions or [ALL]:
        hosts.update(dict.fromkeys((term,) if term in world.hosts else _one(term, world)))
    for term in terms:
        if term[0] == "&":
            both = set(_one(term[1:], world))
            hosts = {host: None for host in hosts if host in both}
    for term in terms:
        if term[0] == "!":
            out = set(_one(term[1:], world))
            hosts = {host: None for host in hosts if host not in out}
    return tuple(hosts)


def _one(term: str, world: World) -> tuple[str, ...]:
    if not term:
        raise _PatternError("a pattern is empty")
    found = None if term.startswith("~") else _SLICE.fullmatch(term)
    if found is None:
        return _matching(term, world)
    return _sliced(_matching(found[1], world), found)


def _matching(term: str, world: World) -> tuple[str, ...]:
    """Return the hosts of all groups that match, and hosts that match by their own name."""
    pattern = re.compile(term[1:] if term[0] == "~" else fnmatch.translate(term))
    groups = [group for group in world.groups if pattern.match(group)]
    found = dict.fromkeys(host for group in groups for host in world.members(group))
    if not groups or term[0] == "~" or any(char in term for char in ".?*["):
        found.update(dict.fromkeys(host for host in world.hosts if pattern.match(host)))
    if not found and term in LOCAL:
        return (term,)
    return tuple(found)


def _sliced(hosts: tuple[str, ...], found: re.Match[str]) -> tuple[str, ...]:
    """Take ``[1]``, ``[-1]``, ``[0:1]`` (both ends inclusive) or ``[1:]``; ``[1:0]`` is one."""
    if not hosts:
        return ()
    alone = found["first"] if found["last"] == "0" else found["one"]
    if alone is not None:
        at = int(alone)
        if not -len(hosts) <= at < len(hosts):
            raise _PatternError(f"{found[1]} has no host number {at}")
        return (hosts[at],)
    last = int(found["last"]) if found["last"] else len(hosts) - 1
    return hosts[int(found["first"]) : last + 1]
