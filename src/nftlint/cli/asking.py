"""``--interactive``: each fix as a diff, and a question at the terminal."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from nftlint.apply import Choice
from nftlint.artifact import Artifact
from nftlint.cli.terminal import wants_color, width
from nftlint.output.changes import hunks
from nftlint.output.escapes import visible
from nftlint.output.paint import Paint
from nftlint.output.regions import lines_of
from nftlint.output.snippet import Frame, changed
from nftlint.record import dataclass, field
from nftlint.shielding import Group, listable

HELP = (
    "y: apply it; n: leave it; a: apply it and all that follow; q: stop here, keep what was taken"
)

TOGETHER = (
    "note: while this rule cannot be listed, misread rules of its table are not written back: "
    "take their fixes, too, or not this one"
)

_Key = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Asking:
    """Asks once for each fix; ``all_of_them`` and ``done`` are the answers ``a`` and ``q``.

    ``misread`` are the tables in which a fix may take a shield away, if not all are taken.
    """

    misread: frozenset[Group] = frozenset()
    all_of_them: bool = False
    done: bool = False
    declined: dict[str, Counter[_Key]] = field(default_factory=dict)

    def pick(self, artifact: Artifact, choices: Sequence[Choice]) -> list[Choice]:
        """Return the choices that are taken; one that was declined in an earlier pass is not asked.

        Raises ``KeyboardInterrupt`` as the terminal does: then nothing of this file is written.
        """
        before = Counter(self.declined.get(artifact.uri, Counter()))
        return [one for one in choices if self._takes(artifact, one, before)]

    def _takes(self, artifact: Artifact, choice: Choice, before: Counter[_Key]) -> bool:
        key = tuple((item.span.of(artifact.text), item.text) for item in choice.fix.replacements)
        if self.done or before[key] > 0:
            before[key] -= 1
            return False
        if self.all_of_them or self._asked(artifact, choice):
            return True
        self.declined.setdefault(artifact.uri, Counter())[key] += 1
        return False

    def _asked(self, artifact: Artifact, choice: Choice) -> bool:
        for line in _shown(artifact, choice):
            print(line)
        if listable(choice.results) & self.misread:
            print(TOGETHER)
        while True:
            answer = _answer()
            if answer in ("y", "yes"):
                return True
            if answer in ("n", "no"):
                return False
            if answer in ("a", "all"):
                self.all_of_them = True
                return True
            if answer in ("q", "quit"):
                self.done = True
                return False
            print(HELP)


def _answer() -> str:
    try:
        return input("Apply this fix [y,n,a,q,?]? ").strip().lower()
    except EOFError:
        print()
        return "q"


def _shown(artifact: Artifact, choice: Choice) -> Iterator[str]:
    paint = Paint(wants_color(sys.stdout))
    lines = lines_of(artifact.text)
    frame = Frame(paint, len(str(len(lines.starts))), width())
    for result in choice.results:
        place = f"{visible(artifact.uri)}:{lines.region(result.location.span)}"
        yield f"{paint('bold', place)}: {result.rule} {visible(result.message)}"
    for hunk in hunks(lines, choice.fix.replacements):
        yield from changed(frame, hunk)
    for reason in choice.fix.reasons:
        yield f"{choice.fix.applicability.label}: {visible(reason)}"
