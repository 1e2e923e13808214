"""Physical lines to logical ones: continuations, with comments and blank lines between."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.docker.lexer import SPACE
from nftlint.fragment import VERBATIM, Builder, Fragment
from nftlint.patterns import compiled
from nftlint.record import dataclass
from nftlint.span import Span

_DIRECTIVE = compiled(r"#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*")
_DIRECTIVES = ("syntax", "escape", "check")


@dataclass(frozen=True, slots=True)
class Fault:
    """What BuildKit's parser refuses: where in the Dockerfile's text, and why."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Logical:
    """One logical line: ``line`` is its text as joined, a fragment of the Dockerfile.

    ``first`` and ``end`` are physical lines: 0-based, half-open.
    """

    line: Fragment
    first: int
    end: int


def physical(text: str) -> list[Span]:
    """Return the spans of the lines of ``text``, without their line ends."""
    spans: list[Span] = []
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        spans.append(Span(at, at + len(text[at:end].rstrip("\r"))))
        at = end + 1
    return spans


def is_comment(text: str) -> bool:
    """Tell whether a line is a comment."""
    return text.lstrip(SPACE).startswith("#")


def escape_of(text: str, lines: list[Span]) -> tuple[str, Fault | None]:
    """Return the escape character that the parser directives at the top choose, and their fault."""
    escape = "\\"
    seen: set[str] = set()
    for span in lines:
        match = _DIRECTIVE.fullmatch(span.of(text).lstrip(SPACE))
        name = match[1].lower() if match else ""
        if match is None or name not in _DIRECTIVES:
            break
        if name in seen:
            return escape, Fault(span, f"only one {name} parser directive can be used")
        seen.add(name)
        if name == "escape":
            if match[2] not in ("\\", "`"):
                return escape, Fault(span, f"the escape character can be \\ or `, not {match[2]}")
            escape = match[2]
    return escape, None


def join(source: Fragment, lines: list[Span], at: int, escape: str) -> Logical | int:
    """Return the logical line at physical line ``at``, or the next line where there is none."""
    text = source.text
    span = _stripped(text, lines[at])
    if is_comment(span.of(text)) or not span:
        return at + 1
    builder = Builder(text, source, VERBATIM)
    first = at
    span, goes_on = _continued(text, span, escape)
    builder.copy(span)
    at += 1
    while goes_on and at < len(lines):
        span = lines[at]
        at += 1
        if not is_comment(span.of(text)) and _stripped(text, span):
            span, goes_on = _continued(text, span, escape)
            builder.copy(span)
    return Logical(builder.build("dockerfile-line"), first, at)


def _stripped(text: str, span: Span) -> Span:
    content = span.of(text)
    return Span(span.start + len(content) - len(content.lstrip(SPACE)), span.end)


def _continued(text: str, span: Span, escape: str) -> tuple[Span, bool]:
    """Cut a continuation character off a line; an escaped one is none."""
    content = span.of(text).rstrip(" \t")
    if not content.endswith(escape) or content[-2:-1] == escape:
        return span, False
    return Span(span.start, span.start + len(content) - 1), True


def pieces(line: Fragment, span: Span) -> Iterator[Span]:
    """Yield where a stretch of a joined line stands in the Dockerfile, part by part."""
    for segment in line.segments:
        start = max(span.start, segment.inner.start)
        end = min(span.end, segment.inner.end)
        if start < end:
            shift = segment.outer.start - segment.inner.start
            yield Span(start, end).shift(shift) if segment.verbatim else segment.outer
