"""What a command prints, where that is known: the script that a pipe carries to nft."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nftlint.commands.words import Word
from nftlint.fragment import Builder, Fragment
from nftlint.shell.behind import assigned_to
from nftlint.shell.lens import BARE, SINGLE, read_heredoc, read_word, read_words
from nftlint.shell.stretches import Stretch, put, unescaped
from nftlint.shell.tree import Body, Command, Group, Heredoc, Redirect, Simple
from nftlint.shell.values import Env
from nftlint.shell.walk import Scene
from nftlint.span import Span

PASSING = frozenset({"cat", "tee", "sudo", "pv", "buffer", "sponge"})
_POSIX = re.compile(r"#! ?/bin/(?:da|a)?sh\b")
_DIRECTIVE = re.compile(r"%(?:%|[-0-9.]*[sdiub])")


def printed(command: Command, env: Env, scene: Scene, language: str) -> list[Fragment]:
    """Return the texts that a command prints, in order; empty where they are not known."""
    if isinstance(command, Group):
        return printed_body(command.body, env, scene, language)
    if not isinstance(command, Simple) or not command.words:
        return []
    words = list(read_words(scene.host, command.words, env))
    name = words[0].text.rpartition("/")[2]
    if name == "sudo":
        words, name = words[1:], words[1].text if len(words) > 1 else ""
    if (name == "cat" and len(words) == 1) or [word.text for word in words[1:]] == ["-"]:
        return redirected(command.redirects, env, scene, language)
    if name == "echo":
        return [_echo(scene.host, words[1:], language, posix=_POSIX.match(env.text) is not None)]
    if name == "printf" and len(words) > 1:
        return [_printf(scene.host, words[1:], language)]
    return []


def printed_body(body: Body, env: Env, scene: Scene, language: str) -> list[Fragment]:
    """Return what commands one after the other print, where all of it is known."""
    found: list[Fragment] = []
    for item in body.items:
        for pipeline in item.pipelines:
            texts = printed(pipeline.commands[-1], env, scene, language)
            if len(pipeline.commands) != 1 or not texts:
                return []
            found += texts
    return found


def redirected(
    redirects: Sequence[Redirect], env: Env, scene: Scene, language: str
) -> list[Fragment]:
    """Return the text that standard input is redirected from; the last redirect counts."""
    for redirect in reversed(redirects):
        if redirect.fd not in ("", "0"):
            continue
        if redirect.operator == "<<<":
            return _here_string(redirect, env, scene, language)
        heredoc = scene.script.heredocs.get(redirect.span.start)
        if heredoc is not None:
            return [read_heredoc(scene.host, heredoc, env, language)]
        if redirect.operator == "<":
            pieces = redirect.target.pieces
            if len(pieces) == 1 and pieces[0].kind == "process" and pieces[0].body is not None:
                return printed_body(pieces[0].body, env, scene, language)
            return []
    return []


def _here_string(redirect: Redirect, env: Env, scene: Scene, language: str) -> list[Fragment]:
    text = assigned_to(redirect.target, env)
    if text is None:
        return [read_word(scene.host, redirect.target, env).as_language(language)]
    pieces = text.pieces[0].pieces if text.pieces[:1] and text.pieces[0].pieces else text.pieces
    if len(pieces) == 1 and pieces[0].kind == "command" and pieces[0].body is not None:
        return printed_body(pieces[0].body, env, scene, language)
    return [read_word(scene.host, text, env).as_language(language)]


def heredoc_of(redirects: Sequence[Redirect], scene: Scene) -> Heredoc | None:
    """Return the heredoc among the redirects, if it is what standard input comes from."""
    inputs = [item for item in redirects if item.operator[0] == "<" and item.fd in ("", "0")]
    return scene.script.heredocs.get(inputs[-1].span.start) if inputs else None


def _echo(host: Fragment, words: Sequence[Word], language: str, *, posix: bool) -> Fragment:
    expands = posix  # dash and busybox undo escapes without -e
    newline = True
    while words and re.fullmatch(r"-[neE]+", words[0].text):
        expands = expands or "e" in words[0].text
        newline = newline and "n" not in words[0].text
        words = words[1:]
    builder = Builder(host.text, host, BARE)
    end: int | None = None
    for word in words:
        if end is not None:
            builder.put(" ", Span(end, max(end, word.span.start)))
        for stretch in unescaped(word.fragment) if expands else ():
            put(builder, stretch)
        if not expands:
            builder.take(word.fragment)
        end = word.span.end
    if newline and end is not None:
        builder.put("\n", Span(end, end))
    return builder.build(language)


def _printf(host: Fragment, words: Sequence[Word], language: str) -> Fragment:
    """Return the format, used again until every argument has been printed."""
    builder = Builder(host.text, host, SINGLE)
    arguments = list(words[1:])
    if words[0].text == "--":
        return _printf(host, words[1:], language)
    while True:
        before = len(arguments)
        for stretch in unescaped(words[0].fragment):
            _format(builder, stretch, arguments)
        if not arguments or len(arguments) == before:
            return builder.build(language)


def _format(builder: Builder, stretch: Stretch, arguments: list[Word]) -> None:
    if not stretch.segment.verbatim:
        put(builder, stretch)
        return
    at = 0
    for match in _DIRECTIVE.finditer(stretch.text):
        put(builder, stretch.part(at, match.start()))
        if match[0] == "%%":
            place = stretch.part(*match.span()).segment
            builder.put("%", place.outer, place.style)
        elif arguments:
            builder.take(arguments.pop(0).fragment)
        at = match.end()
    put(builder, stretch.part(at, len(stretch.text)))
