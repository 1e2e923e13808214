"""What a command prints, where that is known: the script that a pipe carries to nft."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nftlint.commands.words import Word
from nftlint.fragment import Builder, Fragment, Segment, to_parent
from nftlint.shell.ansi import escapes
from nftlint.shell.lens import BARE, SINGLE, read_heredoc, read_word, read_words
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
            word = read_word(scene.host, redirect.target, env)
            return [word.as_language(language)]
        heredoc = scene.script.heredocs.get(redirect.span.start)
        if heredoc is not None:
            return [read_heredoc(scene.host, heredoc, env, language)]
        if redirect.operator == "<":
            pieces = redirect.target.pieces
            if len(pieces) == 1 and pieces[0].kind == "process" and pieces[0].body is not None:
                return printed_body(pieces[0].body, env, scene, language)
            return []
    return []


def heredoc_of(redirects: Sequence[Redirect], scene: Scene) -> Heredoc | None:
    """Return the heredoc among the redirects, if it is what standard input comes from."""
    inputs = [item for item in redirects if item.operator[0] == "<" and item.fd in ("", "0")]
    return scene.script.heredocs.get(inputs[-1].span.start) if inputs else None


def _echo(host: Fragment, words: Sequence[Word], language: str, *, posix: bool) -> Fragment:
    expands = posix  # dash and busybox undo escapes without -e
    while words and re.fullmatch(r"-[neE]+", words[0].text):
        expands = expands or "e" in words[0].text
        words = words[1:]
    builder = Builder(host.text, host, BARE)
    end: int | None = None
    for word in words:
        if end is not None:
            builder.put(" ", Span(end, max(end, word.span.start)))
        for part in _unescaped(word.fragment) if expands else ():
            _put(builder, part)
        if not expands:
            builder.take(word.fragment)
        end = word.span.end
    return builder.build(language)


def _printf(host: Fragment, words: Sequence[Word], language: str) -> Fragment:
    """Return the format, used again until every argument has been printed."""
    builder = Builder(host.text, host, SINGLE)
    arguments = list(words[1:])
    if words[0].text == "--":
        return _printf(host, words[1:], language)
    while True:
        before = len(arguments)
        for part in _unescaped(words[0].fragment):
            _format(builder, part, arguments)
        if not arguments or len(arguments) == before:
            return builder.build(language)


Part = tuple[str, Segment, Fragment]


def _put(builder: Builder, part: Part) -> None:
    """Add a stretch of a word: a copy of the host's text, an escape, or a hole."""
    text, segment, fragment = part
    if text in fragment.holes:
        hole = fragment.holes[text]
        builder.hole(segment.outer, hole.name, values=hole.values, style=segment.style)
    elif segment.verbatim:
        builder.copy(segment.outer, segment.style)
    else:
        builder.put(text, segment.outer, segment.style)


def _unescaped(fragment: Fragment) -> Iterator[Part]:
    r"""Yield the stretches of a word with ``\n`` and the like undone."""
    found = [*escapes(fragment.text), (Span(len(fragment.text), len(fragment.text)), "")]
    at = 0
    for span, meaning in found:
        yield from _stretches(fragment, Span(at, span.start))
        if meaning:
            outer = to_parent(fragment, span)
            style = fragment.segments[0].style
            yield meaning, Segment(span, outer, style, verbatim=False), fragment
        at = span.end


def _stretches(fragment: Fragment, span: Span) -> Iterator[Part]:
    for segment in fragment.segments:
        inner = Span(max(segment.inner.start, span.start), min(segment.inner.end, span.end))
        if inner.start < inner.end:
            outer = to_parent(fragment, inner)
            part = Segment(inner, outer, segment.style, segment.verbatim)
            yield inner.of(fragment.text), part, fragment


def _format(builder: Builder, part: Part, arguments: list[Word]) -> None:
    text, segment, _ = part
    at = 0
    for match in _DIRECTIVE.finditer(text) if segment.verbatim else ():
        _slice(builder, part, at, match.start())
        outer = segment.outer
        if match[0] == "%%":
            place = Span(outer.start + match.start(), outer.start + match.end())
            builder.put("%", place, segment.style)
        elif arguments:
            builder.take(arguments.pop(0).fragment)
        at = match.end()
    if at == 0:
        _put(builder, part)
    else:
        _slice(builder, part, at, len(text))


def _slice(builder: Builder, part: Part, start: int, end: int) -> None:
    _, segment, _ = part
    if start < end:
        outer = Span(segment.outer.start + start, segment.outer.start + end)
        builder.copy(outer, segment.style)
