"""What a command prints, where that is known: the script that a pipe carries to nft."""

from __future__ import annotations

from collections.abc import Sequence

from nftlint.commands.words import Word
from nftlint.fragment import VERBATIM, Builder, Fragment
from nftlint.patterns import compiled
from nftlint.record import replace
from nftlint.shell.echo import echoed, formatted, is_posix
from nftlint.shell.frames import in_call
from nftlint.shell.lens import Fill, read_heredoc, read_word, read_words
from nftlint.shell.scene import Scene, Site
from nftlint.shell.tree import (
    AndOr,
    Body,
    Command,
    Function,
    Heredoc,
    Piece,
    Pipeline,
    Redirect,
    Simple,
)
from nftlint.shell.values import Env
from nftlint.shell.walk import walk
from nftlint.span import Span

_QUIET = compiled(r"-\w*[qcl]\w*\Z|--(?:quiet|silent|count)")
_RULES = compiled(r"\b(?:nft|rule|chain|table|flush|hook|element)\b|\bcat\b[^|;&\n]*<<")
_NAME = compiled(r"[A-Za-z_][\w-]*")
_SEVERAL = compiled(r"\s")
_PARAMETER = compiled(r"\$\{?[1-9@*]")
_FILTERS = frozenset({"sed", "grep", "egrep", "fgrep", "tr", "sort", "uniq", "envsubst", "head"})
PASSING = _FILTERS | {"cat", "tee", "sudo", "pv", "buffer", "sponge", "tail", "column"}
"""Programs that print what they read, all of it or most of it."""
MAX_COMMANDS = 60
"""So many functions and variables are looked into for what one variable holds."""
MAX_SEGMENTS = 400
"""A text that is put together from more is not looked into."""
MAX_TEXT = 8
"""Functions that print what functions print, and variables in variables, are followed so deep."""


def printed(command: Command, env: Env, scene: Scene, language: str) -> list[Fragment]:
    """Return what a command prints as one text; nothing where none of it is known."""
    if isinstance(command, Simple):
        return _simple(command, env, scene, language)
    pipeline = Pipeline(command.span, negated=False, commands=(command,))
    return printed_body(Body((AndOr(command.span, (pipeline,), ()),)), env, scene, language)


def printed_body(body: Body, env: Env, scene: Scene, language: str) -> list[Fragment]:
    """Return what commands print as one text: of branches all, of loops one turn."""
    inside = replace(scene, outer=(), behind=(), caveats=(), condition=False)
    texts: list[Fragment] = []
    for event in walk(body, env.copy(), inside):
        if isinstance(event, Site) and _comes_out(event, inside):
            texts += _simple(event.simple, event.env, event.scene, language)
    return _together(scene.host, texts, language)


def _together(host: Fragment, texts: list[Fragment], language: str) -> list[Fragment]:
    if len(texts) < 2:
        return texts
    builder = Builder(host.text, host, VERBATIM)
    for text in texts:
        builder.take(text)
    return [builder.build(language)]


def _comes_out(site: Site, around: Scene) -> bool:
    """Tell whether what a command prints leaves the commands around it."""
    scene = site.scene
    if scene.within != around.within or scene.function != around.function:
        return False
    if any(_takes_output(item) for item in (*site.simple.redirects, *scene.outer)):
        return False
    return all(passes_on(command, site.env.text) for command in scene.behind)


def _takes_output(redirect: Redirect) -> bool:
    return redirect.operator[0] in ">&" and redirect.fd in ("", "1")


def passes_on(command: Command, text: str) -> bool:
    """Tell whether a command of a pipeline prints what it reads."""
    if not isinstance(command, Simple) or not command.words:
        return False
    name, *rest = (word.span.of(text) for word in command.words)
    return name.rpartition("/")[2] in PASSING and not any(map(_QUIET.match, rest))


def _simple(command: Simple, env: Env, scene: Scene, language: str) -> list[Fragment]:
    if not command.words:
        return []
    words = list(read_words(scene.host, command.words, env, fill=filler(scene)))
    if words and words[0].text == "sudo":
        words = words[1:]
    name = words[0].text.rpartition("/")[2] if words else ""
    if name in env.functions:
        return _function(env.functions[name], words, env, scene, language)
    if name in PASSING and all(word.text.startswith(("-", "/dev/")) for word in words[1:]):
        return redirected(command.redirects, env, scene, language)
    if name in _FILTERS:
        return redirected(command.redirects, env, scene, language)
    if name == "echo":
        return [echoed(scene.host, words[1:], language, posix=is_posix(env.text))]
    if name == "printf" and len(words) > 1 and words[1].text != "-v":
        return [formatted(scene.host, words[1:], language)]
    return []


def _function(
    function: Function, words: list[Word], env: Env, scene: Scene, language: str
) -> list[Fragment]:
    """Return what a call of a function prints; what is made of the call's words stands there."""
    if env.depth >= MAX_TEXT or (env.fuel is not None and next(env.fuel, None) is None):
        return []
    inside = in_call(env, words)
    inside.depth = env.depth + 1
    inside.fuel = env.fuel if env.fuel is not None else iter(range(MAX_COMMANDS * 8))
    inside.functions = {name: it for name, it in env.functions.items() if it is not function}
    if not _PARAMETER.search(function.span.of(env.text)):
        inside.call = env.call
    below = replace(scene, function=function.name)
    return printed(function.body, inside, below, language)


def filler(scene: Scene) -> Fill:
    """Return the way to the texts that variables and ``$(…)`` of a scene stand for."""

    def fill(piece: Piece, env: Env) -> Fragment | None:
        if env.depth >= MAX_TEXT or (env.fuel is not None and next(env.fuel, None) is None):
            return None
        if piece.kind == "command" and piece.body is not None:
            if not _may_print_rules(piece.inner.of(env.text), env):
                return None
            texts = printed_body(piece.body, _deeper(env), scene, "text")
            return next((text for text in texts if _is_script(text)), None)
        if piece.kind != "parameter" or piece.operator:
            return None
        nodes = env.texts_of(piece.name)
        below = _earlier(env).used_at(piece.span, nodes) if nodes else env
        texts = [read_word(scene.host, node, below, fill=fill).fragment for node in nodes]
        return _each(scene.host, [text for text in texts if _is_script(text)])

    return fill


def _may_print_rules(text: str, env: Env) -> bool:
    """Tell whether commands, or the functions that they name, speak of rules at all."""
    if _RULES.search(text):
        return True
    named = (env.functions.get(name) for name in _NAME.findall(text))
    return any(_RULES.search(it.span.of(env.text)) for it in named if it is not None)


def _lies_in(text: Fragment, other: Fragment) -> bool:
    """Tell whether all of a text is a part of another, which has more."""
    here = {segment.outer for segment in text.segments}
    return here < {segment.outer for segment in other.segments}


def any_text(scene: Scene) -> Fill:
    """Return the way to what variables hold, be it of one word; the first of several."""

    def fill(piece: Piece, env: Env) -> Fragment | None:
        if env.depth >= MAX_TEXT or piece.kind != "parameter" or piece.operator:
            return None
        nodes = env.texts_of(piece.name)
        below = _deeper(env).used_at(piece.span, nodes)
        return read_word(scene.host, nodes[0], below, fill=fill).fragment if nodes else None

    return fill


def _is_script(text: Fragment) -> bool:
    """Tell whether a text is more than one word, and of few enough pieces to be looked into."""
    return len(text.segments) <= MAX_SEGMENTS and _SEVERAL.search(text.text.strip()) is not None


def _each(host: Fragment, texts: list[Fragment]) -> Fragment | None:
    """Return texts one under the other: a variable holds one of them."""
    texts = [text for text in texts if not any(_lies_in(text, other) for other in texts)]
    if len(texts) < 2:
        return texts[0] if texts else None
    builder = Builder(host.text, host, VERBATIM)
    for text in texts:
        end = text.segments[-1].outer.end
        builder.take(text)
        builder.put("\n", Span(end, end))
    return builder.build("text")


def _deeper(env: Env) -> Env:
    below = env.copy()
    below.depth += 1
    below.fuel = env.fuel if env.fuel is not None else iter(range(MAX_COMMANDS))
    return below


def _earlier(env: Env) -> Env:
    """Return an environment for what was put together before: variables may have changed since."""
    below = _deeper(env)
    below.earlier = True
    return below


def redirected(
    redirects: Sequence[Redirect], env: Env, scene: Scene, language: str
) -> list[Fragment]:
    """Return the text that standard input is redirected from; the last redirect counts."""
    for redirect in reversed(redirects):
        if redirect.fd not in ("", "0"):
            continue
        if redirect.operator == "<<<":
            word = read_word(scene.host, redirect.target, env, fill=filler(scene))
            return [word.as_language(language)]
        heredoc = scene.script.heredocs.get(redirect.span.start)
        if heredoc is not None:
            return [read_heredoc(scene.host, heredoc, env, language, filler(scene))]
        if redirect.operator == "<":
            body = process_of(redirect)
            return printed_body(body, env, scene, language) if body is not None else []
    return []


def process_of(redirect: Redirect) -> Body | None:
    """Return the commands of ``< <(…)``."""
    pieces = redirect.target.pieces
    return pieces[0].body if len(pieces) == 1 and pieces[0].kind == "process" else None


def heredoc_of(redirects: Sequence[Redirect], scene: Scene) -> Heredoc | None:
    """Return the heredoc among the redirects, if it is what standard input comes from."""
    inputs = [item for item in redirects if item.operator[0] == "<" and item.fd in ("", "0")]
    return scene.script.heredocs.get(inputs[-1].span.start) if inputs else None
