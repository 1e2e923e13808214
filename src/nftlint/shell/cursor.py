"""The place in a script that is being read, and what the reading leaves behind."""

from __future__ import annotations

from collections.abc import Callable

from nftlint.patterns import compiled
from nftlint.record import dataclass, field
from nftlint.shell.tree import Body, Command, Heredoc, Mistake, Redirect
from nftlint.span import Span

BLANKS = compiled(r"(?:[ \t\r]|\\\n)*")
_COMMENT = compiled(r"#[^\n]*")


class ShellError(ValueError):
    """Raised where the text is no shell; ``at`` is the offset."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


@dataclass(slots=True)
class Cursor:
    """Reads ``text`` from ``at``.

    ``parse_body`` reads the commands of a ``$(`` up to its ``)``, ``parse_command`` one command:
    words hold commands, and commands hold words. ``unclosed`` are the offsets of each ``$(`` that
    is known to have no ``)``, each with the end of the text that was looked through: what is in it
    is read again, and it must not be tried once more.
    """

    text: str
    parse_body: Callable[[Cursor], Body]
    parse_command: Callable[[Cursor], Command]
    at: int = 0
    pending: list[Redirect] = field(default_factory=list)
    heredocs: dict[int, Heredoc] = field(default_factory=dict)
    comments: list[Span] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    unclosed: set[tuple[int, int]] = field(default_factory=set)

    def skip_blanks(self) -> None:
        """Go past blanks, continued lines and a comment, but no line end."""
        match = BLANKS.match(self.text, self.at)
        self.at = match.end() if match else self.at
        if self.text.startswith("#", self.at) and (comment := _COMMENT.match(self.text, self.at)):
            self.comments.append(Span(*comment.span()))
            self.at = comment.end()

    def fail(self, message: str) -> ShellError:
        """Return the error for what stands here."""
        return ShellError(message, self.at)
