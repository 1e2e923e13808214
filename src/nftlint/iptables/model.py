"""iptables commands as values."""

from __future__ import annotations

from typing import Literal

from nftlint.argv import Arg, Argv
from nftlint.record import dataclass

Program = Literal["iptables", "ip6tables"]


@dataclass(frozen=True, slots=True)
class IptablesCommand:
    """One call of iptables or ip6tables; ``args`` are the words after the program's name.

    The text of a word is unquoted and may contain hole characters. Its origin is the span of the
    nft statement that it says again, in the offsets of the nft text.
    """

    program: Program
    args: tuple[Arg, ...]

    @property
    def argv(self) -> Argv:
        """All words, the program's name first."""
        return (Arg(self.program), *self.args)

    @property
    def words(self) -> tuple[str, ...]:
        """The text of all words, the program's name first."""
        return tuple(arg.text for arg in self.argv)
