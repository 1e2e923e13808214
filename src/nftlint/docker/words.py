"""The words of an instruction: flags, ``name=value`` pairs, exec form."""

from __future__ import annotations

import json

from nftlint.docker.lexer import SPACE
from nftlint.patterns import compiled
from nftlint.record import dataclass
from nftlint.span import Span

BLANKS = compiled(r"[\t\v\f\r ]+")
_JSON_STRING = compiled(r'"(?:[^"\\]|\\.)*"')
_SURROGATE = compiled("[\ud800-\udfff]")


class MalformedError(ValueError):
    """An instruction that BuildKit's parser refuses; its text is the reason."""


@dataclass(frozen=True, slots=True)
class Written:
    """A word or string: its value, and its span in the text that it was read from."""

    text: str
    span: Span


def skip_blanks(text: str, at: int) -> int:
    """Return the offset of the next character that is no blank."""
    while at < len(text) and text[at] in SPACE:
        at += 1
    return at


def flags_of(text: str, escape: str) -> tuple[tuple[str, ...], int]:
    """Return the leading ``--flags`` of an instruction, and the offset of what follows them."""
    flags: list[str] = []
    at = skip_blanks(text, 0)
    while text.startswith("--", at):
        flag, at = _flag(text, at, escape)
        if flag == "--":
            break
        flags.append(flag)
        at = skip_blanks(text, at)
    return tuple(flags), skip_blanks(text, at)


def _flag(text: str, at: int, escape: str) -> tuple[str, int]:
    quote = ""
    value: list[str] = []
    while at < len(text) and (quote or text[at] not in SPACE):
        char = text[at]
        at += 1
        if char == quote:
            quote = ""
        elif not quote and char in "'\"":
            quote = char
        elif char == escape:
            value.append(text[at : at + 1])
            at += 1
        else:
            value.append(char)
    return "".join(value), min(at, len(text))


def words_of(text: str, escape: str) -> list[Written]:
    """Return the words of ENV, LABEL and ARG, with their quotes and escapes kept."""
    words: list[Written] = []
    at = skip_blanks(text, 0)
    while at < len(text):
        end = _word_end(text, at, escape)
        # An escape character with nothing after it is dropped.
        span = Span(at, min(end, len(text)))
        value = span.of(text)[: -1 if end > len(text) else None]
        if value:
            words.append(Written(value, span))
        at = skip_blanks(text, span.end)
    return words


def _word_end(text: str, at: int, escape: str) -> int:
    """Return where a word ends; one past the text's end if a lone escape stands there."""
    quote = ""
    while at < len(text) and (quote or text[at] not in SPACE):
        char = text[at]
        at += 2 if char == escape and quote != "'" else 1
        if char == quote:
            quote = ""
        elif not quote and char in "'\"":
            quote = char
    return at


def pairs_of(text: str, escape: str, keyword: str) -> list[tuple[Written, Written]]:
    """Return the names and values of ENV or LABEL; raises ``MalformedError``."""
    words = words_of(text, escape)
    if words and "=" not in words[0].text:
        blank = BLANKS.search(text)
        if blank is None:
            raise MalformedError(f"{keyword} must have two arguments")
        name = Written(text[: blank.start()], Span(0, blank.start()))
        return [(name, Written(text[blank.end() :], Span(blank.end(), len(text))))]
    return [_pair(word) for word in words]


def _pair(word: Written) -> tuple[Written, Written]:
    name, equals, value = word.text.partition("=")
    if not equals:
        raise MalformedError(f"{word.text!r} is not of the form name=value")
    middle = word.span.start + len(name)
    return (
        Written(name, Span(word.span.start, middle)),
        Written(value, Span(middle + 1, word.span.end)),
    )


def exec_form(text: str) -> list[Written] | None:
    """Return the strings of a JSON array, with the spans of their literals; ``None`` if it is none.

    Raises ``MalformedError`` for an array of other things than strings.
    """
    if not text.startswith("["):
        return None
    try:
        values = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(value, str) for value in values):
        raise MalformedError("an exec form must be a list of strings only")
    spans = [Span(*match.span()) for match in _JSON_STRING.finditer(text)]
    decoded = [_SURROGATE.sub("\ufffd", value) for value in values]
    return [Written(*pair) for pair in zip(decoded, spans, strict=True)]


def _no_constant(name: str) -> None:
    raise ValueError(name)
