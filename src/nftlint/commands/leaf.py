"""What a command line comes down to."""

from __future__ import annotations

from nftlint.commands.words import Word
from nftlint.record import dataclass


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a command line comes down to.

    The program is word ``at`` of ``words``; where ``script`` is true there is no program, and
    words ``at`` to ``end`` (half-open), joined with blanks, are a shell script instead.
    ``words`` are the line's, with a variable's known value in the place of the variable where
    it says which program runs; ``source`` gives for each its index in the line.
    ``elsewhere`` names the other host or network namespace that it runs in, if any.
    ``fixed`` is why its words cannot be written anew, empty where they can.
    """

    words: tuple[Word, ...]
    source: tuple[int, ...]
    at: int
    end: int
    script: bool = False
    elsewhere: str = ""
    caveats: tuple[str, ...] = ()
    fixed: str = ""
    appended: bool = False

    @property
    def name(self) -> str:
        """The program's name without its directory."""
        return self.words[self.at].text.rpartition("/")[2]

    def texts(self) -> list[str]:
        """All words' texts."""
        return [word.text for word in self.words]
