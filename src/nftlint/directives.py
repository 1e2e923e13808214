"""Comments ``# nftlint: …``: which host a file is for, and what is ignored where."""

from __future__ import annotations

from collections.abc import Iterable

from nftlint.carriers.registry import readers
from nftlint.found import Directive
from nftlint.fragment import Fragment
from nftlint.patterns import compiled
from nftlint.record import dataclass
from nftlint.scan import Scan
from nftlint.span import Span

_HOST = compiled(r"host\s*=\s*([\w.-]+(?:\s*,\s*[\w.-]+)*)\s*$")
_IGNORE = compiled(r"(ignore|ignore-file)\[\s*(NFT\d+(?:\s*,\s*NFT\d+)*)\s*\](?:\s+(.*))?$")


@dataclass(frozen=True, slots=True)
class HostTag:
    """``host=TAG``: the file runs on hosts with this tag."""

    tag: str
    fragment: Fragment
    span: Span


@dataclass(frozen=True, slots=True)
class Ignore:
    """``ignore[RULE, …] reason``; ``whole_file`` for ``ignore-file[…]``."""

    rules: tuple[str, ...]
    reason: str
    whole_file: bool
    fragment: Fragment
    span: Span


@dataclass(frozen=True, slots=True)
class Malformed:
    """A directive that says nothing known; ``message`` says what was expected."""

    message: str
    fragment: Fragment
    span: Span


Parsed = HostTag | Ignore | Malformed


def directives_of(found: Scan) -> list[Parsed]:
    """Return what all directives of a file say, those in nft scripts that calls carry included."""
    read = {id(fragment) for fragment in found.fragments}
    scripts = {id(call.script): call.script for call in found.calls if id(call.script) not in read}
    carried = (
        item
        for script in scripts.values()
        if "nftlint:" in script.text
        for item in readers()["nft"](script)
        if isinstance(item, Directive)
    )
    return parse_directives((*found.directives, *carried))


def parse_directives(directives: Iterable[Directive]) -> list[Parsed]:
    """Return what each directive says, in order; a ``host=`` with several tags gives several."""
    return [parsed for directive in directives for parsed in _parse(directive)]


def _parse(directive: Directive) -> list[Parsed]:
    text = directive.text.strip()
    place = (directive.fragment, directive.span)
    if match := _HOST.fullmatch(text):
        return [HostTag(tag, *place) for tag in _words(match[1])]
    if match := _IGNORE.fullmatch(text):
        whole_file = match[1] == "ignore-file"
        return [Ignore(tuple(_words(match[2])), match[3] or "", whole_file, *place)]
    expected = "host=TAG, ignore[RULE] REASON or ignore-file[RULE] REASON"
    return [Malformed(f"'nftlint: {text}' is no directive; expected {expected}", *place)]


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",")]
