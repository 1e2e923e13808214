"""HCL's strings and heredocs, each as a lens on its text.

Source: HCL Native Syntax Specification, "Template Expressions" (quoted and heredoc templates).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nftlint.fragment import STEERING, Builder, Fragment, Style, UnwritableError
from nftlint.patterns import compiled
from nftlint.record import dataclass
from nftlint.span import Span

_TOKEN = compiled(
    r"(?P<comment>\#[^\n]*|//[^\n]*|/\*.*?\*/)"
    r"|(?P<heredoc><<(?P<flush>-?)(?P<mark>[A-Za-z_][\w-]*)[ \t]*\n)"
    r'|(?P<string>")',
    re.DOTALL,
)
_PIECE = compiled(r'\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|[$%]\{|([$%])\1\{|["\n]', re.DOTALL)
_IN_HEREDOC = compiled(r"[$%]\{|([$%])\1\{|\n")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Text:
    """A string: ``span`` is all of it, ``builder`` has its text."""

    span: Span
    builder: Builder


def strings(fragment: Fragment) -> Iterator[Text | Span]:
    """Yield each string of an HCL text, and the place of each comment."""
    text, at = fragment.text, 0
    while token := _TOKEN.search(text, at):
        at = token.end()
        if token["comment"]:
            yield Span(token.start(), at)
            continue
        found = _heredoc(fragment, token) if token["heredoc"] else _quoted(fragment, at)
        if found is not None:
            at = found.span.end
            yield found


def _quoted(fragment: Fragment, start: int) -> Text | None:
    """Return the string whose opening quote ends at ``start``, if it is closed on its line."""
    text = fragment.text
    builder = Builder(text, fragment, _QUOTED)
    at = start
    while piece := _PIECE.search(text, at):
        builder.copy(Span(at, piece.start()))
        raw, at = piece.group(), piece.end()
        if raw == '"':
            return Text(Span(start - 1, at), builder)
        if raw == "\n":
            return None
        if raw.startswith("\\"):
            builder.put(_decoded(raw), Span(piece.start(), at))
        else:
            at = _template(builder, text, piece)
        if at < 0:
            return None
    return None


def _decoded(raw: str) -> str:
    digits = raw[2:]
    return chr(int(digits, 16)) if digits else _ESCAPES.get(raw[1], raw)


def _template(builder: Builder, text: str, piece: re.Match[str]) -> int:
    """Add ``${ }``, ``%{ }`` or what stands for these signs; returns its end, -1 for none."""
    raw, start = piece.group(), piece.start()
    if piece.group(1):
        builder.put(raw[1:], Span(start, piece.end()))
        return piece.end()
    end = _closed(text, piece.end())
    if end < 0:
        return -1
    if raw.startswith("%"):
        builder.put(" ", Span(start, end), STEERING)
    else:
        builder.hole(Span(start, end), text[start + 2 : end - 1].strip("~ "))
    return end


def _closed(text: str, at: int) -> int:
    """Return the end of the template whose brace was opened before ``at``, -1 if there is none."""
    depth = 1
    for brace in re.compile(r'"(?:\\.|[^"\\\n])*"|[{}]').finditer(text, at, at + _LONGEST):
        depth += {"{": 1, "}": -1}.get(brace.group(), 0)
        if not depth:
            return brace.end()
    return -1


def _heredoc(fragment: Fragment, opened: re.Match[str]) -> Text | None:
    text, start = fragment.text, opened.end()
    closing = re.compile(rf"^[ \t]*{re.escape(opened['mark'])}[ \t]*$", re.MULTILINE)
    closed = closing.search(text, start)
    if closed is None:
        return None
    body = Span(start, closed.start())
    indent = _indent(body.of(text)) if opened["flush"] else 0
    builder = Builder(text, fragment, _in_heredoc(indent))
    at = _after_indent(text, start, body.end, indent)
    while piece := _IN_HEREDOC.search(text, at, body.end):
        builder.copy(Span(at, piece.start()))
        if piece.group() == "\n":
            at = _after_indent(text, piece.end(), body.end, indent)
            builder.put("\n", Span(piece.start(), at))
        else:
            at = _template(builder, text, piece)
            if at < 0:
                return None
    builder.copy(Span(at, body.end))
    return Text(Span(opened.start(), closed.end()), builder)


def _indent(body: str) -> int:
    """Return how many blanks all lines of a ``<<-`` heredoc begin with."""
    full = [line for line in body.split("\n") if line.strip()]
    return min((len(line) - len(line.lstrip(" \t")) for line in full), default=0)


def _after_indent(text: str, at: int, end: int, indent: int) -> int:
    stop = min(at + indent, end)
    while at < stop and text[at] in " \t":
        at += 1
    return at


def _without_templates(text: str) -> str:
    return re.sub(r"[$%](?=\{)", r"\g<0>\g<0>", text)


def _encode_quoted(text: str) -> str:
    if re.search(r"[^\t\n\r\x20-\U000effff]", text):
        raise UnwritableError("an HCL string cannot hold a control character as such")
    escaped = re.sub(r'["\\]', r"\\\g<0>", _without_templates(text))
    return escaped.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


_QUOTED = Style("hcl-string", _encode_quoted)


def _in_heredoc(indent: int) -> Style:
    def encode(text: str) -> str:
        return _without_templates(text).replace("\n", "\n" + " " * indent)

    return Style("hcl-heredoc", encode)
