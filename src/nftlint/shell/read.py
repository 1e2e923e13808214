"""A shell script to what it does with nft, at any depth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nftlint.commands.leaf import Leaf
from nftlint.commands.programs import PROGRAMS
from nftlint.commands.read import leaves, read_leaf, reads_stdin_script
from nftlint.commands.words import CommandLine, Word, literal
from nftlint.commands.wrappers import SILENT
from nftlint.found import Directive, Found, NftCall, Problem
from nftlint.fragment import Builder, Fragment, Style
from nftlint.patterns import compiled
from nftlint.record import dataclass, replace
from nftlint.shell.alternatives import alternatives
from nftlint.shell.anywhere import called
from nftlint.shell.asking import Asking, asking
from nftlint.shell.behind import PUT_TOGETHER, is_put_together, ways, words_of
from nftlint.shell.callbacks import called_back
from nftlint.shell.frames import Frame, is_derived, is_fed, needs_call, reads_input
from nftlint.shell.later import COPIES, WRITING, Later, written_by_function, written_files
from nftlint.shell.library import with_library
from nftlint.shell.line import line_of
from nftlint.shell.parse import parse
from nftlint.shell.repeats import Repeats
from nftlint.shell.scene import CAPTURED, NOWHERE, Inner, Scene, Site
from nftlint.shell.sourcing import is_sourcing, sources
from nftlint.shell.start import environment
from nftlint.shell.stdin import process_file, read_stdin
from nftlint.shell.through import through, with_files
from nftlint.shell.tree import AndOr, Body, Function, Pipeline, Script
from nftlint.shell.values import Env
from nftlint.shell.walk import walk
from nftlint.span import Span

MAX_CALLS = 8
"""Functions that call functions are followed so deep."""
QUIET = SILENT - PROGRAMS - COPIES - {"find", "tee"}
_DIRECTIVE = compiled(r"#+\s*nftlint:\s*(.*)")
_CALLS = compiled(r"nft", re.IGNORECASE)
MAX_EXPANSIONS = 1000
"""So many calls of functions are looked into in one script."""
_ESCAPED = compiled(r"\\([\\`$])")
_ESCAPED_IN_DOUBLE = compiled(r"\\([\\`$\"])")
_BACKTICK = Style("backtick", lambda text: text.replace("\\", "\\\\").replace("`", "\\`"))


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is known of the whole script while its commands are read."""

    host: Fragment
    called: frozenset[str]
    later: Later
    asking: Asking
    library: bool
    budget: Iterator[int]
    repeats: Repeats


def read(fragment: Fragment) -> Iterator[Found]:
    """Yield what is found in a shell script."""
    script = with_library(parse(fragment.text), fragment.context.sourced)
    for span in script.comments:
        if match := _DIRECTIVE.match(span.of(fragment.text)):
            yield Directive(fragment, span, match[1].strip())
    for mistake in script.mistakes:
        line = fragment.text.rfind("\n", 0, mistake.span.start) + 1
        if _CALLS.search(fragment.text, line, mistake.span.end):
            yield Problem(fragment, mistake.span, f"not read as shell: {mistake.message}")
    env = environment(fragment, script)
    scene = Scene(fragment, script, NOWHERE)
    reading = _reading(fragment, script, env)
    for event in walk(script.body, env, scene):
        yield from _event(event, reading, None)
    yield from reading.later.put_together()


def _reading(fragment: Fragment, script: Script, env: Env) -> _Reading:
    firsts = [item.pipelines[0].commands[:1] for item in script.body.items]
    library = all(isinstance(first[0], Function) for first in firsts if first)
    later = Later(script)
    expansions = iter(range(MAX_EXPANSIONS))
    names = called(script) if env.functions else frozenset()
    if fragment.context.sourced is not None:
        names |= fragment.context.sourced.called_by_users
    asked = asking(env.functions, script)
    repeats = Repeats(env.functions, script.text)
    return _Reading(fragment, names, later, asked, library, expansions, repeats)


def _event(event: Site | Inner, reading: _Reading, frame: Frame | None) -> Iterator[Found]:
    if isinstance(event, Site):
        yield from _site(event, reading, frame)
    elif frame is None and event.env.is_own(event.piece.span):
        yield _backticks(event, reading.host)


def _backticks(inner: Inner, host: Fragment) -> Fragment:
    """Return what stands in backticks as a script: a backslash there escapes some characters."""
    span = inner.piece.inner
    builder = Builder(host.text, host, _BACKTICK)
    at = span.start
    escape = _ESCAPED_IN_DOUBLE if inner.in_double else _ESCAPED
    for match in escape.finditer(host.text, span.start, span.end):
        builder.copy(Span(at, match.start()))
        builder.put(match[1], Span(*match.span()))
        at = match.end()
    builder.copy(Span(at, span.end))
    context = replace(host.context, caveats=(*host.context.caveats, CAPTURED))
    return builder.build("shell", label="in backticks", context=context)


def _site(site: Site, reading: _Reading, frame: Frame | None) -> Iterator[Found]:
    if not site.simple.words or (frame is not None and not _matters_in_call(site)):
        return
    if _is_quiet(site) or (frame is None and _is_of_another(site) and not is_derived(site)):
        return  # a file that is read in is read by itself as well
    for way in ways(site):
        for chosen, fixed in alternatives(way.simple, way.env):
            here = replace(way, env=replace(way.env, chosen=chosen)) if chosen else way
            yield from _read_as(here, fixed, reading, frame)


def _is_of_another(site: Site) -> bool:
    """Tell whether a command stands in another file, which is read in."""
    return not site.env.is_own(site.simple.span)


def _is_quiet(site: Site) -> bool:
    """Tell by its first word alone that a command runs nothing and writes no file."""
    first, env = site.simple.words[0], site.env
    name = first.span.of(env.text)
    if first.pieces or name not in QUIET or name in env.functions or name in env.aliases:
        return False
    return name not in WRITING or not (site.simple.redirects or site.scene.outer)


def _read_as(site: Site, fixed: str, reading: _Reading, frame: Frame | None) -> Iterator[Found]:
    words = _words(site, reading)
    if not words:
        return
    if not fixed and frame is None and is_put_together(words):
        fixed = PUT_TOGETHER
    call = words if words[0].text in site.env.functions else called_back(site.scene.host, words)
    function = site.env.functions.get(call[0].text) if call else None
    if function is not None:
        found = list(_function_call(site, Frame(site, call, function, frame), reading))
        yield from found
        if not _is_of_another(site):
            yield from written_by_function(site, reading.later)
        if found or frame is not None or not _may_run(words, reading):
            return
    yield from _command(site, line_of(site, words, fixed, frame), reading, frame)


def _may_run(words: tuple[Word, ...], reading: _Reading) -> bool:
    """Tell whether a function that could not be seen through may run ``nft``, its first word."""
    return words[0].text in reading.asking.runs and words[0].text != "nft"


def _matters_in_call(site: Site) -> bool:
    """Tell whether a function's command can be another one for each call."""
    first = site.simple.words[0].span.of(site.env.text)
    if first in SILENT and first not in WRITING:
        return False
    return is_derived(site) or (reads_input(site) and not is_fed(site))


def _words(site: Site, reading: _Reading) -> tuple[Word, ...]:
    """Return the command's words; an alias stands for the words that it is short for."""
    words = words_of(site, reading.asking)
    value = site.env.aliases.get(words[0].text) if words else None
    if value is None:
        return words
    first = words[0].span
    return (*(literal(site.scene.host, text, first) for text in value.split()), *words[1:])


def _command(
    site: Site, line: CommandLine, reading: _Reading, frame: Frame | None
) -> Iterator[Found]:
    """Yield what one command does; inside a function, only what its call does not say better."""
    name = site.scene.function
    read_in = frame is None and _is_of_another(site)
    called_here = bool(name) and (name in reading.called or not reading.library)
    asks = (read_in or (called_here and name in reading.asking)) and needs_call(site)
    # what a function writes is read without a call where no call is in sight
    derived = frame is not None or (name in reading.called and is_derived(site))
    for leaf in leaves(line):
        if (frame is not None) == derived and not read_in:
            yield from written_files(site, leaf, reading.later)
        for item in _leaf(site, line, leaf):
            if frame is not None or read_in:
                if asks and isinstance(item, NftCall | Fragment):
                    yield through(item, site, frame)
            elif not (asks and isinstance(item, NftCall)):
                yield with_files(item, site)


def _leaf(site: Site, line: CommandLine, leaf: Leaf) -> Iterator[Found]:
    language = reads_stdin_script(leaf)
    if language:
        yield from read_stdin(site, line, leaf, language)
        return
    if is_sourcing(leaf, site.env.text):
        yield from sources(line, leaf)
        return
    calls = list(process_file(site, line, leaf))
    yield from calls or read_leaf(line, leaf)


def _function_call(site: Site, frame: Frame, reading: _Reading) -> Iterator[Found]:
    function = frame.function
    above = frame.parent
    if above is not None and (above.calls(function.name) or above.depth() >= MAX_CALLS):
        return
    if not reading.asking.looks(function.name, frame.words, fed=is_fed(site)):
        return
    waits = is_derived(site) and site.scene.function in reading.called
    if waits != (above is not None):
        return  # one made of a parameter is looked into where the function around it is called
    key = reading.repeats.key(frame)
    if key in reading.repeats.nothing or next(reading.budget, None) is None:
        return
    found = list(_in_function(frame, reading))
    yield from found
    if not found:
        reading.repeats.nothing.add(key)


def _in_function(frame: Frame, reading: _Reading) -> Iterator[Found]:
    site, function = frame.site, frame.function
    scene = replace(site.scene, function=function.name, outer=(), pipeline=None, caller=site)
    body = Body((AndOr(function.body.span, (_pipeline(function),), ()),))
    for event in walk(body, frame.env(), scene):
        yield from _event(event, reading, frame)


def _pipeline(function: Function) -> Pipeline:
    return Pipeline(function.body.span, negated=False, commands=(function.body,))
