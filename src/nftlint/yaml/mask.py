"""Templates in YAML: masked with words of the same length, so that the rest parses.

A mask is one ``HEAD`` and as many ``TAIL`` as the template is longer: letters to YAML, and
each template can be told from the next. Only whole templates are masked: a lone ``{{`` stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nftlint.fragment import Fragment
from nftlint.holes import is_hole
from nftlint.patterns import compiled
from nftlint.span import Span

HEAD = "\U000f0000"
TAIL = "\U000f0001"
MASK = compiled(f"{HEAD}{TAIL}*")
LONGEST = 10_000
"""No template is longer than this (code points)."""

_OPEN = compiled(r"\{\{|\{%|(?<!\$)\{#")
_TERRAFORM = compiled(r"(?<!\$)\$(?=\{)|(?<!%)%(?=\{)")
_OPENS = compiled(r"\{%[-+]?\s*(?:if|for)\b")
_CLOSES = compiled(r"\{%[-+]?\s*(?:endif|endfor)\b")
_CLOSED = compiled(r"\{%[-+]?\s*(?:endif|endfor)\s*[-+]?%\}\Z")
_COMMAND = compiled(r"\b(?:nft|ip6?tables)\b")  # and what a fix makes of it
_STATEMENTS = """
autoescape block break call continue debug do elif else endautoescape endblock endcall endfilter
endfor endif endmacro endraw endset endtrans endwith extends filter for from if import include
macro pluralize raw set trans with
"""
_STATEMENT = compiled(rf"[-+]?\s*(?:{'|'.join(_STATEMENTS.split())})\b")
"""What Jinja knows, its own extensions included: other text between ``{% %}`` is no template."""
_NO_BLANK = compiled(r"\S")
_BRACES = compiled(r"[{}]")
_ANY = "\U000f0000\U000f0001\U00100000-\U0010fffd"  # masks, and holes of the texts around
_TEMPLATES_ONLY = compiled(rf"^[ \t]*[{_ANY}][{_ANY} \t]*$", re.MULTILINE)


def steers(template: str) -> bool:
    """Tell whether a template only steers what follows, and leaves nothing in its own place."""
    is_block = _OPENS.match(template) and _CLOSED.search(template)
    return template.startswith(("{%", "{#", "%{")) and not is_block


def jinja(text: str) -> Iterator[Span]:
    """Yield the spans of ``{{ }}``, ``{% %}`` and ``{# #}`` in ``text``, in order.

    ``{% if %}…{% endif %}`` within a line is one template: what it leaves there is a value. But a
    command in it is read, and so it is not one.
    """
    spans = list(_jinja(text))
    ends = _block_ends(text, spans)
    at = 0
    while at < len(spans):
        end = ends.get(at, at)
        yield Span(spans[at].start, spans[end].end)
        at = end + 1


def _block_ends(text: str, spans: list[Span]) -> dict[int, int]:
    """Return which span closes a block within its line, for those that open one behind a text."""
    ends: dict[int, int] = {}
    open_here: list[int] = []
    line_end = margin = -1
    for index, span in enumerate(spans):
        if span.start > line_end:
            open_here, (margin, line_end) = [], _line(text, span.start)
        if _OPENS.match(text, span.start):
            open_here.append(index)
        elif open_here and _CLOSES.match(text, span.start) and span.end <= line_end:
            opened = open_here.pop()
            start = spans[opened].start
            if margin < start and _is_value(text, Span(start, span.end)):
                ends[opened] = index
    return ends


def _line(text: str, at: int) -> tuple[int, int]:
    """Return where the text of the line begins, and where the line ends."""
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    first = _NO_BLANK.search(text, text.rfind("\n", 0, at) + 1)
    return first.start() if first else end, end


def _is_value(text: str, block: Span) -> bool:
    """Tell whether a block is short, and no command stands in it."""
    return len(block) <= LONGEST and not _COMMAND.search(text, block.start, block.end)


def _jinja(text: str) -> Iterator[Span]:
    at = 0
    while found := _OPEN.search(text, at):
        at = found.end()
        end = _end(text, found)
        if end and not _by_chance(text, found.start(), end):
            yield Span(found.start(), end)
            at = end


def _end(text: str, opened: re.Match[str]) -> int:
    """Return where the template ends, or 0 where it does not."""
    start = opened.end()
    if opened.group() == "{{":
        return _expression_end(text, start)
    if opened.group() == "{%" and not _STATEMENT.match(text, start):
        return 0
    close = "%}" if opened.group() == "{%" else "#}"
    end = text.find(close, start, start + LONGEST)
    inside = text[start:end]
    return end + 2 if end >= 0 and opened.group() not in inside else 0


def _expression_end(text: str, start: int) -> int:
    """Return the end of ``{{``: the ``}}`` with the braces between them balanced."""
    depth = 0
    for brace in _BRACES.finditer(text, start, start + LONGEST):
        at = brace.start()
        if text.startswith(("{{", "{%"), at):
            return 0
        if brace.group() == "{":
            depth += 1
        elif depth:
            depth -= 1
        else:
            return at + 2 if text.startswith("}}", at) else 0
    return 0


def _by_chance(text: str, start: int, end: int) -> bool:
    """Tell whether what looks like a template of several lines may be none.

    An expression does not begin in a comment; a statement or a comment begins its line.
    """
    if "\n" not in text[start:end]:
        return False
    line = text[text.rfind("\n", 0, start) + 1 : start].lstrip()
    is_expression = text.startswith("{{", start)
    return line.startswith("#") or " #" in line if is_expression else bool(line)


def terraform(text: str) -> Iterator[Span]:
    """Yield the spans of ``${ }`` and ``%{ }`` on one line each, in order."""
    at = 0
    while found := _TERRAFORM.search(text, at):
        at = found.end()
        depth = 0
        line_end = text.find("\n", at)
        for brace in _BRACES.finditer(text, at, line_end if line_end >= 0 else len(text)):
            depth += 1 if brace.group() == "{" else -1
            if depth == 0:
                at = brace.end()
                yield Span(found.start(), at)
                break


def fill(text: str, spans: Iterator[Span]) -> str:
    """Return ``text`` with a mask in place of each span; the spans do not overlap."""
    parts: list[str] = []
    at = 0
    for span in spans:
        parts += (text[at : span.start], HEAD, TAIL * (len(span) - 1))
        at = span.end
    parts.append(text[at:])
    return "".join(parts)


def blank_statements(fragment: Fragment, masked: str) -> str:
    """Return ``masked`` with empty lines, as many as it is long, for each line of statements only.

    Such lines (``{% if %}``, ``%{ endif }``) are gone when the template is rendered, and may
    stand at any indentation; blanks in their place would be an indentation of their own.
    """

    def blank(line: re.Match[str]) -> str:
        raw = "".join(_raw(fragment, at) for at in range(line.start(), line.end())).strip()
        is_statement = raw.startswith(("{%", "{#", "%{", "{{{"))
        return "\n" * len(line.group()) if is_statement else line.group()

    return _TEMPLATES_ONLY.sub(blank, masked)


def _raw(fragment: Fragment, at: int) -> str:
    char = fragment.text[at]
    hole = fragment.holes.get(char) if is_hole(char) else None
    return hole.raw if hole else char
