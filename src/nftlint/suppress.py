"""Suppressions: which findings a comment ``# nftlint: ignore[…]`` takes away, and which take none.

Lines are those of the text in which the comment stands, at whatever depth: in a payload that is
encoded as one line, a comment holds for its own line there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from nftlint.directives import Ignore
from nftlint.found import NftCall
from nftlint.fragment import Fragment, to_parent
from nftlint.patterns import compiled
from nftlint.record import dataclass
from nftlint.span import Span

YAML = frozenset({"ansible", "cloud-config", "yaml"})
"""The languages in which a comment at a key or a list item holds for all of it."""

_LISTS = "hosts|tasks|pre_tasks|post_tasks|handlers|block|rescue|always|runcmd|bootcmd|write_files"
_OF_SEVERAL = compiled(rf"^[ \t-]*(?:{_LISTS})[ \t]*:")
_STATEMENT = compiled(r"[ \t]*\{[%#].*[%#]\}[ \t]*$")


@dataclass(frozen=True, slots=True)
class Target:
    """What a comment may take away: a finding's rule and place, and the call that carries it.

    A comment at the line where the ``call`` begins holds for all that the call does.
    """

    rule: str
    fragment: Fragment
    span: Span
    call: NftCall | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """``takers`` has, for each target, the comment that takes it away, if one does.

    ``unused`` are the codes of each comment that took nothing away.
    """

    takers: tuple[Ignore | None, ...]
    unused: tuple[tuple[Ignore, tuple[str, ...]], ...]


def judge(
    targets: Sequence[Target],
    ignores: Sequence[Ignore],
    asked: Callable[[str], bool],
) -> Judged:
    """Tell which targets a comment takes away.

    Only codes of which ``asked`` says that they are looked for can be unused.
    """
    scopes = [(ignore, _scope(ignore)) for ignore in ignores]
    takers: list[Ignore | None] = []
    used: set[tuple[int, str]] = set()
    for target in targets:
        places = _places(target)
        holding = [one for one, scope in scopes if _holds(one, scope, target.rule, places)]
        used.update((id(one), target.rule) for one in holding)
        takers.append(holding[0] if holding else None)
    unused = [
        (one, tuple(rule for rule in one.rules if asked(rule) and (id(one), rule) not in used))
        for one in ignores
    ]
    return Judged(tuple(takers), tuple(item for item in unused if item[1]))


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a comment holds: whole lines of its fragment's text, by the offsets of both ends."""

    start: int
    end: int


def comment_of(ignore: Ignore) -> Span:
    """Return where the comment stands in its fragment, without blanks before it."""
    text = ignore.span.of(ignore.fragment.text)
    return Span(ignore.span.start + len(text) - len(text.lstrip()), ignore.span.end)


def stands_alone(ignore: Ignore) -> bool:
    """Tell whether nothing but the comment stands on its line."""
    text, start = ignore.fragment.text, comment_of(ignore).start
    return not text[text.rfind("\n", 0, start) + 1 : start].strip()


def _scope(ignore: Ignore) -> _Scope:
    text = ignore.fragment.text
    at = comment_of(ignore).start
    if stands_alone(ignore):
        at = _next_line(text, at)
    start = end = text.rfind("\n", 0, at) + 1
    if ignore.fragment.language in YAML:
        for _ in range(_lines_below(_lines_from(text, start))):
            end = text.find("\n", end) + 1
    end = text.find("\n", end)
    return _Scope(start, end if end >= 0 else len(text))


def _lines_from(text: str, at: int) -> Iterator[str]:
    while at <= len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        yield text[at:end]
        at = end + 1


def _lines_below(lines: Iterator[str]) -> int:
    """Return how many lines after the first belong to the key or the list item that begins there.

    None of a play, of a block, or of a list of commands: a comment is about one thing.
    """
    head = next(lines)
    margin, is_item = _margin(head), head.lstrip().startswith("-")
    after = 0
    for number, line in enumerate(lines, 1):
        if not line.strip() or _STATEMENT.match(line):
            continue
        listed = line.startswith("- ", margin) and not is_item
        if _margin(line) < margin or (_margin(line) == margin and not listed):
            break
        if _OF_SEVERAL.match(line):
            return 0
        after = number
    return 0 if _OF_SEVERAL.match(head) else after


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _next_line(text: str, at: int) -> int:
    """Return the start of the next line that is no comment: comments may stand one above another.

    Where there is none it is the end of the text.
    """
    while (end := text.find("\n", at)) >= 0:
        at = end + 1
        if not text[at:].lstrip(" \t").startswith("#"):
            return at
    return len(text)


_Places = Mapping[int, Sequence[Span]]
"""By the identity of each fragment that carries a target: where it stands there."""


def _holds(ignore: Ignore, scope: _Scope, rule: str, places: _Places) -> bool:
    if rule not in ignore.rules:
        return False
    if ignore.whole_file:
        return True
    for span in places.get(id(ignore.fragment), ()):  # a loop, as it is run for each pair of both
        if span.start <= scope.end and scope.start <= max(span.end - 1, span.start):
            return True
    return False


def _places(target: Target) -> _Places:
    found: dict[int, list[Span]] = {}
    call = target.call
    _add_places(found, target.fragment, target.span)
    if call is not None and call.script is not call.host:
        _add_places(found, call.host, Span(call.span.start, call.span.start))
    return found


def _add_places(found: dict[int, list[Span]], fragment: Fragment, span: Span) -> None:
    """Add the span in the text of a fragment, and of each that carries it."""
    here: Fragment | None = fragment
    while here is not None:
        found.setdefault(id(here), []).append(span)
        span, here = to_parent(here, span), here.parent
