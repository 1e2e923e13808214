"""Free-form arguments: ``command: nft … chdir=/tmp``, ``copy: src=a dest=b``.

Source: ``split_args`` and ``parse_kv`` of ansible-core's documentation of free-form tasks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from nftlint.fragment import VERBATIM, Builder, Fragment
from nftlint.patterns import compiled
from nftlint.span import Span

RAW_OPTIONS = frozenset(
    {
        "chdir",
        "creates",
        "executable",
        "removes",
        "stdin",
        "stdin_add_newline",
        "strip_empty_ends",
        "warn",
    }
)
"""What is taken out of the free form of ``command``, ``shell``, ``raw`` and ``script``."""

_TOKEN = compiled(r"""(?:\\.|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\s"'\\])+|["'\\]""", re.DOTALL)
_PAIR = compiled(r"([A-Za-z_]\w*)=")


def pairs(text: str) -> dict[str, Span]:
    """Return where each value of ``name=value`` words stands, quotes included."""
    found: dict[str, Span] = {}
    for token in _TOKEN.finditer(text):
        pair = _PAIR.match(token.group())
        if pair:
            found[pair.group(1)] = Span(token.start() + pair.end(), token.end())
    return found


def value_of(fragment: Fragment, span: Span) -> Fragment:
    """Return the text of a value without the quotes around it."""
    text = span.of(fragment.text)
    if len(text) > 1 and text[0] in "\"'" and text[-1] == text[0]:
        span = Span(span.start + 1, span.end - 1)
    return _stretches(fragment, [span])


def without_options(fragment: Fragment) -> Fragment:
    """Return the text of a free form without the module's own options."""
    text = fragment.text
    kept: list[Span] = []
    at = 0
    for token in _TOKEN.finditer(text):
        pair = _PAIR.match(token.group())
        if pair and pair.group(1) in RAW_OPTIONS and _begins(text, token.start()):
            before = len(text[: token.start()].rstrip(" "))
            kept.append(Span(at, max(at, before)))
            at = token.end()
    if not at:
        return fragment
    return _stretches(fragment, [*kept, Span(at, len(text))])


def _begins(text: str, at: int) -> bool:
    return at == 0 or text[at - 1].isspace()


def after_first_word(fragment: Fragment) -> tuple[str, Fragment]:
    """Split ``shell nft …`` into the module's name and its arguments."""
    text = fragment.text
    start = len(text) - len(text.lstrip())
    name = text[start:].split(None, 1)[0] if text.strip() else ""
    rest = start + len(name)
    rest += len(text[rest:]) - len(text[rest:].lstrip())
    return name, _stretches(fragment, [Span(rest, len(text))])


def _stretches(fragment: Fragment, spans: Iterable[Span]) -> Fragment:
    builder = Builder(fragment.text, fragment, VERBATIM)
    for span in spans:
        builder.copy(span)
    return builder.build("")
