"""Findings on nftlint's own input: what cannot be read, directives that say or do nothing."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from nftlint.applicability import Applicability
from nftlint.directives import Ignore, Malformed, Parsed
from nftlint.edits import Edit
from nftlint.filereport import not_read
from nftlint.fixes import Draft, Drafted, shown_only, verified
from nftlint.fragment import Refusal, to_root
from nftlint.inner import inner_line
from nftlint.patterns import compiled
from nftlint.results import Fix, Location, NoFix, Result
from nftlint.scan import Scan
from nftlint.span import Span
from nftlint.suppress import Target, comment_of, stands_alone
from nftlint.verify import Change, replacements_of

_CODES = compiled(r"\[[^\]]*\]")


def problems(found: Scan) -> Iterator[tuple[Target, Result]]:
    """Yield NFT001 for all that could not be read."""
    for item in found.problems:
        place = to_root(item.fragment, item.span)
        inner = inner_line(item.fragment, item.span, found.artifact)
        location = Location(found.artifact.uri, place, inner=inner)
        yield Target("NFT001", item.fragment, item.span), not_read(location, item.message)


def malformed(found: Scan, directives: Iterable[Parsed]) -> Iterator[tuple[Target, Result]]:
    """Yield NFT002 for directives that nobody understands."""
    no_fix = NoFix("only its author knows what was meant")
    for item in directives:
        if isinstance(item, Malformed):
            place = to_root(item.fragment, item.span)
            inner = inner_line(item.fragment, item.span, found.artifact)
            location = Location(found.artifact.uri, place, inner=inner)
            name = "malformed-directive"
            result = Result("NFT002", name, "warning", item.message, location, no_fix)
            yield Target("NFT002", item.fragment, item.span), result


def unused(
    found: Scan, spare: Sequence[tuple[Ignore, tuple[str, ...]]], known: Container[str]
) -> list[Result]:
    """Return NFT003 for each suppression with codes that took nothing away.

    ``known`` are the rules that there are.
    """
    fixes = verified(found, [_drafted(ignore, codes) for ignore, codes in spare])
    return [
        _result(found, ignore, codes, known, fix)
        for (ignore, codes), fix in zip(spare, fixes, strict=True)
    ]


def _result(
    found: Scan, ignore: Ignore, codes: Sequence[str], known: Container[str], fix: Fix | NoFix
) -> Result:
    place = to_root(ignore.fragment, comment_of(ignore))
    location = Location(found.artifact.uri, place)
    where = "in this file" if ignore.whole_file else "here"
    missing = [code for code in codes if code not in known]
    message = f"unused suppression: no finding of {', '.join(codes)} {where}"
    if missing:
        message += f" (there is no rule {', '.join(missing)})"
    return Result("NFT003", "unused-suppression", "warning", message, location, fix)


def _drafted(ignore: Ignore, codes: Sequence[str]) -> Drafted:
    comment = comment_of(ignore)
    text = comment.of(ignore.fragment.text)
    if not text.startswith(("#", ";")):
        return NoFix("it is no comment, so what else it means is not known")
    left = [code for code in ignore.rules if code not in codes]
    if left:
        words = f"take {', '.join(codes)} out of the suppression"
        new = _CODES.sub(f"[{', '.join(left)}]", text, count=1)
        edit = Edit(ignore.fragment, comment, new)
    else:
        words = "remove the suppression"
        edit = Edit(ignore.fragment, _with_its_blanks(ignore, comment), "")
    fix = Fix(words, Applicability.SAFE, (), ())
    change = Change((edit,), None)
    replacements = replacements_of(change)
    if isinstance(replacements, Refusal):
        return shown_only(fix, replacements)
    return Draft(change, Fix(words, Applicability.SAFE, (), replacements))


def _with_its_blanks(ignore: Ignore, comment: Span) -> Span:
    """Return the comment with the blanks before it, or with all of a line that is its own."""
    text = ignore.fragment.text
    line = text.rfind("\n", 0, comment.start) + 1
    if not stands_alone(ignore):
        before = text[line : comment.start]
        return Span(line + len(before.rstrip()), comment.end)
    end = text.find("\n", comment.end)
    return Span(line, end + 1 if end >= 0 else len(text))
