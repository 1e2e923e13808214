"""Texts that a script writes to files: each is read as what it becomes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from nftlint.carriers.registry import HEAD, kind_of
from nftlint.commands.leaf import Leaf
from nftlint.commands.options import Syntax, read_options
from nftlint.commands.wrappers import ANOTHER_HOST
from nftlint.context import NOTHING_KNOWN
from nftlint.found import Found, Place, Reference
from nftlint.fragment import VERBATIM, Builder, Fragment, spelled_out
from nftlint.holes import has_holes, is_hole
from nftlint.record import replace
from nftlint.shell.files import Files
from nftlint.shell.known import known_word
from nftlint.shell.lens import read_word
from nftlint.shell.producers import any_text, printed, redirected
from nftlint.shell.scene import Site
from nftlint.shell.tree import Redirect, Script
from nftlint.shell.tree import Word as Node
from nftlint.shell.values import Env

_WRITES = frozenset({">", ">>", ">|", "&>", "&>>"})
_PRINTS = frozenset({"cat", "echo", "printf"})
WRITING = _PRINTS | {"tee"}
"""Programs that write what they are given, or read, into files."""
COPIES = frozenset({"cp", "install", "ln", "mv"})
_COPY_OPTIONS = Syntax(
    "mogStT", frozenset({"mode", "owner", "group", "target-directory"}), permute=True
)


class Later:
    """What a script writes to files that it later hands to nft or to a shell."""

    def __init__(self, script: Script) -> None:
        self.files = Files(script)
        self.begun: dict[str, str] = {}
        self.pieces: dict[str, list[Fragment]] = {}

    def language(self, path: str, name: str, head: str) -> str:
        """Return what a written file is read as: by its path and text, else by its use.

        Of a path that is known in part the last name may tell; of a file that is written piece by
        piece its first one. ``name`` is what tells files apart.
        """
        known = _known(path)
        kind = kind_of(PurePosixPath(known), head)
        if kind is not None:
            self.begun[name] = kind
        return kind or self.begun.get(name) or self.files.language(name)

    def put_together(self) -> Iterator[Fragment]:
        """Yield the nft scripts that were written piece by piece, each as a whole."""
        for pieces in self.pieces.values():
            first = pieces[0]
            host = first.parent
            if host is None or len(pieces) == 1:
                yield first
                continue
            builder = Builder(host.text, host, VERBATIM)
            for piece in pieces:
                builder.take(piece)
            yield builder.build(
                first.language, label=first.label, path=first.path, context=NOTHING_KNOWN
            )


def _known(path: str) -> str:
    """Return a path as far as it is known: all of it, its last name, or its extension."""
    if not has_holes(path):
        return path or "unknown"
    last = path.rpartition("/")[2]
    _, dot, extension = last.rpartition(".")
    if not has_holes(last):
        return last
    return f"unknown.{extension}" if dot and not has_holes(extension) else "unknown"


def _head(text: Fragment, env: Env) -> str:
    """Return how a text begins; ``#!$NFT -f`` as it is to be understood."""
    head = text.text[:HEAD]
    first = head.partition("\n")[0]
    if not first.startswith("#!") or not has_holes(first):
        return head
    known = [env.get(hole.name) for char, hole in text.holes.items() if char in first]
    values = [value for item in known if item is not None for value in item.likely()]
    named = "nft" in spelled_out(first, text).lower()
    is_nft = named or any(value.rpartition("/")[2] == "nft" for value in values)
    return f"#!/usr/sbin/nft{head[2:]}" if is_nft else head


def written_files(site: Site, leaf: Leaf, later: Later) -> Iterator[Found]:
    """Yield the texts that a command writes to files, and the files that it copies."""
    name = leaf.name
    if leaf.elsewhere or site.scene.host.context.elsewhere == ANOTHER_HOST:
        return
    if name in _PRINTS:
        yield from _redirected_to(site, later)
    elif name == "tee":
        for at in _operands(leaf):
            index = leaf.source[at]
            if index < len(site.simple.words):
                yield from _become(site, site.simple.words[index], _input(site), later)
    elif name in COPIES:
        yield from _copied(site, leaf)


def written_by_function(site: Site, later: Later) -> Iterator[Fragment]:
    """Yield what a function of the script prints into a file."""
    for redirect in _stdout(site):
        if redirect.operator in _WRITES and redirect.fd in ("", "1"):
            raw = redirect.target.span.of(site.env.text)
            if not raw.startswith("/dev/"):
                yield from _redirected_to(site, later)
                return


def _redirected_to(site: Site, later: Later) -> Iterator[Fragment]:
    for redirect in _stdout(site):
        if redirect.operator in _WRITES and redirect.fd in ("", "1"):
            texts = printed(site.simple, site.env, site.scene, "text")
            yield from _become(site, redirect.target, texts, later)


def _stdout(site: Site) -> tuple[Redirect, ...]:
    """Return the redirects of a command, or else of what stands around it: ``{ …; } > file``."""
    pipeline = site.scene.pipeline
    piped = pipeline is not None and site.scene.position + 1 < len(pipeline.commands)
    own = site.simple.redirects
    if piped or any(item.operator[0] in ">&" and item.fd in ("", "1") for item in own):
        return own
    return (*own, *site.scene.outer)


def _operands(leaf: Leaf) -> list[int]:
    _, operands = read_options(leaf.texts()[: leaf.end], leaf.at + 1, _COPY_OPTIONS)
    return operands


def _input(site: Site) -> list[Fragment]:
    """Return the text that the command reads from standard input."""
    scene = site.scene
    own = redirected(site.simple.redirects, site.env, scene, "text")
    if own or not scene.position or scene.pipeline is None:
        return own
    return printed(scene.pipeline.commands[scene.position - 1], site.env, scene, "text")


def _become(
    site: Site, target: Node, texts: Sequence[Fragment], later: Later
) -> Iterator[Fragment]:
    path = _path(site, target)
    raw = target.span.of(site.env.text)
    name = later.files.name(raw, site.scene.function)
    for text in texts:
        language = later.language(path, name, _head(text, site.env))
        known = "".join(char for char in text.text if not is_hole(char))
        if language and known.strip():
            label = f"written to {path or raw}"
            path = path or raw
            new = replace(text, language=language, label=label, path=path, context=NOTHING_KNOWN)
            if language == "nft":
                later.pieces.setdefault(name, []).append(new)
            else:
                yield new


def _path(site: Site, target: Node) -> str:
    """Return the path of a file, as far as it is known."""
    known = known_word(target, site.env).values
    if len(known) == 1:
        return known[0]
    scene = site.scene
    return read_word(scene.host, target, site.env, generous=True, fill=any_text(scene)).text


def _copied(site: Site, leaf: Leaf) -> Iterator[Reference]:
    operands = [leaf.words[at] for at in _operands(leaf)]
    if len(operands) < 2 or operands[0].text == "/dev/stdin":
        return
    destination = operands[-1].text
    for word in operands[:-1]:
        place = Place(site.scene.host, word.span, "copies this file")
        base = "host" if word.text.startswith("/") else "file"
        yield Reference(place, "copies", word.text, base, "", destination)
