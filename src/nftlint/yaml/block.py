"""Block scalars (``|`` and ``>``): lines, their indentation, and what becomes of line breaks."""

from __future__ import annotations

from typing import Protocol

from nftlint.record import dataclass
from nftlint.span import Span
from nftlint.yaml.nodes import FOLDED, Scalar, Stream


class _Lens(Protocol):
    def copy(self, span: Span) -> None: ...
    def put(self, text: str, span: Span) -> None: ...


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a block: its content without the block's indentation; ``end`` is its break."""

    start: int
    end: int


def indent_of(stream: Stream, node: Scalar) -> int:
    """Return the indentation of a block's lines, in blanks.

    The parser does not tell it, but the first line with more than blanks in it, as written and as
    read, differ by it.
    """
    lines = node.span.of(stream.shape).split("\n")[1:]
    return max(_first_blanks(lines) - _first_blanks(node.value.split("\n")), 0)


def _first_blanks(lines: list[str]) -> int:
    full = next((line for line in lines if line.strip(" ")), "")
    return len(full) - len(full.lstrip(" "))


def collect(lens: _Lens, stream: Stream, node: Scalar) -> None:
    """Give the block's lines and line breaks to ``lens``, in order."""
    header_end = stream.shape.find("\n", node.span.start, node.span.end)
    if not node.value.strip(" \n"):
        lens.put(node.value, Span(min(header_end + 1, node.span.end), node.span.end))
        return
    lines = _lines(stream, node, header_end + 1, indent_of(stream, node))
    _leading(lens, header_end, lines)
    _body(lens, stream.masked, lines, folds=node.style == FOLDED)
    _trailing(lens, node, lines)


def _lines(stream: Stream, node: Scalar, start: int, indent: int) -> list[_Line]:
    """Return the lines of a block whose first begins at ``start``."""
    lines: list[_Line] = []
    while start < node.span.end:
        end = stream.masked.find("\n", start, node.span.end)
        end = node.span.end if end < 0 else end
        content = start
        while content < min(end, start + indent) and stream.masked[content] == " ":
            content += 1
        lines.append(_Line(content, end))
        start = end + 1
    return _without_statements(stream, lines)


def _without_statements(stream: Stream, lines: list[_Line]) -> list[_Line]:
    """Make trailing lines empty that hold nothing but template statements."""
    for index in reversed(range(len(lines))):
        line = lines[index]
        shape = stream.shape[line.start : line.end]
        if shape.strip(" \n") or (shape and shape == stream.masked[line.start : line.end]):
            break
        lines[index] = _Line(line.end, line.end)
    return lines


def _full(lines: list[_Line]) -> list[int]:
    return [index for index, line in enumerate(lines) if line.start < line.end]


def _leading(lens: _Lens, header_end: int, lines: list[_Line]) -> None:
    """Empty lines before the first: each is a line break."""
    before = header_end + 1
    for line in lines[: _full(lines)[0]]:
        lens.put("\n", Span(before, line.end + 1))
        before = line.end + 1


def _body(lens: _Lens, text: str, lines: list[_Line], *, folds: bool) -> None:
    full = _full(lines)
    for here, after in zip(full, [*full[1:], None], strict=True):
        line = lines[here]
        lens.copy(Span(line.start, line.end))
        if after is None:
            return
        if folds and _is_text(text, line) and _is_text(text, lines[after]):
            breaks = "\n" * (after - here - 1) or " "
            lens.put(breaks, Span(line.end, lines[after].start))
        else:
            for index in range(here, after):
                lens.put("\n", Span(lines[index].end, lines[index + 1].start))


def _is_text(text: str, line: _Line) -> bool:
    """Tell whether a line folds: lines that begin with blanks keep their breaks."""
    return text[line.start] not in " \t"


def _trailing(lens: _Lens, node: Scalar, lines: list[_Line]) -> None:
    """Line breaks at the end, as many as the block's chomping keeps."""
    index = _full(lines)[-1]
    kept = len(node.value) - len(node.value.rstrip("\n"))
    for _ in range(min(kept, len(lines) - index)):
        lens.put("\n", Span(lines[index].end, lines[index].end + 1))
        index += 1
