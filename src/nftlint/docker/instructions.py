"""A Dockerfile as its instructions, as BuildKit's parser splits it, with exact places."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.docker.heredoc import Heredoc, find_body, operators
from nftlint.docker.lexer import SPACE
from nftlint.docker.lines import Fault, Logical, escape_of, is_comment, join, physical
from nftlint.docker.words import (
    BLANKS,
    MalformedError,
    exec_form,
    flags_of,
    pairs_of,
    skip_blanks,
    words_of,
)
from nftlint.fragment import Fragment, to_parent
from nftlint.record import dataclass, replace
from nftlint.span import Span

_WITH_HEREDOCS = ("RUN", "COPY", "ADD")
_LISTS = ("ADD", "COPY", "VOLUME", "EXPOSE", "FROM")
_COMMANDS = ("RUN", "CMD", "ENTRYPOINT", "SHELL")
_STRINGS = ("MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR")
_PAIRS = ("ENV", "LABEL")
KNOWN = frozenset((*_LISTS, *_COMMANDS, *_STRINGS, *_PAIRS, "ARG", "HEALTHCHECK", "ONBUILD"))
"""The instructions that exist."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction. ``keyword`` and ``args`` are spans of ``line``, its joined text.

    ``args`` is what follows the flags, without blanks around it. ``values`` are what BuildKit's
    parser makes of it; ``json`` says that it is an exec form. ``first`` and ``end`` are its
    physical lines, heredocs included: 0-based, half-open. ``trigger`` is what ONBUILD carries.
    """

    line: Fragment
    keyword: Span
    args: Span
    flags: tuple[str, ...]
    values: tuple[str, ...]
    json: bool
    first: int
    end: int
    heredocs: tuple[Heredoc, ...] = ()
    trigger: Instruction | None = None

    @property
    def name(self) -> str:
        """The instruction's name in upper case."""
        return self.keyword.of(self.line.text).upper()

    @property
    def text(self) -> str:
        """What follows the flags."""
        return self.args.of(self.line.text)

    @property
    def place(self) -> Span:
        """Where the keyword stands in the Dockerfile."""
        return to_parent(self.line, self.keyword)


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """``comments`` are the comment lines outside heredocs; ``faults`` are what BuildKit refuses."""

    escape: str
    instructions: tuple[Instruction, ...]
    comments: tuple[Span, ...]
    faults: tuple[Fault, ...]


def parse(source: Fragment) -> Dockerfile:
    """Split a Dockerfile. After a heredoc without end nothing more is read."""
    lines = physical(source.text)
    escape, fault = escape_of(source.text, lines)
    faults = [fault] if fault else []
    instructions: list[Instruction] = []
    comments: list[Span] = []
    at = 0
    while at < len(lines):
        joined = join(source, lines, at, escape)
        end = joined if isinstance(joined, int) else joined.end
        comments += [span for span in lines[at:end] if is_comment(span.of(source.text))]
        at = end
        if isinstance(joined, int):
            continue
        instruction, found = _read(joined, Span(0, len(joined.line.text)), escape)
        faults += found
        try:
            instruction = _with_heredocs(instruction, source.text, lines)
        except LookupError as error:
            faults.append(Fault(instruction.place, f"no line {error.args[0]!r} ends the heredoc"))
            break
        instructions.append(instruction)
        at = instruction.end
    return Dockerfile(escape, tuple(instructions), tuple(comments), tuple(faults))


def _with_heredocs(instruction: Instruction, text: str, lines: list[Span]) -> Instruction:
    holder = instruction.trigger or instruction
    if holder.name not in _WITH_HEREDOCS or holder.json:
        return instruction
    heredocs: list[Heredoc] = []
    at = instruction.end
    for operator in operators(instruction.line.text):
        try:
            heredoc, at = find_body(text, lines, at, operator)
        except LookupError:
            if operator.spaced:  # to older parsers "<< EOF" is no heredoc
                continue
            raise
        heredocs.append(heredoc)
    trigger = instruction.trigger and replace(instruction.trigger, heredocs=tuple(heredocs), end=at)
    return replace(instruction, heredocs=tuple(heredocs), end=at, trigger=trigger)


def _read(
    logical: Logical, span: Span, escape: str, *, nested: bool = False
) -> tuple[Instruction, list[Fault]]:
    """Read the instruction that stands at ``span`` of a logical line."""
    text = logical.line.text
    start = skip_blanks(text, span.start)
    end = max(start, start + len(text[start : span.end].rstrip(SPACE)))
    blank = BLANKS.search(text, start, end)
    keyword = Span(start, blank.start() if blank else end)
    flags, skipped = flags_of(text[blank.end() : end], escape) if blank else ((), 0)
    args = Span(blank.end() + skipped, end) if blank else Span(end, end)
    name = keyword.of(text).upper()
    faults: list[Fault] = []
    trigger = None
    values: tuple[str, ...] = ()
    json = False
    if name == "ONBUILD" and not nested:
        if args:
            trigger, faults = _read(logical, args, escape, nested=True)
            values, json = trigger.values, trigger.json
    else:
        try:
            values, json = _values(name, args.of(text), escape)
        except MalformedError as error:
            faults = [Fault(to_parent(logical.line, keyword), str(error))]
    instruction = Instruction(
        logical.line, keyword, args, flags, values, json, logical.first, logical.end, (), trigger
    )
    return instruction, faults


def _values(name: str, args: str, escape: str) -> tuple[tuple[str, ...], bool]:
    if name in _COMMANDS or name in ("ADD", "COPY", "VOLUME"):
        strings = exec_form(args)
        if strings is not None:
            return tuple(string.text for string in strings), True
    if name in _LISTS:
        return tuple(BLANKS.split(args)) if args else (), False
    if name in _COMMANDS or name in _STRINGS:
        return (args,) if args else (), False
    if name in _PAIRS:
        pairs = pairs_of(args, escape, name)
        return tuple(word.text for pair in pairs for word in pair), False
    if name == "ARG":
        return tuple(word.text for word in words_of(args, escape)), False
    if name == "HEALTHCHECK":
        return _health_check(args)
    return ("",) if args or name != "ONBUILD" else (), False


def _health_check(args: str) -> tuple[tuple[str, ...], bool]:
    kind, rest = split_kind(args)
    strings = exec_form(args[rest:])
    if strings is not None:
        return (kind, *(string.text for string in strings)), True
    return tuple(part for part in (kind, args[rest:]) if part), False


def split_kind(args: str) -> tuple[str, int]:
    """Return the first word of a HEALTHCHECK (``CMD``, ``NONE``), and where its command begins."""
    end = 0
    while end < len(args) and args[end] not in SPACE:
        end += 1
    return args[:end], skip_blanks(args, end)


def flat(dockerfile: Dockerfile) -> Iterator[Instruction]:
    """Yield the instructions, each ONBUILD trigger after its ONBUILD."""
    for instruction in dockerfile.instructions:
        yield instruction
        if instruction.trigger is not None:
            yield instruction.trigger
