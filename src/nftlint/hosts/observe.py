"""What a text of any kind says that evidence may speak of: commands, flags, variables, images.

Scripts, playbooks, cloud-configs, Dockerfiles and Terraform files are read alike, line by line and
without their comments: evidence asks whether something is *named*, not what a program does with it.
All spans are of the text itself (code points, 0-based, half-open).

A tree has far more text than evidence, so only lines with one of the words of evidence are taken
apart, and a text without any of them costs no more than a search.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_uppercase

from nftlint.hosts.keys import Keys
from nftlint.hosts.lines import line_start, logical_line, logical_lines, stripped
from nftlint.patterns import compiled
from nftlint.record import dataclass, replace
from nftlint.span import Span

_TITLE = compiled(
    r"\s*(?:-\s+)?(?:name|msg|description|title|fail_msg|success_msg|help|echo|printf|log)\b[: ]"
)
_COMMAND_END = compiled(r"&&|\|\||[;|]")
_WORD_END = compiled(r"[\s\"'`<>|;,()\[\]{}]+")
_ASSIGNED = compiled(
    r"\s*(?:-\s+)?(?:export\s+|ENV\s+|ARG\s+|local\s+)?[\"']?([A-Za-z_][\w.-]*)[\"']?"
    r"\s*(?::(?=\s|$)|=(?!=)|\?=)[ \t]*(.*)",
    re.DOTALL,
)
_INLINE = compiled(r"(?<![\w$.{/-])([A-Za-z_]\w*)=(?!=)(\"[^\"]*\"|'[^']*'|[^\s;|&]*)")
_OPENS = compiled(r"\{%-?\s*(?:if|for)\b")
_CLOSES = compiled(r"\{%-?\s*end(?:if|for)\b")
_IF = compiled(r"\{%-?\s*if\b|\{\{[^}]*\bif\b")
_LOWER = {ord(char): char.lower() for char in ascii_uppercase}
_TEMPLATE = compiled(r"\{\{|\{%|\$[{(A-Za-z_]")


@dataclass(frozen=True, slots=True)
class Observation:
    """``kind`` as in the owners' evidence; ``value`` is ``None`` where it is a template.

    ``conditional`` tells that a template decides whether it is there at all.
    """

    kind: str
    text: str
    value: str | None
    span: Span
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Finds what a line must hold, in lower case, for any evidence to speak of it.

    ``gate`` are words of which a text has one, if it has anything that evidence speaks of;
    ``kinds`` are those of the evidence.
    """

    every: re.Pattern[str]
    gate: tuple[str, ...]
    kinds: frozenset[str]

    def stand_in(self, text: str) -> bool:
        """Tell whether a text has any of the words, in whatever case."""
        return self.every.search(text.lower()) is not None


def observe(text: str, words: Words) -> Iterator[Observation]:
    """Yield all that a text names, line by line; a title or a comment names nothing."""
    keys = Keys(text)
    for match, within in _told(text, words):
        raw = match.group()
        line = stripped(raw)
        if not line or not words.stand_in(line):
            continue
        start = match.start() + len(raw) - len(raw.lstrip())
        span = Span(start, start + len(raw.strip().split("\n", 1)[0]))
        found = [*_keys(keys, match.start(), span)] if "key" in words.kinds else []
        if not _TITLE.match(line):
            found += _of_line(line, span, words)
        conditional = within or _IF.search(raw) is not None
        yield from (replace(item, conditional=True) for item in found) if conditional else found


def _told(text: str, words: Words) -> Iterator[tuple[re.Match[str], bool]]:
    """Yield the lines with a word, and whether each is within a block of a template."""
    end, counted, depth = -1, 0, 0
    templates = "{%" in text
    lowered = _lowered(text)
    if not any(word in lowered for word in words.gate):
        return
    for found in words.every.finditer(lowered):
        if found.start() > end:
            match = logical_line(text, line_start(text, found.start()))
            if templates:
                depth = _depth(text[counted : match.start()], depth)
                counted = match.start()
            end = match.end()
            yield match, depth > 0


def _depth(text: str, depth: int) -> int:
    """Return how many blocks of templates are open behind a text; ``depth`` are before it."""
    for line in logical_lines(text) if "{%" in text else ():
        opened, closed = len(_OPENS.findall(line.group())), len(_CLOSES.findall(line.group()))
        depth = max(0, depth + opened - closed)
    return depth


def _lowered(text: str) -> str:
    """Return a text in lower case, each character at its place."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text.translate(_LOWER)


def _of_line(line: str, span: Span, words: Words) -> Iterator[Observation]:
    bare = line.replace('"', "").replace("'", "")
    for command in _COMMAND_END.split(bare):
        if words.stand_in(command):
            yield Observation("command", " ".join(command.split()), "", span)
    yield Observation("label", bare.strip().removeprefix("- "), "", span)
    for word in dict.fromkeys(filter(words.stand_in, _words(line))):
        if word.startswith("--"):
            yield Observation("flag", word, "", span)
        else:
            for kind in ("url", "image", "file"):
                yield Observation(kind, word.partition("@sha256")[0], "", span)
    for name, value in dict.fromkeys(_assignments(line)):
        if words.stand_in(name) or words.stand_in(value):
            yield Observation("variable", name, known(value), span)


def _words(line: str) -> Iterator[str]:
    for word in _WORD_END.split(line):
        if word:
            yield word.rstrip(":")
            name, equals, value = word.partition("=")
            if equals and value and not name.startswith("--"):
                yield value


def _assignments(line: str) -> Iterator[tuple[str, str]]:
    if found := _ASSIGNED.fullmatch(line.rstrip()):
        yield found[1], found[2]
    for found in _INLINE.finditer(line):
        yield found[1], found[2]


def known(value: str | None) -> str | None:
    """Return a value without its quotes; ``None`` where a template stands in it."""
    if value is None or _TEMPLATE.search(value):
        return None
    return value.strip().strip("\"'").strip()


def _keys(keys: Keys, start: int, span: Span) -> Iterator[Observation]:
    """Yield the key of a line by all ends of its path."""
    found = keys.path(start)
    if found is not None:
        names, value = found
        for first in range(len(names)):
            yield Observation("key", ".".join(names[first:]), known(value), span)
