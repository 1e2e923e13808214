"""Words and heredocs of a script as fragments: quoting undone, variables as holes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from nftlint.commands.quote import double_escape, encode_bare, encode_single
from nftlint.commands.words import Word, literal
from nftlint.fragment import Builder, Fragment, Style, UnwritableError
from nftlint.record import dataclass
from nftlint.shell.ansi import encode_ansi, escapes
from nftlint.shell.braces import expanded
from nftlint.shell.known import is_open, known_piece, splat_name
from nftlint.shell.stretches import put_all
from nftlint.shell.tree import Heredoc, Piece
from nftlint.shell.tree import Word as Node
from nftlint.shell.values import Env
from nftlint.span import Span

BARE = Style("bare", encode_bare)
SINGLE = Style("single", encode_single, keeps_words=True)
DOUBLE = Style("double", double_escape, keeps_words=True)
ANSI = Style("ansi", encode_ansi, keeps_words=True)


Fill = Callable[[Piece, Env], Fragment | None]
"""Returns the text of a variable or a ``$(…)`` whose value is no constant, if it is known."""
ELSEWHERE = Style("text that is put together elsewhere", lambda text: text, removable=False)


@dataclass(frozen=True, slots=True)
class _Lens:
    """What variables hold: ``generous`` lets a hole have values that may not be the only ones."""

    env: Env
    generous: bool = False
    fill: Fill | None = None


def read_words(
    host: Fragment,
    nodes: Sequence[Node],
    env: Env,
    *,
    generous: int = 0,
    fill: Fill | None = None,
) -> Iterator[Word]:
    """Yield the words that a program gets, arrays and ``"$@"`` taken apart where known.

    The first ``generous`` words may have values that are likely but not the only ones.
    """
    for index, node in enumerate(nodes):
        several = _several(host, node, env)
        if several is None:
            yield read_word(host, node, env, generous=index < generous, fill=fill)
        else:
            yield from several


def _several(host: Fragment, node: Node, env: Env) -> list[Word] | None:
    if not node.pieces:
        return _of_braces(host, node, env)
    first = node.pieces[0]
    if len(node.pieces) == 1 and first.kind == "parameter" and first.name in env.chosen:
        place = _place(node.span, env)
        return [literal(host, text, place) for text in env.chosen[first.name].split()]
    if not (name := splat_name(node)):
        return None
    if name in ("@", "*"):
        return None if env.positional is None else list(env.positional)
    known = env.arrays.get(name)
    if known is None:
        return None
    return [literal(host, text, _place(node.span, env)) for text in known]


def _of_braces(host: Fragment, node: Node, env: Env) -> list[Word] | None:
    words = expanded(node.span.of(env.text)) if env.bash else []
    place = _place(node.span, env)
    return [literal(host, text, place) for text in words] if len(words) > 1 else None


def _place(span: Span, env: Env) -> Span:
    """Return where a text of a function stands for a call of it: at the function's name.

    What is of another file has no place but that where it is used.
    """
    return env.call or (span if env.is_own(span) else Span(0, 0))


def read_word(
    host: Fragment, node: Node, env: Env, *, generous: bool = False, fill: Fill | None = None
) -> Word:
    """Return one word with its quoting undone.

    ``generous`` lets a hole have values that are likely but may not be the only ones.
    """
    builder = Builder(host.text, host, BARE)
    lens = _Lens(env, generous, fill)
    if not node.pieces:
        _copy(builder, node.span, env, BARE)
    for index, piece in enumerate(node.pieces):
        if not _joins_single(node.pieces, index, env):
            _add(builder, piece, lens, BARE)
        else:  # '\'' is how single quotes hold one: it is written and read as one escape
            start, end = node.pieces[index - 1].inner.end, node.pieces[index + 1].inner.start
            builder.put("'", _place(Span(start, end), env), SINGLE)
    return Word(builder.build("word"), _place(node.span, env))


def _joins_single(pieces: Sequence[Piece], index: int, env: Env) -> bool:
    around = [piece.kind for piece in (*pieces[:index][-1:], *pieces[index + 1 : index + 2])]
    return around == ["single", "single"] and pieces[index].span.of(env.text) in ("\\'", '"\'"')


def _copy(builder: Builder, span: Span, env: Env, style: Style) -> None:
    if env.call is None and env.is_own(span):
        builder.copy(span, style)
    else:
        builder.put(span.of(env.text), _place(span, env), style)


def _add(builder: Builder, piece: Piece, lens: _Lens, style: Style) -> None:
    env = lens.env
    match piece.kind:
        case "plain":
            _copy(builder, piece.inner, env, style)
        case "escape":
            meaning = piece.inner.of(env.text)[1:].replace("\n", "")
            builder.put(meaning, _place(piece.span, env), style)
        case "single":
            _copy(builder, piece.inner, env, SINGLE)
        case "ansi":
            _add_ansi(builder, piece, env)
        case "double":
            for inside in piece.pieces:
                _add(builder, inside, lens, DOUBLE)
        case _:
            _add_hole(builder, piece, lens, style)


def _add_ansi(builder: Builder, piece: Piece, env: Env) -> None:
    at = piece.inner.start
    for span, meaning in escapes(piece.inner.of(env.text), at):
        _copy(builder, Span(at, span.start), env, ANSI)
        builder.put(meaning, _place(span, env), ANSI)
        at = span.end
    _copy(builder, Span(at, piece.inner.end), env, ANSI)


def _add_hole(builder: Builder, piece: Piece, lens: _Lens, style: Style) -> None:
    env = lens.env
    given = _given(piece, env)
    if given is not None:
        builder.take(given.fragment)
        return
    known = known_piece(piece, env)
    if piece.name in env.chosen:
        builder.put(env.chosen[piece.name], _place(piece.span, env), style)
        return
    only = known.values[0] if known.exact and len(known.values) == 1 else None
    if only is not None and (env.call is not None or len(only.split()) > 1):
        builder.put(only, _place(piece.span, env), style)
        return
    certain = known.exact or (lens.generous and not is_open(piece.name, env))
    some = known.values and certain
    filled = lens.fill(piece, env) if lens.fill is not None and not some else None
    if filled is not None:
        put_all(builder, filled, ELSEWHERE)
        return
    values = known.likely() if known.exact or lens.generous else ()
    name = piece.name or piece.inner.of(env.text)
    raw = piece.span.of(env.text)
    at = piece.span if env.is_own(piece.span) else _place(piece.span, env)
    builder.hole(at, name, values=values or None, style=style, raw=raw)


def _given(piece: Piece, env: Env) -> Word | None:
    """Return the word that ``$1`` stands for inside a call of its function."""
    if env.positional is None or piece.operator or not piece.name.isdigit():
        return None
    index = int(piece.name) - 1
    return env.positional[index] if 0 <= index < len(env.positional) else None


def read_heredoc(
    host: Fragment, heredoc: Heredoc, env: Env, language: str, fill: Fill | None = None
) -> Fragment:
    """Return a heredoc's body as a fragment: verbatim, or with its variables as holes."""
    style = _heredoc_style(heredoc, env.text)
    builder = Builder(host.text, host, style)
    if heredoc.quoted:
        _lines(builder, heredoc.body, heredoc, env)
    for piece in heredoc.pieces:
        if piece.kind == "plain":
            _lines(builder, piece.span, heredoc, env)
        else:
            _add(builder, piece, _Lens(env, fill=fill), style)
    return builder.build(language)


def _lines(builder: Builder, span: Span, heredoc: Heredoc, env: Env) -> None:
    """Copy text; ``<<-`` loses the tabs that begin its lines."""
    if not heredoc.strip:
        _line(builder, span, env)
        return
    at = span.start
    while at < span.end:
        line_end = env.text.find("\n", at, span.end)
        end = span.end if line_end < 0 else line_end + 1
        first = at
        if at == heredoc.body.start or env.text[at - 1] == "\n":
            while first < end and env.text[first] == "\t":
                first += 1
        _line(builder, Span(first, end), env)
        at = end


def _line(builder: Builder, span: Span, env: Env) -> None:
    if env.is_own(span):
        builder.copy(span)
    else:
        builder.put(span.of(env.text), _place(span, env))


def _heredoc_style(heredoc: Heredoc, text: str) -> Style:
    delimiter = heredoc.end.of(text).strip("\t\n") or heredoc.redirect.target.span.of(text)
    indent = _indent(heredoc, text) if heredoc.strip else ""

    def encode(new: str) -> str:
        lines = new.split("\n")
        if delimiter in lines:
            raise UnwritableError(f"a line `{delimiter}` would end the heredoc")
        if not heredoc.quoted:
            lines = [_escape(line) for line in lines]
        return "\n".join(indent + line if line and at else line for at, line in enumerate(lines))

    return Style(f"heredoc {heredoc.body.start}", encode, keeps_words=True)


def _escape(line: str) -> str:
    return "".join("\\" + char if char in "$`\\" else char for char in line)


def _indent(heredoc: Heredoc, text: str) -> str:
    body = heredoc.body.of(text)
    return body[: len(body) - len(body.lstrip("\t"))]
