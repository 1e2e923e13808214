"""COPY and ADD: files of the build context, and files written in the Dockerfile itself."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from nftlint.docker.heredoc import Heredoc, operator
from nftlint.docker.instructions import Instruction
from nftlint.docker.lexer import LexError
from nftlint.docker.stage import Scene
from nftlint.docker.texts import heredoc_file
from nftlint.docker.words import Written, exec_form
from nftlint.found import Found, Place, Problem, Reference
from nftlint.fragment import Fragment
from nftlint.patterns import compiled
from nftlint.record import replace
from nftlint.span import Span

_WORD = compiled(r"[^\t\v\f\r ]+")
_REMOTE = compiled(r"[a-z][a-z0-9+.-]*://|git@", re.IGNORECASE)


def read_copy(scene: Scene) -> Iterator[Found]:
    """Yield a reference for each local file, and a fragment for each heredoc."""
    instruction = scene.instruction
    *sources, target = _words(instruction) or [Written("", Span(0, 0))]
    heredocs = {heredoc.operator.name: heredoc for heredoc in instruction.heredocs}
    into = scene.stage.path(target.text)
    if into and len(sources) > 1:
        into = into.rstrip("/") + "/"
    for word in sources:
        found = operator(word.text) if heredocs else None
        if found is not None and found.name in heredocs:
            yield _written(scene, heredocs[found.name], into, target)
        elif not _is_foreign(instruction, word.text):
            yield _reference(scene, word, into)


def _words(instruction: Instruction) -> list[Written]:
    strings = exec_form(instruction.text) if instruction.json else None
    if strings is not None:
        return strings
    return [Written(match[0], Span(*match.span())) for match in _WORD.finditer(instruction.text)]


def _is_foreign(instruction: Instruction, word: str) -> bool:
    """Tell whether a source is not of the build context: another stage's, or remote."""
    from_stage = any(flag.startswith("--from=") for flag in instruction.flags)
    return from_stage or _REMOTE.match(word) is not None


def _within(into: str, name: str) -> str:
    """Return the path of a file that is put at ``into``, a directory if it ends with a slash."""
    return into + posixpath.basename(name) if into.endswith("/") else into


def _reference(scene: Scene, word: Written, into: str) -> Reference:
    name = scene.stage.expand(word.text)
    name = word.text if name is None else name
    place = Place(scene.source, scene.place(word.span), f"{scene.label} puts it into the image")
    target = name.lstrip("/") or "."  # the root is the build context
    return Reference(place, "copies", target, destination=_within(into, name))


def _written(scene: Scene, heredoc: Heredoc, into: str, target: Written) -> Fragment | Problem:
    name = heredoc.operator.name
    path = _within(into, name)
    try:
        text = heredoc_file(scene, heredoc, path)
    except LexError as error:
        message = f"the heredoc {name} cannot be expanded: {error}"
        return Problem(scene.source, scene.instruction.place, message)
    shown = path or (name if target.text.endswith("/") else target.text)
    return replace(text, language=language_of(shown, text.text))


def language_of(path: str, text: str) -> str:
    """Return the language of a file that is written in the Dockerfile; empty if it is unknown."""
    from nftlint.carriers.registry import HEAD, kind_of

    return kind_of(PurePosixPath(path), text[:HEAD]) or ""
