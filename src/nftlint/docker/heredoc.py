"""Heredocs of RUN, COPY and ADD: which operators BuildKit sees, and where their bodies are."""

from __future__ import annotations

from nftlint.docker.lexer import PLAIN, RAW, LexError, words_of
from nftlint.patterns import compiled
from nftlint.record import dataclass
from nftlint.span import Span

_OPERATOR = compiled(r"([0-9]*)<<(-?)(\s*)([^<]*)")


@dataclass(frozen=True, slots=True)
class Operator:
    """A heredoc operator: the ``name`` that ends it, whether tabs are stripped (``<<-``).

    ``expand`` says that no part of the name was quoted. ``spaced`` says that blanks stand before
    the name, which only BuildKit since Dockerfile syntax 1.11 takes for a heredoc.
    """

    name: str
    chomp: bool
    expand: bool
    descriptor: int
    spaced: bool


@dataclass(frozen=True, slots=True)
class Heredoc:
    """An operator with its body (up to the terminator's line) and the name at its end.

    Both spans are in the Dockerfile's text; ``end`` is without the tabs before it.
    """

    operator: Operator
    body: Span
    end: Span


def operators(line: str) -> list[Operator]:
    """Return the heredoc operators of a logical line, in order; none if its quotes are open."""
    if "<<" not in line:
        return []
    try:
        words = words_of(line, RAW)
    except LexError:
        return []
    return [found for word in words if (found := operator(word)) is not None]


def operator(word: str) -> Operator | None:
    """Return the heredoc operator that a word is."""
    match = _OPERATOR.fullmatch(word)
    if match is None or not match[4]:
        return None
    try:
        names, raw = words_of(match[4], PLAIN), words_of(match[4], _QUOTES_KEPT)
    except LexError:
        return None
    if len(names) != 1:
        return None
    expand = _quotes(names[0]) == _quotes(raw[0])
    return Operator(names[0], bool(match[2]), expand, int(match[1] or "0"), bool(match[3]))


_QUOTES_KEPT = type(PLAIN)(keep_quotes=True)


def _quotes(word: str) -> int:
    return word.count("'") + word.count('"')


def find_body(text: str, lines: list[Span], at: int, operator: Operator) -> tuple[Heredoc, int]:
    """Return the heredoc whose body begins at physical line ``at``, and the line after it.

    Raises ``LookupError`` where no line ends it.
    """
    for index in range(at, len(lines)):
        content = lines[index].of(text)
        name = content.lstrip("\t") if operator.chomp else content
        if name == operator.name:
            end = lines[index].end
            body = Span(lines[at].start, lines[index].start)
            return Heredoc(operator, body, Span(end - len(name), end)), index + 1
    raise LookupError(operator.name)
