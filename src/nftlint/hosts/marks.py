"""Marks: what in a text tells for or against a host, by the data of the owners."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from nftlint.hosts.conditions import Condition
from nftlint.hosts.observe import Observation, Words, observe
from nftlint.owner_model import Evidence as Known
from nftlint.owners import Owner, load_owner, owner_tags
from nftlint.record import dataclass, replace
from nftlint.results import Location
from nftlint.span import Span

_ZERO = Span(0, 0)
_NAMES = ("group", "role")
"""Kinds of evidence that are names which stand for themselves, and are not sought in texts."""


TAGS = "nftlint_tags"
"""The variable of a group or host that names its tags, as a list or with commas."""

Rank = tuple[int, int]
"""How near to the host a variable is set: the nearest counts, as Ansible has it."""

DEFAULTS: Rank = (0, 0)
FOR_HOST: Rank = (7, 0)
THERE: Rank = (8, 0)
"""The ranks of roles' defaults, of hosts, and of all that is no inventory's; ``variables`` has the
ranks of groups, which are between the first two."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing in the tree that tells something of a host.

    ``sense`` is ``is``, ``is-not``, ``lower`` or ``weak``. ``variable`` is the name of a variable
    that says it, which a nearer one of that name (``rank``) overrides. ``explicit`` marks are
    configuration rather than evidence. ``leaves`` is the owner that still reads the tables.
    ``only`` are the conditions of the tasks that lead to it.
    """

    tag: str
    sense: str
    location: Location
    why: str
    variable: str = ""
    rank: Rank = THERE
    kube_router: str = ""
    iptables: str = ""
    leaves: str = ""
    explicit: bool = False
    only: tuple[Condition, ...] = ()


@cache
def every_owner(own: tuple[Owner, ...] = ()) -> tuple[Owner, ...]:
    """Return all owners; ``own`` are those that a configuration describes itself."""
    known = tuple(owner for owner in map(load_owner, owner_tags()) if isinstance(owner, Owner))
    return (*known, *own)


@cache
def known_evidence(own: tuple[Owner, ...] = ()) -> Mapping[str, tuple[Known, ...]]:
    """Return the evidence of all owners by its kind, each once.

    ``own`` are owners that a configuration describes itself.
    """
    found: dict[str, dict[tuple[str, ...], Known]] = {}
    for owner in every_owner(own):
        for item in owner.evidence:
            value = item.value.pattern if item.value is not None else ""
            key = (item.tag, item.pattern.pattern, value)
            found.setdefault(item.kind, {})[key] = item
    return {kind: tuple(items.values()) for kind, items in found.items()}


@cache
def included_by(tag: str) -> tuple[str, ...]:
    """Return the owners that a profile includes, so that it says more of a host than they do."""
    owner = load_owner(tag)
    return owner.includes if isinstance(owner, Owner) else ()


@cache
def words(own: tuple[Owner, ...] = ()) -> Words:
    """Return the words that a text must hold for any owner's evidence to speak of it."""
    return _words(item for items in known_evidence(own).values() for item in items)


@cache
def nodes(own: tuple[Owner, ...] = ()) -> Words:
    """Return the words that a text must hold to tell of a node."""
    every = (item for items in known_evidence(own).values() for item in items)
    return _words(item for item in every if item.sense == "is")


def _words(several: Iterable[Known]) -> Words:
    """Put the words together; evidence without any may be in whatever text."""
    found = tuple(several)
    every = {word for item in found for word in item.words or ("",)}
    gates = ((item.beside,) if item.beside else item.words or ("",) for item in found)
    gate = {word for several in gates for word in several}
    kinds = frozenset(item.kind for item in found)
    return Words(re.compile("|".join(map(re.escape, sorted(every)))), tuple(sorted(gate)), kinds)


def marks_in(
    text: str,
    place: Location,
    rank: Rank = THERE,
    *,
    exact: bool = False,
    own: tuple[Owner, ...] = (),
) -> Iterator[Mark]:
    """Yield the marks of a text; ``place`` is where it begins, or (``exact``) all of its place.

    ``own`` are owners that its configuration describes.
    """
    seen: set[tuple[str, str, str, int]] = set()
    evidence = _those(own, possible(text, own))
    for item in observe(text, evidence.words):
        for mark in _marks_of(item, place, rank, evidence.by_kind):
            key = (mark.tag, mark.sense, mark.why, item.span.start)
            if key not in seen:
                seen.add(key)
                yield mark if not exact else replace(mark, location=place)


def possible(text: str, own: tuple[Owner, ...] = ()) -> tuple[int, ...]:
    """Return which evidence (its numbers) may be in a text, by its words; none in most texts."""
    lowered = text.lower()
    return tuple(
        number
        for number, (beside, several) in enumerate(_asked(own))
        if beside in lowered and any(word in lowered for word in several)
    )


@cache
def _asked(own: tuple[Owner, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the word beside each piece of evidence, and its own words."""
    return tuple((item.beside, item.words or ("",)) for item in _every(own))


@cache
def _every(own: tuple[Owner, ...]) -> tuple[Known, ...]:
    """Return the evidence that is sought in texts."""
    several = known_evidence(own).items()
    return tuple(item for kind, items in several if kind not in _NAMES for item in items)


@dataclass(frozen=True, slots=True)
class _Those:
    """Some of the evidence: its words, and all of each kind."""

    words: Words
    by_kind: Mapping[str, tuple[Known, ...]]


@cache
def _those(own: tuple[Owner, ...], numbers: tuple[int, ...]) -> _Those:
    several = [_every(own)[number] for number in numbers]
    by_kind: dict[str, list[Known]] = {}
    for item in several:
        by_kind.setdefault(item.kind, []).append(item)
    return _Those(_words(several), {kind: tuple(items) for kind, items in by_kind.items()})


def _marks_of(
    item: Observation, place: Location, rank: Rank, evidence: Mapping[str, tuple[Known, ...]]
) -> Iterator[Mark]:
    """Yield what the owners' evidence makes of one thing that is named."""
    for known in evidence.get(item.kind, ()):
        if known.value is not None and item.value is None:
            continue
        if item.conditional and known.sense in ("is-not", "lower"):
            continue  # a switch that may be on is not known to be
        found = known.matches(item.text, item.value)
        if found is None:
            continue
        groups = found.groupdict()
        yield Mark(
            known.tag,
            known.sense,
            Location(place.uri, item.span.shift(place.span.start)),
            _why(item, known),
            item.text if item.kind == "variable" else "",
            rank,
            groups.get("version") or "",
            groups.get("iptables") or "",
            known.leaves,
        )


def named(kind: str, text: str, location: Location, own: tuple[Owner, ...] = ()) -> Iterator[Mark]:
    """Yield the marks of a name that stands for itself: a group, a role, a file of the tree."""
    item = Observation(kind, text, "", location.span)
    yield from _marks_of(item, Location(location.uri, _ZERO), THERE, known_evidence(own))


def tagged(tag: str, location: Location, why: str) -> Mark:
    """Return the mark of a tag that someone gave."""
    return Mark(tag, "is", location, why, explicit=True)


_WHAT = {
    "command": "runs",
    "url": "uses",
    "image": "uses the image",
    "flag": "has the flag",
    "label": "has the label",
    "file": "names the file",
    "group": "is in the inventory group",
    "role": "runs the role",
    "variable": "sets",
    "key": "sets",
}
_SENSE = {
    "is": "",
    "is-not": ", so it is none",
    "lower": "",
    "weak": " (which alone tells nothing)",
}
_LONGEST = 60


def _why(item: Observation, known: Known) -> str:
    text = item.text if len(item.text) <= _LONGEST else item.text[: _LONGEST - 1] + "…"
    value = f" = {item.value}" if item.kind in ("variable", "key") and item.value else ""
    if len(value) > _LONGEST:
        value = ""
    note = f": {known.note}" if known.note and known.sense == "lower" else _SENSE[known.sense]
    return f"it {_WHAT[item.kind]} `{text}{value}`{note}"


def strongest(marks: Iterable[Mark]) -> list[Mark]:
    """Return the marks without those of a variable that is set again nearer to the host."""
    every = list(dict.fromkeys(marks))
    ranks: dict[str, Rank] = {}
    for mark in every:
        if mark.variable:
            ranks[mark.variable] = max(ranks.get(mark.variable, mark.rank), mark.rank)
    return [mark for mark in every if not mark.variable or mark.rank == ranks[mark.variable]]
