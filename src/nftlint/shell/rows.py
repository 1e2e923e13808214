"""What ``while read`` takes from a text that the script itself holds: the fields of its lines."""

from __future__ import annotations

from collections.abc import Sequence

from nftlint.holes import has_holes, spellings
from nftlint.patterns import compiled
from nftlint.record import dataclass
from nftlint.shell.fields import fields_of
from nftlint.shell.known import known_word
from nftlint.shell.lens import ELSEWHERE
from nftlint.shell.nodes import nodes
from nftlint.shell.scene import Scene
from nftlint.shell.simple import ASSIGNMENT
from nftlint.shell.tree import Command, Redirect, Simple, While, Word
from nftlint.shell.values import NO_ROWS, UNKNOWN, Env, Known, Rows

MOST_LINES = 64
MOST_TEXTS = 16
_BLANKS = " \t\n"
_NAME = compiled(r"[A-Za-z_]\w*\Z")
_OPTION = compiled(r"-[rs]+\Z")
_FORMATS = compiled(r"%(?![%sdi])")
_PRINTS = frozenset({"echo", "printf", "cat"})


@dataclass(frozen=True, slots=True)
class _Reads:
    """A ``read``: its variables, what parts fields, and whether a backslash means itself.

    ``partial`` says that a last line without its line end counts, too.
    """

    names: tuple[str, ...]
    separators: str
    raw: bool
    partial: bool


def rows_of(loop: While, env: Env, scene: Scene) -> Rows:
    """Return what the variables of ``while read …`` can hold, as far as that is known.

    ``scene`` is the loop's own.
    """
    reads = _reads(loop, env)
    texts = _texts(loop, env, scene) if reads is not None else []
    if reads is None or not texts:
        return NO_ROWS
    rows, exact = [], True
    for text in texts:
        for line in _lines(text, reads):
            if has_holes(line) or (not reads.raw and "\\" in line):
                exact = False
            else:
                rows.append(fields_of(line, reads.separators, len(reads.names)))
    if not rows or len(rows) > MOST_LINES:
        return NO_ROWS
    columns = zip(reads.names, zip(*rows, strict=True), strict=True)
    known = {name: Known(tuple(dict.fromkeys(column)), exact) for name, column in columns}
    return Rows(known, tuple(dict(zip(reads.names, row, strict=True)) for row in rows))


def _reads(loop: While, env: Env) -> _Reads | None:
    """Return the ``read`` that a loop asks for; ``None`` where it asks for something else."""
    item = loop.condition.items[0] if len(loop.condition.items) == 1 else None
    first = item.pipelines[0].commands if item is not None else ()
    if item is None or len(first) != 1 or not isinstance(first[0], Simple):
        return None
    if env.text.startswith("until", loop.span.start) or _reads_more(loop, env):
        return None
    return _read(first[0], env, partial="||" in item.operators)


def _reads_more(loop: While, env: Env) -> bool:
    """Tell whether another ``read`` may take lines away."""
    return any(
        isinstance(node, Simple) and node.words and node.words[0].span.of(env.text) == "read"
        for node in nodes(loop.body)
    )


def _read(simple: Simple, env: Env, *, partial: bool) -> _Reads | None:
    texts = [word.span.of(env.text) for word in simple.words]
    if texts[:1] != ["read"] or simple.redirects:
        return None
    options = [text for text in texts[1:] if text.startswith("-")]
    names = tuple(text for text in texts[1:] if not text.startswith("-"))
    separators = _separators(simple.assignments, env)
    if separators is None or not names or not all(map(_NAME.match, names)):
        return None
    if not all(map(_OPTION.match, options)):
        return None
    return _Reads(names, separators, any("r" in text for text in options), partial)


def _separators(assignments: Sequence[Word], env: Env) -> str | None:
    """Return what ``IFS`` is for a command; ``None`` where that is not known."""
    for word in assignments:
        match = ASSIGNMENT.match(env.text, word.span.start)
        if match is None or match[0] != "IFS=":
            return None
        return _only(known_word(_behind(word, match.end()), env))
    known = env.get("IFS")
    return _BLANKS if known is None else _only(known)


def _behind(word: Word, start: int) -> Word:
    from nftlint.shell.effects import assigned_word

    return assigned_word(word, start)


def _only(known: Known) -> str | None:
    return known.values[0] if known.exact and len(known.values) == 1 else None


def _texts(loop: While, env: Env, scene: Scene) -> list[str]:
    """Return each text that a loop's standard input can be; unknown parts are hole characters."""
    from nftlint.shell.producers import printed, redirected  # which go through loops themselves

    inputs = _inputs(loop.redirects)
    if inputs:
        found = redirected(inputs, env, scene, "text") if _is_whole(inputs[-1], env) else []
    elif scene.position and scene.pipeline is not None:
        before = scene.pipeline.commands[scene.position - 1]
        found = printed(before, env, scene, "text") if _is_plain(before, env) else []
    else:
        return []  # of the input of what stands around, something else may read, too
    end = "\n" if inputs and inputs[-1].operator == "<<<" else ""
    if len(found) != 1 or any(item.style is ELSEWHERE for item in found[0].segments):
        return []  # what is put together elsewhere may not be all that there can be
    known = {char: hole.values for char, hole in found[0].holes.items()}
    return [text + end for text in spellings(found[0].text, known, MOST_TEXTS)]


def _inputs(redirects: Sequence[Redirect]) -> list[Redirect]:
    return [item for item in redirects if item.operator[0] == "<" and item.fd in ("", "0")]


def _is_whole(redirect: Redirect, env: Env) -> bool:
    """Tell whether all that a redirect gives is in sight: of ``<(…)`` that is one command."""
    pieces = redirect.target.pieces
    body = pieces[0].body if len(pieces) == 1 and redirect.operator == "<" else None
    if body is None:
        return redirect.operator != "<"
    pipelines = [pipeline for item in body.items for pipeline in item.pipelines]
    commands = [command for pipeline in pipelines for command in pipeline.commands]
    return len(commands) == 1 and _is_plain(commands[0], env)


def _is_plain(command: Command, env: Env) -> bool:
    """Tell whether a command prints its words, or its heredoc, and nothing falls apart in them."""
    if not isinstance(command, Simple) or not command.words:
        return False
    name, *rest = command.words
    called = name.span.of(env.text)
    if called not in _PRINTS or called in env.functions or (called == "cat" and rest):
        return False
    if called == "printf" and rest and _FORMATS.search(rest[0].span.of(env.text)):
        return False
    return not any(piece.kind == "parameter" for word in rest for piece in word.pieces)


def _lines(text: str, reads: _Reads) -> list[str]:
    lines = text.split("\n")
    last = lines.pop()
    return [*lines, last] if last and reads.partial else lines


def enter(rows: Rows, env: Env) -> None:
    """Let variables have the values that a loop gives them."""
    if rows.rows:
        env.scalars.update(rows.known)
        env.rows = rows


def leave(rows: Rows, before: Rows, env: Env) -> None:
    """Let them be unknown: at the end of its input, ``read`` makes them empty."""
    env.rows = before
    for name in rows.known:
        env.scalars[name] = UNKNOWN
