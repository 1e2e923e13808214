"""Cron tables: each line's command is a shell script of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from nftlint.found import Directive, Found
from nftlint.fragment import Builder, Fragment, Style, UnwritableError
from nftlint.patterns import compiled
from nftlint.span import Span

_TABLES = compiled(r"(?:^|/)(?:cron\.d/[^/]+|crontabs?|spool/cron/.+|[^/]+\.cron(?:tab)?)$")
_WITHOUT_USER = compiled(r"spool/cron|crontabs/")
_TIME = r"[ \t]*(?:@\w+|(?:[\d*/,A-Za-z-]+[ \t]+){4}[\d*/,A-Za-z-]+)[ \t]+"
_LINE = compiled(rf"^(?:{_TIME})(?P<user>[A-Za-z_][\w-]*[ \t]+)?(?P<command>\S.*)$", re.MULTILINE)
_DIRECTIVE = compiled(r"^[ \t]*#+\s*nftlint:\s*(.*)$", re.MULTILINE)
_PERCENT = compiled(r"\\%|%.*")


def matches(path: PurePosixPath, head: str) -> str | None:
    """Return ``cron`` for a cron table, by its place."""
    if head.startswith("#!"):
        return None
    return "cron" if _TABLES.search(path.as_posix()) else None


def _encode(text: str) -> str:
    if "\n" in text:
        raise UnwritableError("a cron line holds one line")
    return text.replace("%", "\\%")


_STYLE = Style("cron", _encode)


def _read(fragment: Fragment) -> Iterator[Found]:
    """Yield the command of each line; after ``%`` stands its input."""
    for match in _DIRECTIVE.finditer(fragment.text):
        yield Directive(fragment, Span(*match.span()), match[1].strip())
    for match in _LINE.finditer(fragment.text):
        start, end = match.span("command")
        if match["user"] and _WITHOUT_USER.search(fragment.path):
            start = match.start("user")
        yield _command(fragment, Span(start, end))


def _command(fragment: Fragment, span: Span) -> Fragment:
    builder = Builder(fragment.text, fragment, _STYLE)
    at = span.start
    for match in _PERCENT.finditer(fragment.text, span.start, span.end):
        builder.copy(Span(at, match.start()))
        if match[0] != "\\%":
            return builder.build("shell")
        builder.put("%", Span(*match.span()))
        at = match.end()
    builder.copy(Span(at, span.end))
    return builder.build("shell")


LANGUAGES = {"cron": _read}
