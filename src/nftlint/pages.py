"""The pages of the rules: what each rule finds and why, as data and as prose.

A page is a Markdown file in ``rules/`` that begins with TOML between two lines ``+++``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nftlint.patterns import compiled
from nftlint.record import dataclass, replace
from nftlint.rulesdir import rules_dir

FAILURE_MODES = ("widening", "crash", "sync-abort", "none")
PRECISIONS = ("very-high", "high", "medium", "low")


class PageError(ValueError):
    """A rule's page that is not as pages must be; the text names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class RulePage:
    """One rule as its page describes it.

    ``level`` is ``error``, ``warning`` or ``note``; ``summary`` one sentence; ``description`` one
    paragraph; ``help`` the whole page in Markdown, from its title on.
    ``severities`` gives CVSS-like figures as strings (``"9.1"``) by failure mode, empty for rules
    on nftlint's own input.
    """

    id: str
    name: str
    level: str
    summary: str
    description: str
    precision: str
    tags: tuple[str, ...]
    severities: Mapping[str, str]
    help: str

    @property
    def severity(self) -> str:
        """The highest of the severities, or an empty string where there are none."""
        return max(self.severities.values(), key=float, default="")


@dataclass(frozen=True, slots=True)
class Example:
    """A fenced block of a page that is a test: its language, and what must come of it.

    ``verdict`` is ``bad`` or ``good``; ``places`` are the expected findings as (line, column),
    both 1-based; ``line`` is where the block stands in the page's file, 1-based. ``fixed`` is
    the text that fixing must give, ``None`` where the page does not say; ``unsafe`` tells
    that it takes unsafe fixes.
    """

    page: str
    line: int
    language: str
    verdict: str
    places: tuple[tuple[int, int], ...]
    text: str
    fixed: str | None = None
    unsafe: bool = False


@cache
def load_pages() -> Mapping[str, RulePage]:
    """Return the page of every rule by its id, in the order of the ids; they are read once.

    Raises ``PageError`` for a page that is not as pages must be.
    """
    pages = [parse_page(path.name, path.read_text("utf-8")) for path in _files()]
    return MappingProxyType({page.id: page for page in pages})


def load_examples() -> list[Example]:
    """Return the examples of all pages. Raises ``PageError``."""
    texts = [(path.name, path.read_text("utf-8")) for path in _files()]
    return [example for name, text in texts for example in parse_examples(name, text)]


def _files() -> list[Path]:
    return sorted(rules_dir().glob("NFT*.md"))


_FRONT = compiled(r"\+\+\+\n(.*?\n)\+\+\+\n\s*(.*)", re.DOTALL)
_KEYS = {"id", "name", "level", "summary", "description", "precision", "tags"}


def parse_page(file_name: str, text: str) -> RulePage:
    """Read one page. Raises ``PageError``."""
    import tomllib

    match = _FRONT.fullmatch(text)
    if match is None:
        raise PageError(f"{file_name}: a page begins with TOML between two lines '+++'")
    try:
        front = tomllib.loads(match[1])
    except tomllib.TOMLDecodeError as error:
        raise PageError(f"{file_name}: {error}") from None
    _check(file_name, front)
    severities: dict[str, str] = front.pop("security-severity", {})
    tags = tuple(front.pop("tags"))
    return RulePage(**front, tags=tags, severities=severities, help=match[2])


def _check(file_name: str, front: Mapping[str, Any]) -> None:
    if odd := _KEYS ^ (set(front) - {"security-severity"}):
        raise PageError(f"{file_name}: missing or unknown in its head: {', '.join(sorted(odd))}")
    if f"{front['id']}-{front['name']}.md" != file_name:
        raise PageError(f"{file_name}: its name must be ID-NAME.md")
    severities = front.get("security-severity", {})
    if set(severities) - set(FAILURE_MODES) or front["precision"] not in PRECISIONS:
        raise PageError(f"{file_name}: an unknown failure mode or precision")


_BLOCK = compiled(r"^```(\S+) (bad|good|fixed)\b *(.*?)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_PLACE = compiled(r"(\d+):(\d+)")


def parse_examples(file_name: str, text: str) -> Iterator[Example]:
    """Yield the examples of a page: blocks ``LANGUAGE bad at 2:6``, ``good``, then ``fixed``.

    A ``fixed`` block (``fixed unsafe``) belongs to the ``bad`` one before it. Raises ``PageError``.
    """
    last: Example | None = None
    for block in _BLOCK.finditer(text):
        language, verdict, words, body = block.groups()
        line = text.count("\n", 0, block.start()) + 1
        if verdict == "fixed":
            if last is None or last.verdict != "bad":
                raise PageError(f"{file_name}:{line}: 'fixed' without a 'bad' block before it")
            last = replace(last, fixed=body, unsafe="unsafe" in words)
            continue
        if last is not None:
            yield last
        places = tuple((int(at[1]), int(at[2])) for at in _PLACE.finditer(words))
        if (verdict == "bad") != bool(places):
            raise PageError(f"{file_name}:{line}: a 'bad' block, and no other, says 'at LINE:COL'")
        last = Example(file_name, line, language, verdict, places, body)
    if last is not None:
        yield last
