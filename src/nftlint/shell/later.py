"""Texts that a script writes to files: each is read as what it becomes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePosixPath

from nftlint.carriers.registry import HEAD, kind_of
from nftlint.commands.leaf import Leaf
from nftlint.commands.options import Syntax, read_options
from nftlint.commands.words import Word
from nftlint.commands.wrappers import SHELLS
from nftlint.context import NOTHING_KNOWN
from nftlint.found import Found, Place, Reference
from nftlint.fragment import VERBATIM, Builder, Fragment
from nftlint.holes import has_holes, is_hole
from nftlint.shell.lens import read_word
from nftlint.shell.nodes import nodes
from nftlint.shell.producers import printed, redirected
from nftlint.shell.tree import Redirect, Script, Simple
from nftlint.shell.values import known_word
from nftlint.shell.walk import Site

_WRITES = frozenset({">", ">>", ">|", "&>", "&>>"})
_PRINTS = frozenset({"cat", "echo", "printf"})
_COPIES = frozenset({"cp", "install", "ln", "mv"})
_COPY_OPTIONS = Syntax(
    "mogStT", frozenset({"mode", "owner", "group", "target-directory"}), permute=True
)
_NFT = re.compile(r"(?i)(?:\S*/|\$\w*)?nft\w*\Z")
_BARE = re.compile(r"[\"'{}]")


class Later:
    """Which names a script uses for files that it later hands to nft or to a shell."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.used: dict[str, str] | None = None
        self.pieces: dict[str, list[Fragment]] = {}

    def language(self, path: str, raw: str, head: str) -> str:
        """Return what a written file is read as: by its path and text, else by its later use."""
        known = path if path and not has_holes(path) else "unknown"
        kind = kind_of(PurePosixPath(known), head)
        if kind is None and self.used is None:
            self.used = dict(_used(self.script))
        return kind or (self.used or {}).get(_BARE.sub("", raw), "")

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


def _used(script: Script) -> Iterator[tuple[str, str]]:
    """Yield the raw names of files that nft loads or a shell runs."""
    for node in nodes(script.body):
        if not isinstance(node, Simple):
            continue
        raw = [_BARE.sub("", word.span.of(script.text)) for word in node.words]
        for before, name in pairwise(raw):
            if re.fullmatch(r"-\w*f|--file", before) and any(map(_NFT.match, raw)):
                yield name, "nft"
            elif before.rpartition("/")[2] in SHELLS or before in ("source", ".", "+x", "755"):
                yield name, "shell"


def written_files(site: Site, leaf: Leaf, later: Later) -> Iterator[Found]:
    """Yield the texts that a command writes to files, and the files that it copies."""
    name = leaf.name
    if leaf.elsewhere:
        return
    if name in _PRINTS:
        for redirect in _stdout(site):
            if redirect.operator in _WRITES and redirect.fd in ("", "1"):
                target = read_word(site.scene.host, redirect.target, site.env, generous=True)
                texts = printed(site.simple, site.env, site.scene, "text")
                yield from _become(site, target, texts, later)
    elif name == "tee":
        for word in _operands(leaf):
            yield from _become(site, word, _input(site), later)
    elif name in _COPIES:
        yield from _copied(site, leaf)


def _stdout(site: Site) -> tuple[Redirect, ...]:
    """Return the redirects of a command, or else of what stands around it: ``{ …; } > file``."""
    pipeline = site.scene.pipeline
    piped = pipeline is not None and site.scene.position + 1 < len(pipeline.commands)
    own = site.simple.redirects
    if piped or any(item.operator[0] in ">&" and item.fd in ("", "1") for item in own):
        return own
    return (*own, *site.scene.outer)


def _operands(leaf: Leaf) -> list[Word]:
    _, operands = read_options(leaf.texts()[: leaf.end], leaf.at + 1, _COPY_OPTIONS)
    return [leaf.words[at] for at in operands]


def _input(site: Site) -> list[Fragment]:
    """Return the text that the command reads from standard input."""
    scene = site.scene
    own = redirected(site.simple.redirects, site.env, scene, "text")
    if own or not scene.position or scene.pipeline is None:
        return own
    return printed(scene.pipeline.commands[scene.position - 1], site.env, scene, "text")


def _become(
    site: Site, target: Word, texts: Sequence[Fragment], later: Later
) -> Iterator[Fragment]:
    path = _path(site, target)
    raw = target.span.of(site.env.text)
    for text in texts:
        language = later.language(path, raw, text.text[:HEAD])
        known = "".join(char for char in text.text if not is_hole(char))
        if language and known.strip():
            label = f"written to {path or raw}"
            path = path or raw
            new = replace(text, language=language, label=label, path=path, context=NOTHING_KNOWN)
            if language == "nft":
                later.pieces.setdefault(raw, []).append(new)
            else:
                yield new


def _path(site: Site, target: Word) -> str:
    """Return the path of a file, as far as it is known."""
    text = target.text
    for char, hole in target.fragment.holes.items():
        values = hole.values or ()
        text = text.replace(char, values[0] if len(values) == 1 else char)
    node = next((item for item in site.simple.words if item.span == target.span), None)
    if has_holes(text) and node is not None:
        values = known_word(node, site.env).values
        text = values[0] if len(values) == 1 else text
    return text


def _copied(site: Site, leaf: Leaf) -> Iterator[Reference]:
    operands = _operands(leaf)
    if len(operands) < 2 or operands[0].text == "/dev/stdin":
        return
    destination = operands[-1].text
    for word in operands[:-1]:
        place = Place(site.scene.host, word.span, "copies this file")
        base = "host" if word.text.startswith("/") else "file"
        yield Reference(place, "copies", word.text, base, "", destination)
