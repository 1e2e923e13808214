"""The texts that a Dockerfile carries, each with its lens: shell forms, exec forms, heredocs."""

from __future__ import annotations

from nftlint.context import Context
from nftlint.docker.continuation import CONTINUED, instruction_style, keeps
from nftlint.docker.expansion import expansions
from nftlint.docker.heredoc import Heredoc
from nftlint.docker.lexer import SPACE
from nftlint.docker.lines import pieces
from nftlint.docker.stage import Scene
from nftlint.fragment import Builder, Fragment, Style, UnwritableError, whole
from nftlint.patterns import compiled
from nftlint.span import Span

_LINE_START = compiled(r"\n\t*")


def _body_style(heredoc: Heredoc, name: str = "Dockerfile heredoc") -> Style:
    operator = heredoc.operator

    def encode(text: str) -> str:
        for line in text.split("\n"):
            if operator.chomp and line.startswith("\t"):
                raise UnwritableError(
                    "a heredoc opened with <<- loses the tabs that lines begin with"
                )
            if line == operator.name:
                raise UnwritableError(f"a line {line!r} would end the heredoc")
        return text

    return Style(name, encode)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("$", "\\$")


_EXPANDED = Style("Dockerfile heredoc with variables", _escaped)


def command_line(scene: Scene, args: Span, language: str, context: Context) -> Fragment:
    """Return ``args`` of an instruction as one text, as it is handed on after joining its lines.

    ``args`` is a span of the joined line. For a shell the continuations stay where it drops them
    itself. A heredoc with a command before it goes to the shell as it stands, body included.
    """
    source, instruction = scene.source, scene.instruction
    style = instruction_style(scene.stage.escape)
    builder = Builder(source.text, source, style)
    keeps_at = keeps(args.of(instruction.line.text)) if language == "shell" else _never
    end = at = 0
    for piece in pieces(instruction.line, args):
        if keeps_at(at) and end < piece.start:
            line_break = Span(end, source.text.index("\n", end) + 1)
            if line_break.of(source.text) == CONTINUED:
                builder.copy(line_break)
            else:
                builder.put(CONTINUED, line_break)
        builder.copy(piece)
        at, end = at + len(piece), piece.end
    for heredoc in instruction.heredocs:
        # One style name for all: an edit may span command and body, and is then on one line.
        body_style = _body_style(heredoc, style.name)
        builder.copy(Span(heredoc.body.start - 1, heredoc.body.start))
        builder.copy(heredoc.body, body_style)
        builder.copy(heredoc.end, body_style)
        end = heredoc.end.end
    if language == "shell":
        _end_line(builder, source.text, end)
    return builder.build(language, label=scene.label, context=context)


def _end_line(builder: Builder, text: str, at: int) -> None:
    """Let the command's own line break end its text, as it ends a script's last line.

    So a text reads the same when the heredoc that ended it is taken away.
    """
    line_break = text.find("\n", at)
    if line_break >= 0 and not text[at:line_break].strip(SPACE):
        builder.copy(Span(line_break, line_break + 1))


def _never(_offset: int) -> bool:
    return False


def heredoc_text(scene: Scene, heredoc: Heredoc, language: str, context: Context) -> Fragment:
    """Return a heredoc's body as BuildKit takes it from the file, without tabs for ``<<-``."""
    text = scene.source.text
    builder = Builder(text, scene.source, _body_style(heredoc))
    at, end = heredoc.body.start, heredoc.body.end
    if heredoc.operator.chomp:
        while text.startswith("\t", at, end):
            at += 1
        for match in _LINE_START.finditer(text, at, end):
            builder.copy(Span(at, match.start()))
            at = match.end()
            builder.put("\n", Span(match.start(), at))
    builder.copy(Span(at, end))
    return builder.build(language, label=scene.label, context=context)


def heredoc_file(scene: Scene, heredoc: Heredoc, path: str) -> Fragment:
    """Return the file that a COPY heredoc becomes, its language not yet decided.

    Variables are holes where the heredoc's name is unquoted. Raises ``LexError`` for a bad
    substitution.
    """
    body = heredoc_text(scene, heredoc, "", Context())
    label = f"{scene.label} <<{heredoc.operator.name}"
    if not heredoc.operator.expand:
        return whole(body, "", label=label, path=path)
    builder = Builder(body.text, body, _EXPANDED)
    at = 0
    for expansion in expansions(body.text):
        builder.copy(Span(at, expansion.span.start))
        at = expansion.span.end
        if expansion.text:
            builder.put(expansion.text, expansion.span)
        elif expansion.name and not _never_set(expansion.name):
            known = scene.stage.expand(expansion.span.of(body.text))
            values = None if known is None else (known,)
            builder.hole(expansion.span, expansion.name, values=values)
    builder.copy(Span(at, len(body.text)))
    return builder.build("", label=label, path=path)


def _never_set(name: str) -> bool:
    """Tell whether ``$name`` can be no environment variable: ``$1``, ``$@`` are always empty."""
    return not (name[0].isalpha() or name[0] == "_")
