"""New commands in the place of an old one, with all around it left as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from nftlint.argv import Arg, Argv
from nftlint.commands.quote import hole_styles, needs_one_run, shell_quote
from nftlint.commands.words import Word
from nftlint.edits import Edit
from nftlint.found import Kept, Part
from nftlint.fragment import Fragment, Refusal, to_parent
from nftlint.holes import Hole, is_hole
from nftlint.patterns import compiled
from nftlint.shell.around import around
from nftlint.shell.scene import Site
from nftlint.span import Span

Styles = Mapping[str, tuple[Hole, str]]
_CONTINUED = compiled(r"[ \t]*\\\n[ \t]*")


def write_words(
    site: Site,
    words: Sequence[Word],
    script: Fragment,
    parts: Sequence[Part],
) -> tuple[Edit, ...] | Refusal:
    """Write ``parts`` in the place of ``words``, which end the simple command's words.

    What stands before them in the command (``sudo -n``) is kept before every new command.
    """
    host = site.scene.host
    region = words[0].span.cover(words[-1].span)
    beside = around(site, region)
    styles = hole_styles(script)
    if beside.between and any(isinstance(part, Kept) for part in parts):
        return Refusal("a redirection stands between the command's words")
    if refused := refuse_effects(parts, styles):
        return refused
    texts = [_part(host, words, script, part, styles) for part in parts]
    if len(texts) == 1:
        return (Edit(host, region, texts[0] + beside.between),)
    if refused := beside.repeated():
        return refused
    if site.simple.words[-1].span.end > region.end:
        return Refusal(f"`{beside.prefix.strip()}` can run one command only")
    new = joined(site, beside.whole.start, [beside.prefix + text for text in texts])
    return (Edit(host, beside.whole, new + beside.redirects),)


def refuse_effects(parts: Sequence[Part], styles: Styles) -> Refusal | None:
    """Return why the parts cannot be written: a command substitution would run twice."""
    uses: Counter[str] = Counter()
    for part in parts:
        if not isinstance(part, Kept):
            uses.update(char for arg in part for char in arg.text if is_hole(char))
    return needs_one_run(styles, uses)


def joined(site: Site, start: int, commands: Sequence[str]) -> str:
    """Join commands so that the whole succeeds or fails as the one command did.

    They are to stand at ``start`` of the host text.

    In a subshell, since the shell ignores a failure (``set -e``) in all but the last command of an
    ``&&`` list; without one only where the list goes on anyway.
    """
    text = " && ".join(commands)
    return text if _plain_list(site) else in_parentheses(site, start, text)


def in_parentheses(site: Site, start: int, text: str) -> str:
    """Return commands as a subshell: ``$((`` and ``((`` would begin arithmetic instead."""
    blank = " " if site.scene.host.text[:start].endswith("(") else ""
    return f"{blank}({text})"


def _plain_list(site: Site) -> bool:
    scene = site.scene
    pipeline = scene.pipeline
    alone = pipeline is not None and len(pipeline.commands) == 1 and not pipeline.negated
    before = scene.and_or.operators[: scene.index]
    ignored = scene.condition or scene.index < len(scene.and_or.operators)
    if not alone or scene.and_or.background or site.simple.redirects:
        return False
    return ignored and "||" not in before


def _part(
    host: Fragment, words: Sequence[Word], script: Fragment, part: Part, styles: Styles
) -> str:
    if isinstance(part, Kept):
        return kept_command(host, words, script, part, styles)
    return command_text(host, words, script, part, styles)


def kept_command(
    host: Fragment, words: Sequence[Word], script: Fragment, part: Kept, styles: Styles
) -> str:
    """Return nft with its options and the statement that it keeps."""
    first = _first_of_script(words, script)
    before = host.text[words[0].span.start : words[first].span.start]
    outer = to_parent(script, part.span)
    kept = [word for word in words[first:] if _overlap(word.span, outer)]
    if len(kept) > 1 and len(" ".join(word.text for word in kept)) == len(part.span):
        return before + kept[0].span.cover(kept[-1].span).of(host.text)
    return before + shell_quote(part.span.of(script.text), styles)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _first_of_script(words: Sequence[Word], script: Fragment) -> int:
    start = script.segments[0].outer.start
    return next(
        (at for at, word in enumerate(words) if word.span.start <= start < word.span.end), 0
    )


def command_text(
    host: Fragment, words: Sequence[Word], script: Fragment, part: Argv, styles: Styles
) -> str:
    """Return a command's words, quoted, with the old one's line continuations between them."""
    gaps = _continuations(host, words)
    pieces: list[str] = []
    for arg in part:
        separator = " "
        place = _place(script, arg)
        while gaps and place is not None and gaps[0][0] < place:
            separator = gaps.pop(0)[1]
        pieces += ([separator] if pieces else []) + [shell_quote(arg.text, styles)]
    return "".join(pieces)


def _place(script: Fragment, arg: Arg) -> int | None:
    return to_parent(script, arg.origin).start if arg.origin is not None else None


def _continuations(host: Fragment, words: Sequence[Word]) -> list[tuple[int, str]]:
    """Return the continued lines between the words: where each begins, and its text."""
    if not words:
        return []
    region = words[0].span.cover(words[-1].span)
    return [
        (match.start(), match[0])
        for match in _CONTINUED.finditer(host.text, region.start, region.end)
        if not any(word.span.start < match.start() < word.span.end for word in words)
    ]
