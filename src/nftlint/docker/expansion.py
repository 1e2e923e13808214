"""What BuildKit replaces in the text of a ``COPY`` heredoc."""

from __future__ import annotations

from nftlint.docker.lexer import PLAIN, Scanner
from nftlint.record import dataclass
from nftlint.span import Span


@dataclass(frozen=True, slots=True)
class Expansion:
    """A stretch of a text that BuildKit replaces: by the character after an escape, or a variable.

    ``name`` is the variable's name, empty for an escape; ``plain`` says that it stands as ``$name``
    or ``${name}``; ``text`` is what an escape leaves.
    """

    span: Span
    name: str = ""
    plain: bool = False
    text: str = ""


def expansions(text: str) -> list[Expansion]:
    r"""Return what BuildKit replaces in the text of an unquoted ``COPY`` heredoc.

    Quotes mean nothing in it; a backslash makes the next character literal and is dropped.
    Raises ``LexError`` for a bad substitution.
    """
    found: list[Expansion] = []
    scanner = Scanner(text, PLAIN)
    while (at := _special_at(text, scanner.at)) < len(text):
        scanner.at = at
        if text[at] == "\\":
            scanner.at = min(at + 2, len(text))
            found.append(Expansion(Span(at, scanner.at), text=text[at + 1 : scanner.at]))
            continue
        name, _ = scanner.dollar()
        span = Span(at, scanner.at)
        if name:
            found.append(Expansion(span, name, span.of(text) in (f"${name}", f"${{{name}}}")))
    return found


def _special_at(text: str, at: int) -> int:
    places = [place for place in (text.find("\\", at), text.find("$", at)) if place >= 0]
    return min(places, default=len(text))
