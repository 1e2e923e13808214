"""Stage one: an artifact to everything that is found in it, at any depth."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from nftlint.artifact import Artifact, root
from nftlint.carriers.registry import outline, readers
from nftlint.filled import filled
from nftlint.found import Directive, Found, NftCall, Problem, ProgramRun, Reference
from nftlint.fragment import Fragment
from nftlint.needles import SETTINGS
from nftlint.patterns import compiled
from nftlint.record import dataclass
from nftlint.span import Span

MAX_DEPTH = 32
"""Fragments nested deeper than this are not read: no honest file needs it."""

MAX_WORDS = 500_000
"""Texts of more words are not read: a word of shell costs up to a kilobyte of memory, and time."""

_WORD = compiled(r"[^\s;&|(){}]+")
_LISTS = frozenset({"nft", "jinja nft"})
"""Honest texts in these languages may have as many words: they are addresses, and cost little."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What one artifact holds. ``fragments`` are in reading order, parents before children.

    ``addresses`` gives, for each fragment, its path of ordinals from the root: two scans of one
    artifact before and after an edit are compared by them.
    """

    artifact: Artifact
    kind: str
    fragments: tuple[Fragment, ...]
    addresses: tuple[tuple[int, ...], ...]
    calls: tuple[NftCall, ...]
    runs: tuple[ProgramRun, ...]
    references: tuple[Reference, ...]
    directives: tuple[Directive, ...]
    problems: tuple[Problem, ...]

    @property
    def silent(self) -> bool:
        """Tell whether nothing in it is for a check to judge, or for anybody to be told."""
        found = self.calls or self.runs or self.problems or self.directives
        texts = [
            self.artifact.text,
            *(one.text for one in self.fragments if one.recode is not None),
        ]
        return not found and not any(name in text for name in SETTINGS for text in texts)


def scan(artifact: Artifact, kind: str) -> Scan:
    """Read an artifact as ``kind`` and everything nested in it. Never executes anything."""
    fragments: list[Fragment] = []
    addresses: list[tuple[int, ...]] = []
    found: list[Found] = []
    for address, item in _walk(root(artifact, kind), (0,)):
        if isinstance(item, Fragment):
            fragments.append(item)
            addresses.append(address)
        else:
            found.append(item)
    return Scan(
        artifact,
        kind,
        tuple(fragments),
        tuple(addresses),
        tuple(one for item in found if isinstance(item, NftCall) for one in filled(item)),
        tuple(item for item in found if isinstance(item, ProgramRun)),
        tuple(item for item in found if isinstance(item, Reference)),
        tuple(item for item in found if isinstance(item, Directive)),
        tuple(item for item in found if isinstance(item, Problem)),
    )


def nothing_in(artifact: Artifact, kind: str) -> Scan:
    """Return the scan of an artifact of which nothing is read."""
    return Scan(artifact, kind, (), (), (), (), (), (), ())


def _walk(fragment: Fragment, address: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Found]]:
    yield address, fragment
    reader = readers().get(fragment.language)
    if reader is None:
        return
    if len(address) > MAX_DEPTH:
        message = f"texts are nested more than {MAX_DEPTH} deep"
        yield address, Problem(fragment, Span(0, len(fragment.text)), message)
        return
    if _is_endless(fragment):
        message = f"this has more than {MAX_WORDS:,} words, and was not read"
        yield address, Problem(fragment, Span(0, 1), message)
        return
    ordinal = 0
    for item in reader(fragment):
        if isinstance(item, Fragment):
            yield from _walk(item, (*address, ordinal))
            ordinal += 1
        else:
            yield address, item


def _is_endless(fragment: Fragment) -> bool:
    """Tell whether a text has too many words. One word in a line without an end is none."""
    if len(fragment.text) < 2 * MAX_WORDS or fragment.language in _LISTS:
        return False
    words = _WORD.finditer(fragment.text)
    return next(islice(words, MAX_WORDS, None), None) is not None


def outlines(result: Scan) -> list[tuple[tuple[int, ...], list[str]]]:
    """Return the outline of every fragment that has one, with its address."""
    pairs = zip(result.addresses, result.fragments, strict=True)
    return [(address, outline(fragment)) for address, fragment in pairs]
