"""A script's commands in order, each with what is known where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from nftlint.patterns import compiled
from nftlint.record import replace
from nftlint.shell.effects import assign, bind_loop, changes, doubt
from nftlint.shell.known import known_word
from nftlint.shell.nodes import nodes
from nftlint.shell.scene import CAPTURED, Event, Inner, Scene, Site
from nftlint.shell.tree import (
    AndOr,
    Body,
    Case,
    Command,
    For,
    Function,
    Group,
    If,
    Piece,
    Pipeline,
    Redirect,
    Simple,
    Test,
    While,
    Word,
)
from nftlint.shell.values import UNKNOWN, Env

_GUARD = compiled(r"(?:nft|\$\{?\w*NFT\w*\}?)\"?\s[^|;&\n]*\blist\b", re.IGNORECASE)
GUARDED = (
    "A guard looks for the rule in what `nft list` prints, and iptables' rule is printed otherwise."
)


def walk(body: Body, env: Env, scene: Scene) -> Iterator[Event]:
    """Yield what stands in ``body``, in order; ``env`` changes as its commands say."""
    for item in body.items:
        yield from _and_or(item, env, scene)


def _and_or(item: AndOr, env: Env, scene: Scene) -> Iterator[Event]:
    here = scene
    for index, pipeline in enumerate(item.pipelines):
        if here is scene and index and _guards(item.pipelines[index - 1 : index], scene):
            here = replace(scene, caveats=(*scene.caveats, GUARDED))
        apart = (index or item.background) and not _is_still(pipeline.commands, env)
        branch = env.copy() if apart else env
        yield from _pipeline((item, index), branch, here)
        if apart and not item.background:
            env.join(branch)


def _is_still(commands: object, env: Env) -> bool:
    """Tell whether commands change no variable: then they need no environment of their own."""
    return not any(
        isinstance(node, For) or (isinstance(node, Simple) and changes(node, env.text))
        for node in nodes(commands)
    )


def _guards(pipelines: tuple[Pipeline, ...], scene: Scene) -> bool:
    text = scene.script.text
    return any(_GUARD.search(pipeline.span.of(text)) for pipeline in pipelines)


def _pipeline(at: tuple[AndOr, int], env: Env, scene: Scene) -> Iterator[Event]:
    item, index = at
    pipeline = item.pipelines[index]
    for position, command in enumerate(pipeline.commands):
        here = scene.at(item, index, pipeline, position)
        apart = len(pipeline.commands) > 1 and not _is_still(command, env)
        branch = env.copy() if apart else env
        yield from _command(command, branch, here)


def _command(command: Command, env: Env, scene: Scene) -> Iterator[Event]:
    if isinstance(command, Simple):
        yield from _in_words((*command.assignments, *command.words), env, scene)
        yield from _in_redirects(command.redirects, env, scene)
        yield Site(command, env, scene)
        assign(command, env)
        yield from _read_in(command, env, scene)
    elif isinstance(command, Function):
        yield from _function(command, env, scene)
    else:
        inside = replace(scene, outer=(*command.redirects, *scene.outer), condition=False)
        yield from _compound(command, env, inside)
        yield from _in_redirects(command.redirects, env, scene)


def _read_in(command: Simple, env: Env, scene: Scene) -> Iterator[Event]:
    """Go through the files that a command reads in, which stand where it does."""
    library = scene.script.library
    if library is None or not command.words:
        return
    for file in library.read_by(command, env.text):
        if file.uri in scene.read_in or next(library.fuel, None) is None:
            continue
        before = env.call, env.given
        env.call = env.call or command.words[0].span.cover(command.words[-1].span)
        env.given = library.given[file.uri]
        yield from walk(file.body, env, replace(scene, read_in=(*scene.read_in, file.uri)))
        env.call, env.given = before
        doubt(env)  # it may be another file where the script runs


def _function(function: Function, env: Env, scene: Scene) -> Iterator[Event]:
    """Read a function where it is defined: when it is called, variables can have any value."""
    env.functions[function.name] = function
    if not env.is_own(function.span):
        return  # it is read with its own file
    inside = replace(env.without_scalars(), positional=None, inside=True)
    yield from _command(function.body, inside, replace(scene, function=function.name, outer=()))


def _compound(
    command: Group | If | While | For | Case | Test, env: Env, scene: Scene
) -> Iterator[Event]:
    match command:
        case Group(mark=mark, body=body):
            own = mark != "{" and not _is_still(body, env)
            yield from walk(body, env.copy() if own else env, scene)
        case If():
            yield from _if(command, env, scene)
        case While():
            yield from _while(command, env, scene)
        case For():
            yield from _in_words(command.words or (), env, scene)
            _loop(env, command.body)
            bind_loop(command, env)
            yield from walk(command.body, env, scene)
        case Case(word=word, arms=arms):
            yield from _in_words((word,), env, scene)
            yield from _branches(list(_arms_in_question(word, arms, env)), env, scene)
        case Test(words=words):
            yield from _in_words(words, env, scene)


def _while(command: While, env: Env, scene: Scene) -> Iterator[Event]:
    from nftlint.shell.rows import (
        enter,
        leave,
        rows_of,
    )  # which may go through what a command prints

    _loop(env, command.condition, command.body)
    yield from walk(command.condition, env, replace(scene, condition=True))
    rows = rows_of(command, env, scene)
    before = env.rows
    enter(rows, env)
    yield from walk(command.body, env, _guarded(command.condition, scene))
    leave(rows, before, env)


def _if(command: If, env: Env, scene: Scene) -> Iterator[Event]:
    ends: list[Env] = []
    inside = scene
    still = _is_still(command, env)
    for condition, body in command.branches:
        yield from walk(condition, env, replace(inside, condition=True))
        inside = _guarded(condition, inside)
        branch = env if still else env.copy()
        yield from walk(body, branch, inside)
        ends.append(branch)
    last = env if still else env.copy()
    if command.last is not None:
        yield from walk(command.last, last, inside)
    if not still:
        _merge(env, [*ends, last])


def _guarded(condition: Body, scene: Scene) -> Scene:
    if any(_guards(item.pipelines, scene) for item in condition.items):
        return replace(scene, caveats=(*scene.caveats, GUARDED))
    return scene


def _branches(bodies: list[Body], env: Env, scene: Scene) -> Iterator[Event]:
    if _is_still(tuple(bodies), env):
        for body in bodies:
            yield from walk(body, env, scene)
        return
    ends = [env.copy()]
    for body in bodies:
        branch = env.copy()
        yield from walk(body, branch, scene)
        ends.append(branch)
    _merge(env, ends)


def _arms_in_question(
    word: Word, arms: tuple[tuple[tuple[Word, ...], Body], ...], env: Env
) -> Iterator[Body]:
    """Yield the arms that can be taken: in a call whose words are known, often a single one."""
    known = known_word(word, env) if env.positional is not None else UNKNOWN
    value = known.values[0] if known.exact and len(known.values) == 1 else None
    for patterns, body in arms:
        fits = [None if value is None else _fits(value, item, env.text) for item in patterns]
        if any(fit is not False for fit in fits):
            yield body
        if True in fits:
            return


def _fits(value: str, pattern: Word, text: str) -> bool | None:
    """Tell whether a pattern fits; ``None`` where it holds quotes or variables."""
    return None if pattern.pieces else fnmatchcase(value, pattern.span.of(text))


def _merge(env: Env, ends: list[Env]) -> None:
    first, *others = ends
    merged = first.copy()
    merged.join(*others)
    for name in merged.scalars:  # set on one way only: it can hold something else as well
        if not all(name in end.scalars for end in ends):
            merged.scalars[name] = replace(merged.scalars[name], exact=False)
    env.scalars, env.arrays, env.texts = merged.scalars, merged.arrays, merged.texts


def _loop(env: Env, *bodies: Body) -> None:
    """Let variables have, from the start, what the loop assigns to them."""
    if _is_still(bodies, env):
        return
    after = env.copy()
    for body in bodies:
        for node in nodes(body):
            if isinstance(node, Simple) and changes(node, env.text):
                branch = after.copy()
                assign(node, branch)
                after.join(branch)
            elif isinstance(node, For):
                bind_loop(node, after)
    env.join(after)


def _in_redirects(redirects: tuple[Redirect, ...], env: Env, scene: Scene) -> Iterator[Event]:
    for redirect in redirects:
        yield from _in_words((redirect.target,), env, scene)
        heredoc = scene.script.heredocs.get(redirect.span.start)
        if heredoc is not None:
            yield from _in_pieces(heredoc.pieces, env, scene, in_double=True)


def _in_words(words: tuple[Word, ...], env: Env, scene: Scene) -> Iterator[Event]:
    for word in words:
        if word.pieces:
            yield from _in_pieces(word.pieces, env, scene, in_double=False)


def _in_pieces(
    pieces: tuple[Piece, ...], env: Env, scene: Scene, *, in_double: bool
) -> Iterator[Event]:
    """Yield the commands inside words: ``$(…)``, ``<(…)``, backticks."""
    for piece in pieces:
        if piece.body is not None:
            caveats = (*scene.caveats, CAPTURED) if piece.kind == "command" else scene.caveats
            inside = replace(
                scene,
                caveats=caveats,
                outer=(),
                condition=False,
                behind=(),
                within=scene.within + 1,
            )
            own = env if _is_still(piece.body, env) else env.copy()
            yield from walk(piece.body, own, inside)
        elif piece.kind == "backtick":
            yield Inner(piece, env, in_double)
        elif piece.kind == "array":
            yield from _in_words(piece.words, env, scene)
        elif piece.pieces:
            double = in_double or piece.kind == "double"
            yield from _in_pieces(piece.pieces, env, scene, in_double=double)
