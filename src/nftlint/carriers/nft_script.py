"""nft scripts: ``.nft`` files, ``nftables.conf``, and whatever is loaded by ``nft -f``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from nftlint.edits import Edit
from nftlint.found import Directive, Found, NftCall, Part, Place, Problem, Reference
from nftlint.fragment import Fragment, Refusal
from nftlint.patterns import compiled
from nftlint.span import Span

ORDER = 20
NO_PLACE = (
    "an nft script cannot hold iptables commands; put them where the script is loaded, "
    "and take the rule out of it"
)
_NAMES = ("nftables.conf", "nftables.rules", "nftables.ruleset")
_TEMPLATE = compiled(r"\$\{|\{\{|\{%|<%|%\w+%|@[A-Z_]+@|__[A-Z_]+__")
_SHEBANG = compiled(r"#!.*\bnft\b")
_COMMENT = compiled(r"""(?P<string>"[^"\n]*")|#+\s*nftlint:\s*(?P<text>[^\n]*)|#[^\n]*""")


def matches(path: PurePosixPath, head: str) -> str | None:
    """Return ``nft`` for an nft script, by its first line or its name."""
    if head.startswith("#!"):
        return "nft" if _SHEBANG.match(head) else None
    return "nft" if path.suffix == ".nft" or path.name in _NAMES else None


def _read(fragment: Fragment) -> Iterator[Found]:
    """Yield the script as one call of nft, what it includes, and its directives."""
    from nftlint.nft.parser import parse

    script = parse(fragment.text)
    for match in _COMMENT.finditer(fragment.text):
        if match["text"] is not None:
            yield Directive(fragment, Span(*match.span()), match["text"].strip())
    for include in script.includes:
        place = Place(fragment, include.span, f'`include "{include.path.text}"`')
        yield Reference(place, "includes", include.path.text, language="nft")
    for error in script.errors if not _is_template(fragment) else ():
        yield Problem(fragment, error.span, f"not nft: {error.message}")
    if script.commands:
        everything = Span(0, len(fragment.text))
        yield NftCall(fragment, everything, fragment, _no_rewrite)


def _is_template(fragment: Fragment) -> bool:
    """Tell whether something fills the text in before nft reads it; errors then say nothing."""
    return bool(fragment.holes) or _TEMPLATE.search(fragment.text) is not None


def _no_rewrite(parts: Sequence[Part]) -> tuple[Edit, ...] | Refusal:
    del parts
    return Refusal(NO_PLACE)


LANGUAGES = {"nft": _read}
