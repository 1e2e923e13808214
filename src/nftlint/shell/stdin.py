"""Scripts that a program reads from its standard input, and how to write such a call anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nftlint.commands.leaf import Leaf
from nftlint.commands.quote import hole_styles
from nftlint.commands.read import run_by, runs_nft, with_stdin
from nftlint.commands.words import CommandLine
from nftlint.edits import Edit
from nftlint.found import Found, Kept, NftCall, Part, Place, Reference, Rewrite
from nftlint.fragment import Fragment, Refusal
from nftlint.record import dataclass, replace
from nftlint.shell.around import around, spelled
from nftlint.shell.lens import ELSEWHERE, read_word
from nftlint.shell.producers import heredoc_of, passes_on, printed, process_of, redirected
from nftlint.shell.restore import has_comment, move_out, restore
from nftlint.shell.scene import Site
from nftlint.shell.tree import Heredoc, Pipeline, Redirect, Simple
from nftlint.shell.write import command_text, joined, refuse_effects
from nftlint.span import Span

_TABLE = "/var/spool/cron/crontabs"


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the script comes from: ``start`` is its producer's place in the pipeline, or -1."""

    texts: tuple[Fragment, ...]
    start: int
    heredoc: Heredoc | None = None
    redirect: Redirect | None = None


def read_stdin(site: Site, line: CommandLine, leaf: Leaf, language: str) -> Iterator[Found]:
    """Yield the call, or the shell scripts, that come through a pipe or a redirect."""
    source = _source(site, language)
    if source is None:
        if not leaf.elsewhere:
            yield from _file(site, language)
        return
    for text in source.texts:
        if language != "nft":
            path = _TABLE if language == "cron" else text.path
            yield run_by(line, leaf, replace(text, path=path))
        elif text.text.strip():
            yield _call(site, line, leaf, source, text)


def _call(site: Site, line: CommandLine, leaf: Leaf, source: _Source, text: Fragment) -> NftCall:
    words = leaf.words[leaf.at : leaf.end]
    span = words[0].span.cover(words[-1].span)
    return with_stdin(line, leaf, text, _rewrite(site, leaf, source, text), span)


def _source(site: Site, language: str) -> _Source | None:
    scene, env = site.scene, site.env
    own = [
        item for item in site.simple.redirects if item.operator[0] == "<" and item.fd in ("", "0")
    ]
    if own:
        texts = redirected(own, env, scene, language)
        heredoc = heredoc_of(own, scene)
        return _Source(tuple(texts), -1, heredoc, own[-1]) if texts else None
    if scene.position and scene.pipeline is not None:
        return _piped(site, scene.pipeline, language)
    texts = redirected(scene.outer, env, scene, language)
    if texts or scene.caller is None:
        return _Source(tuple(texts), -1, redirect=scene.outer[-1]) if texts else None
    return _source(scene.caller, language)


def _piped(site: Site, pipeline: Pipeline, language: str) -> _Source | None:
    at = site.scene.position - 1
    texts = printed(pipeline.commands[at], site.env, site.scene, language)
    while at > 0 and not texts and passes_on(pipeline.commands[at], site.env.text):
        at -= 1
        texts = printed(pipeline.commands[at], site.env, site.scene, language)
    command = pipeline.commands[at]
    heredoc = heredoc_of(command.redirects, site.scene) if isinstance(command, Simple) else None
    return _Source(tuple(texts), at, heredoc) if texts else None


def _file(site: Site, language: str) -> Iterator[Reference]:
    """Yield the file that standard input is redirected from, or that ``cat`` prints."""
    scene, env = site.scene, site.env
    targets = [item.target for item in site.simple.redirects if item.operator == "<"]
    if not targets and scene.position and scene.pipeline is not None:
        before = scene.pipeline.commands[scene.position - 1]
        if isinstance(before, Simple) and before.words:
            name = before.words[0].span.of(env.text)
            targets = list(before.words[1:]) if name == "cat" else []
    for target in targets:
        word = read_word(scene.host, target, env)
        base = "host" if word.text.startswith("/") else "file"
        verb = "loads" if language == "nft" else "runs"
        place = Place(scene.host, word.span, f"{verb} this file")
        yield Reference(place, verb, word.text, base, language)


def _rewrite(site: Site, leaf: Leaf, source: _Source, text: Fragment) -> Rewrite:
    def rewrite(parts: Sequence[Part]) -> tuple[Edit, ...] | Refusal:
        if leaf.fixed:
            return Refusal(leaf.fixed)
        if len(source.texts) != 1 or site.env.call is not None:
            return Refusal("the script that nft reads is put together from several texts")
        if not _stands_here(text, site, source):
            return Refusal("the script is put together elsewhere")
        if refused := _disagreement(site, source) or refuse_effects(parts, hole_styles(text)):
            return refused
        if any(isinstance(part, Kept) for part in parts):
            if source.heredoc is None:
                return Refusal("only some statements of the script can be moved to iptables")
            return move_out(site, leaf, source.heredoc, text, parts)
        several = len(parts) > 1 or source.start >= 0 or has_comment(text.text)
        if source.heredoc is not None and several:
            restored = restore(site, leaf, text, parts)
            if not isinstance(restored, Refusal) or source.start >= 0:
                return restored
        return _commands(site, leaf, source, text, parts)

    return rewrite


def _stands_here(text: Fragment, site: Site, source: _Source) -> bool:
    """Tell whether the script stands in the words or the heredoc of the pipeline itself."""
    redirect, pipeline = source.redirect, site.scene.pipeline
    if redirect is not None and (
        redirect not in site.simple.redirects or process_of(redirect) is not None
    ):
        return False
    spans = [site.simple.span if pipeline is None else pipeline.span]
    if source.heredoc is not None:
        spans.append(source.heredoc.body)
    return all(
        item.style is not ELSEWHERE and any(span.contains(item.outer) for span in spans)
        for item in text.segments
    )


def _disagreement(site: Site, source: _Source) -> Refusal | None:
    from nftlint.shell.witness import disagreement  # tree-sitter is loaded for rewrites alone

    scene = site.scene
    pipeline = scene.pipeline.commands if scene.pipeline is not None else ()
    piped = pipeline[source.start : scene.position] if source.start >= 0 else ()
    before = [command for command in piped if isinstance(command, Simple)]
    return disagreement(scene.script, [*before, site.simple])


def _commands(
    site: Site, leaf: Leaf, source: _Source, text: Fragment, parts: Sequence[Part]
) -> tuple[Edit, ...] | Refusal:
    """Write iptables commands in the place of the call and of what it reads."""
    if has_comment(text.text):
        return Refusal("a comment stands within the script and would be lost")
    host, words = site.scene.host, leaf.words[leaf.at : leaf.end]
    beside = around(site, words[0].span.cover(words[-1].span), source.redirect)
    region, shared = _region(site, source, beside.whole), spelled(leaf)
    if isinstance(region, Refusal):
        return region
    if isinstance(shared, Refusal):
        return shared
    if len(parts) > 1 and (refused := beside.repeated()):
        return refused
    styles = hole_styles(text)
    texts = [
        f"{beside.prefix}{shared}{command_text(host, (), text, part, styles)}"
        for part in parts
        if not isinstance(part, Kept)
    ]
    new = texts[0] if len(texts) == 1 else joined(site, region.start, texts)
    return (Edit(host, region, new + beside.redirects), *_removed(host, source, region))


def _region(site: Site, source: _Source, whole: Span) -> Span | Refusal:
    """Return what the new commands stand for: from the producer to the call's last word."""
    if source.start < 0:
        return whole
    pipeline = site.scene.pipeline
    producer = pipeline.commands[source.start] if pipeline is not None else None
    if producer is None or pipeline is None or source.start != site.scene.position - 1:
        return Refusal("another command of the pipeline reads the script as well")
    name = producer.words[0].span.of(site.env.text) if isinstance(producer, Simple) else ""
    if not isinstance(producer, Simple) or producer.redirects or producer.assignments:
        return Refusal("the command that prints the script does more than that")
    if name in site.env.functions:
        return Refusal(f"what the function `{name}` prints is loaded")
    if source.start or len(pipeline.commands) > site.scene.position + 1:
        return Refusal("the pipeline does more than hand the script to nft")
    return producer.span.cover(whole)


def _removed(host: Fragment, source: _Source, region: Span) -> list[Edit]:
    """Take away the redirect that is not needed any more, and a heredoc's body."""
    if source.redirect is None:
        return []
    span = source.redirect.span
    start = span.start
    while start > 0 and host.text[start - 1] in " \t":
        start -= 1
    edits = [] if region.contains(span) else [Edit(host, Span(start, span.end), "")]
    if source.heredoc is not None:
        edits.append(Edit(host, Span(source.heredoc.body.start, source.heredoc.end.end), ""))
    return edits


def process_file(site: Site, line: CommandLine, leaf: Leaf) -> Iterator[NftCall]:
    """Yield the call of ``nft -f <(printf …)``."""
    arguments = runs_nft(leaf)
    nodes = {node.span: node for node in site.simple.words}
    for at, _ in arguments.files if arguments is not None else ():
        node = nodes.get(leaf.words[at].span)
        pieces = node.pieces if node is not None else ()
        if len(pieces) != 1 or pieces[0].kind != "process" or pieces[0].body is None:
            continue
        for item in pieces[0].body.items:
            for pipeline in item.pipelines:
                texts = printed(pipeline.commands[-1], site.env, site.scene, "nft")
                for text in texts:
                    span = leaf.words[leaf.at].span.cover(leaf.words[leaf.end - 1].span)
                    yield with_stdin(line, leaf, text, _no_process, span)


def _no_process(_parts: Sequence[Part]) -> Refusal:
    return Refusal("the script comes from a process substitution")
