"""A heredoc for ``nft -f -`` as one for ``iptables-restore --noflush``: still one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from nftlint.argv import Argv
from nftlint.commands.leaf import Leaf
from nftlint.commands.quote import hole_styles
from nftlint.edits import Edit
from nftlint.found import Kept, Part
from nftlint.fragment import Fragment, Refusal
from nftlint.holes import has_holes
from nftlint.patterns import compiled
from nftlint.shell.around import around, spelled
from nftlint.shell.scene import Site
from nftlint.shell.tree import Heredoc
from nftlint.shell.write import command_text, in_parentheses
from nftlint.span import Span

_FREE_TEXT = frozenset({"--comment", "--log-prefix", "--nflog-prefix"})
_MARK = compiled(r'"[^"]*"|#.*')


def has_comment(text: str) -> bool:
    """Tell whether an nft script has a comment."""
    return any(_comment(line) for line in text.split("\n"))


def _comment(line: str) -> str:
    """Return the comment that ends a line, or ``""``."""
    return next((match[0] for match in _MARK.finditer(line) if match[0].startswith("#")), "")


def restore(
    site: Site, leaf: Leaf, script: Fragment, parts: Sequence[Part]
) -> tuple[Edit, ...] | Refusal:
    """Write all parts as one input of ``iptables-restore``: for one program and one table."""
    commands = [part for part in parts if not isinstance(part, Kept)]
    split = [_split(part) for part in commands]
    programs = {(program, table) for program, table, _ in split}
    if len(programs) != 1:
        return Refusal("the script writes to several tables, which iptables cannot do as one")
    shared = spelled(leaf)
    if isinstance(shared, Refusal):
        return shared
    program, table = next(iter(programs))
    body = _body(script.text, commands, [rule for _, _, rule in split])
    region = leaf.words[leaf.at].span.cover(leaf.words[leaf.end - 1].span)
    text = f"*{table}\n{body}COMMIT\n"
    new = f"{shared}{program}-restore --noflush{around(site, region).between}"
    return Edit(site.scene.host, region, new), Edit(script, Span(0, len(script.text)), text)


def _split(part: Argv) -> tuple[str, str, str]:
    """Return the program, the table and the rest of the command as a line for restore."""
    words = [arg.text for arg in part]
    program, rest = words[0], words[1:]
    table = "filter"
    kept: list[str] = []
    at = 0
    while at < len(rest):
        if rest[at] in ("-t", "--table") and at + 1 < len(rest):
            table = rest[at + 1]
            at += 1
        elif rest[at] not in ("-w", "--wait"):
            kept.append(rest[at])
        at += 1
    return program, table, " ".join(map(_quote, kept, ["", *kept]))


def _quote(word: str, before: str) -> str:
    r"""Quote for iptables-restore, which knows ``"…"`` with backslash escapes only.

    A variable in a free text may hold blanks: it is quoted, too.
    """
    may_hold_blanks = has_holes(word) and before in _FREE_TEXT
    if word and not may_hold_blanks and not any(char in " \t\"'\\" for char in word):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _body(text: str, commands: Sequence[Argv], rules: Sequence[str]) -> str:
    """Put each rule on the line of its statement; comments and empty lines stay.

    iptables-restore knows a comment only where it begins a line, and no line of blanks.
    """
    lines = text.split("\n")
    by_line: dict[int, list[str]] = {}
    for command, rule in zip(commands, rules, strict=True):
        by_line.setdefault(max(_line_of(text, command), 0), []).append(rule)
    result: list[str] = []
    for index, line in enumerate(lines):
        comment = _comment(line)
        result += [comment] if comment or not line.strip() else []
        result += by_line.get(index, [])
    return "\n".join(result).rstrip("\n") + "\n"


def _line_of(text: str, command: Argv) -> int:
    """Return the line on which a command's statement begins, -1 where that is not known."""
    starts = [arg.origin.start for arg in command if arg.origin is not None]
    return text.count("\n", 0, min(starts)) if starts else -1


def move_out(
    site: Site, leaf: Leaf, heredoc: Heredoc, script: Fragment, parts: Sequence[Part]
) -> tuple[Edit, ...] | Refusal:
    """Let the translated statements run before or after the rest of the script."""
    kinds = [isinstance(part, Kept) for part in parts]
    first, last = kinds.index(True), len(kinds) - 1 - kinds[::-1].index(True)
    if not all(kinds[first : last + 1]):
        return Refusal("a statement that stays with nft stands between two that do not")
    redirect = heredoc.redirect
    if site.simple.redirects != (redirect,) or redirect.span.start < site.simple.words[-1].span.end:
        return Refusal("only some statements can be moved, and the call has other redirections")
    removed = _removed_lines(script, parts)
    if isinstance(removed, Refusal):
        return removed
    host, start = site.scene.host, site.simple.span.start
    words = leaf.words[leaf.at].span.cover(leaf.words[leaf.end - 1].span)
    beside, shared = around(site, words), spelled(leaf)
    for refused in (shared, beside.repeated()):
        if isinstance(refused, Refusal):
            return refused
    prefix = f"{beside.prefix}{shared}"
    styles = hole_styles(script)
    texts = [
        "" if isinstance(part, Kept) else prefix + command_text(host, (), script, part, styles)
        for part in parts
    ]
    end = redirect.span.end
    kept = host.text[start:end]
    new = " && ".join((*texts[:first], kept, *texts[last + 1 :]))
    return Edit(host, Span(start, end), in_parentheses(site, start, new)), *removed


def _removed_lines(script: Fragment, parts: Sequence[Part]) -> list[Edit] | Refusal:
    text = script.text
    kept = [_lines(text, part.span) for part in parts if isinstance(part, Kept)]
    edits: list[Edit] = []
    for part in parts:
        if isinstance(part, Kept):
            continue
        origins = [arg.origin for arg in part if arg.origin is not None]
        if not origins:
            return Refusal("it is not known which line of the script the command comes from")
        span = Span(min(item.start for item in origins), max(item.end for item in origins))
        lines = _lines(text, span)
        if any(lines.start < other.end and other.start < lines.end for other in kept):
            return Refusal("a statement that stays with nft is on the same line")
        if edits and edits[-1].span == lines:
            continue
        edits.append(Edit(script, lines, ""))
    return edits


def _lines(text: str, span: Span) -> Span:
    """Return the whole lines that a span lies on, with their line ends."""
    end = text.find("\n", max(span.end - 1, span.start))
    return Span(text.rfind("\n", 0, span.start) + 1, len(text) if end < 0 else end + 1)
