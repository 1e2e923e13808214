"""What stands around the words of a command: it stays when they are written anew."""

from __future__ import annotations

from nftlint.commands.leaf import Leaf
from nftlint.fragment import Refusal
from nftlint.holes import has_holes
from nftlint.patterns import compiled
from nftlint.record import dataclass
from nftlint.shell.scene import Site
from nftlint.shell.tree import Redirect
from nftlint.span import Span

_ONCE = compiled(r"(?:^|\s)exec\s|(?:^|\s)sudo\s+(?:-\w*S|.*--stdin)")
_EFFECT = compiled(r"`|\$\(|\$\[|[<>]\(")


@dataclass(frozen=True, slots=True)
class Around:
    """``whole`` is the command up to the last of the words, its assignments and redirects included.

    ``prefix`` is what stands before the words without redirects (``sudo -n ``). ``between`` are the
    redirects among the words, ``redirects`` those among them and before: each begins with a blank,
    to be written behind the new words.
    """

    whole: Span
    prefix: str
    between: str
    redirects: str

    def repeated(self) -> Refusal | None:
        """Return why the prefix cannot stand before several commands."""
        shown = self.prefix.strip()
        if _ONCE.search(self.prefix):
            return Refusal(f"`{shown}` can run one command only")
        if _EFFECT.search(self.prefix):
            return Refusal(f"`{shown}` would be evaluated for each command instead of once")
        return None


def around(site: Site, words: Span, without: Redirect | None = None) -> Around:
    """Return what stands around ``words`` of a simple command; a redirect may be left out."""
    text, start = site.scene.host.text, site.simple.span.start
    before = [item for item in site.simple.redirects if item.span.start < words.end]
    pieces: list[str] = []
    at = start
    for item in before:
        if item.span.start < words.start:
            pieces.append(text[at : item.span.start])
            at = _blanks_after(text, item.span.end, words.start)
    pieces.append(text[at : words.start])
    prefix = "".join(pieces).lstrip() if before else text[start : words.start]
    kept = [item for item in before if item is not without]
    between = [item for item in kept if item.span.start > words.start]
    return Around(Span(start, words.end), prefix, _written(text, between), _written(text, kept))


def _blanks_after(text: str, at: int, end: int) -> int:
    while at < end and text[at] in " \t":
        at += 1
    return at


def _written(text: str, redirects: list[Redirect]) -> str:
    return "".join(" " + item.span.of(text) for item in redirects)


def spelled(leaf: Leaf) -> str | Refusal:
    """Return the wrappers that a variable stands for together with the program: ``sudo ``."""
    here = leaf.words[leaf.at].span
    shared = [word.text for word in leaf.words[: leaf.at] if word.span == here]
    if any(map(has_holes, shared)):
        return Refusal("what runs nft is a variable that is not known")
    return "".join(text + " " for text in shared)
