"""MIME multipart user-data: each part with its exact place."""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser

from nftlint.cloud_init.files import part_of
from nftlint.cloud_init.payload import BINARY, decode
from nftlint.found import Found, Problem
from nftlint.fragment import VERBATIM, Builder, Fragment, Refusal
from nftlint.record import dataclass, replace
from nftlint.span import Span


@dataclass(frozen=True, slots=True)
class _Part:
    headers: Message
    body: Span


def read_mime(fragment: Fragment) -> Iterator[Found]:
    """Yield each part of a multipart text as a fragment."""
    from nftlint.cloud_init.user_data import part_language

    whole_text = _part(fragment.text, Span(0, len(fragment.text)))
    for number, part in enumerate(_parts(fragment.text, whole_text)):
        label = f"part {number + 1}"
        text = _decoded(fragment, part)
        if isinstance(text, Refusal):
            yield Problem(fragment, part.body, f"{label}: {text.reason}")
        elif text.language != BINARY:
            content_type = part.headers.get_content_type()
            name = part.headers.get_filename() or ""
            language = part_language(text.text, content_type, name)
            yield replace(text, language=language, label=label)


def _part(text: str, span: Span) -> _Part:
    """Split headers from body at the first empty line."""
    blank = re.compile(r"\n[ \t]*\n|\A[ \t]*\n").search(text, span.start, span.end)
    end = blank.end() if blank else span.end
    return _Part(HeaderParser().parsestr(text[span.start : end].lstrip()), Span(end, span.end))


def _parts(text: str, outer: _Part) -> Iterator[_Part]:
    """Yield the parts between the boundary lines, those of nested multiparts too."""
    boundary = outer.headers.get_boundary()
    if not boundary:
        yield outer
        return
    line = re.compile(rf"^--{re.escape(boundary)}(--)?[ \t]*(?:\n|\Z)", re.MULTILINE)
    start: int | None = None
    for found in line.finditer(text, outer.body.start, outer.body.end):
        if start is not None:
            # The line break before a boundary belongs to the boundary (RFC 2046, 5.1.1).
            yield from _parts(text, _part(text, Span(start, max(start, found.start() - 1))))
        start = found.end()
        if found.group(1):
            return
    if start is not None and start < outer.body.end:
        yield from _parts(text, _part(text, Span(start, outer.body.end)))


def _decoded(fragment: Fragment, part: _Part) -> Fragment | Refusal:
    raw = part_of(fragment, part.body, "")
    encoding = str(part.headers.get("content-transfer-encoding", "")).strip().lower()
    if encoding == "base64":
        return decode(raw, ("base64",))
    return _quoted_printable(raw) if encoding == "quoted-printable" else raw


def _quoted_printable(raw: Fragment) -> Fragment:
    try:
        text = quopri.decodestring(raw.text.encode()).decode()
    except (binascii.Error, UnicodeDecodeError):
        return replace(raw, language=BINARY)
    builder = Builder(raw.text, raw, VERBATIM)
    builder.put(text, Span(0, len(raw.text)))
    return replace(builder.build(""), recode=_quoted_printable_again)


def _quoted_printable_again(text: str) -> str:
    return quopri.encodestring(text.encode()).decode("ascii")
