"""Which fixes are taken, and in what order, until none is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from nftlint.applicability import Applicability
from nftlint.artifact import Artifact
from nftlint.edits import Replacement, apply
from nftlint.record import dataclass
from nftlint.results import Check, Fix, Result

MAX_PASSES = 10
"""A fix may uncover another; more passes than this mean that two undo each other."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A fix that can be made, and the results that it mends."""

    fix: Fix
    results: tuple[Result, ...]


Pick = Callable[[Artifact, Sequence[Choice]], Sequence[Choice]]
"""Takes some of the choices of one pass, which can all be made together."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A text after its fixes. ``mended`` are the results that are gone.

    ``refusal`` says, where it is not empty, why the fixes must not be written.
    """

    text: str
    mended: tuple[Result, ...] = ()
    refusal: str = ""


def everything(_artifact: Artifact, choices: Sequence[Choice]) -> Sequence[Choice]:
    """Pick all."""
    return choices


def fix_text(
    artifact: Artifact, check: Check, threshold: Applicability, pick: Pick = everything
) -> Fixed:
    """Apply fixes of at least ``threshold`` until none is left; each text is linted again."""
    text = artifact.text
    mended: list[Result] = []
    unreadable: int | None = None
    for _ in range(MAX_PASSES):
        now = Artifact(artifact.uri, text)
        results = list(check(now))
        count = sum(result.rule == "NFT001" for result in results)
        if unreadable is not None and count > unreadable:
            return Fixed(text, tuple(mended), "the fixes would make it unreadable")
        unreadable = count
        chosen = pick(now, choices(results, threshold))
        if not chosen:
            return Fixed(text, tuple(mended))
        mended += [result for choice in chosen for result in choice.results]
        text = apply(text, [item for choice in chosen for item in choice.fix.replacements])
    return Fixed(text, tuple(mended), "the fixes undo each other")


def choices(results: Iterable[Result], threshold: Applicability) -> list[Choice]:
    """Return the fixes to make together: in order of place, each once, the first of two that meet.

    One that is left out because it overlaps another comes up again in the next pass.
    """
    found: dict[tuple[Replacement, ...], list[tuple[Fix, Result]]] = {}
    for result in results:
        fix = result.fix
        if isinstance(fix, Fix) and fix.applicability >= threshold:
            found.setdefault(fix.replacements, []).append((fix, result))
    chosen: list[Choice] = []
    taken: list[Replacement] = []
    for replacements in sorted(found, key=lambda items: items[0].span):
        if not any(_overlap(one, other) for one in replacements for other in taken):
            pairs = found[replacements]
            chosen.append(Choice(pairs[0][0], tuple(result for _, result in pairs)))
            taken += replacements
    return chosen


def choose(results: Iterable[Result], threshold: Applicability) -> list[tuple[Replacement, ...]]:
    """Return the replacements of ``choices``."""
    return [choice.fix.replacements for choice in choices(results, threshold)]


def _overlap(one: Replacement, other: Replacement) -> bool:
    return one.span.start < other.span.end and other.span.start < one.span.end
