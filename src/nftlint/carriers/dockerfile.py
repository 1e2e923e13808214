"""Dockerfiles: what their instructions run, copy and say about themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from nftlint.found import Directive, Found
from nftlint.fragment import Fragment
from nftlint.patterns import compiled
from nftlint.span import Span

if TYPE_CHECKING:
    from nftlint.docker.instructions import Dockerfile

_NAME = compiled(
    r"(?:docker|container)file(?:[._-].*)?|.*\.(?:docker|container)file", re.IGNORECASE
)
_CODE = compiled(
    r".*\.(?:dockerignore|md|rst|adoc|html?|py|sh|bash|ps1|bat|ya?ml|json|toml|ini|xml|go|rs|rb|js|ts"
    r"|java|kt|cs|c|h|cc|cpp|php|pl|lua|lean|hs|ex|nix|vim|log|diff|patch)"
)
_INSTRUCTION = compiled(
    r"^[ \t]*(?:ARG|FROM|RUN|COPY|ADD|ENV|CMD|ENTRYPOINT|LABEL|MAINTAINER|WORKDIR|USER|EXPOSE)\s",
    re.IGNORECASE | re.MULTILINE,
)
_ONLY_COMMENTS = compiled(r"\ufeff?(?:[ \t]*(?:#.*)?(?:\n|\Z))*")
_DIRECTIVE = compiled(r"#\s*nftlint:\s*(.*?)\s*$")


def matches(path: PurePosixPath, head: str) -> str | None:
    """Know a Dockerfile by its name, and by content where the name is no proof."""
    name = path.name.lower()
    if not _NAME.fullmatch(name):
        return None
    certain = name in ("dockerfile", "containerfile")
    return "dockerfile" if certain or _looks_like_one(name, head) else None


def _looks_like_one(name: str, head: str) -> bool:
    if _CODE.fullmatch(name):
        return False
    # A head of comments alone is that of a Dockerfile which explains itself at length.
    return bool(_INSTRUCTION.search(head) or (head and _ONLY_COMMENTS.fullmatch(head)))


def read(fragment: Fragment) -> Iterable[Found]:
    """Yield what a Dockerfile carries, instruction by instruction."""
    from nftlint.docker.instructions import parse
    from nftlint.docker.read import read_instructions

    parsed = parse(fragment)
    yield from _comments(fragment, parsed)
    yield from read_instructions(fragment, parsed)


def _comments(fragment: Fragment, parsed: Dockerfile) -> Iterator[Found]:
    for span in parsed.comments:
        match = _DIRECTIVE.search(span.of(fragment.text))
        if match and span.of(fragment.text)[: match.start()].strip() == "":
            at = Span(span.start + match.start(), span.end)
            yield Directive(fragment, at, match[1])


def outline(fragment: Fragment) -> list[str]:
    """Return what each instruction says: name and flags, then its values, then each copied text.

    What an instruction runs is one value, its heredocs included: a fix may write it anew.
    """
    from nftlint.docker.instructions import parse

    values: list[str] = []
    for instruction in parse(fragment).instructions:
        holder = instruction.trigger or instruction
        bodies = [heredoc.body.of(fragment.text) for heredoc in instruction.heredocs]
        values.append(" ".join((instruction.name, *instruction.flags, holder.name, *holder.flags)))
        if holder.name == "RUN":
            values.append("\n".join((*holder.values, *bodies)))
        else:
            values += ("\n".join(holder.values), *bodies)
    return values


LANGUAGES = {"dockerfile": read}
OUTLINES = frozenset(LANGUAGES)
