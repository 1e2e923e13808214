"""iptables commands as lines that people read, and that a POSIX shell would run."""

from __future__ import annotations

from nftlint.holes import is_hole
from nftlint.iptables.model import IptablesCommand
from nftlint.patterns import compiled

_PLAIN = compiled(r"[A-Za-z0-9_@%+=:,./!-]+\Z")


def render(command: IptablesCommand) -> str:
    """Return the command as one line, its words quoted where a shell needs it."""
    return " ".join(quote(word) for word in command.words)


def quote(word: str) -> str:
    """Quote a word for a POSIX shell, in double quotes where that can be read more easily.

    Hole characters stay as they are: what stands for them belongs to whoever made them.
    """
    if _PLAIN.match("".join("x" if is_hole(char) else char for char in word)):
        return word
    if not any(char in '"$`\\!\n' for char in word):
        return f'"{word}"'
    return "'" + word.replace("'", "'\\''") + "'"
