"""What a command of a script reads and writes beside its words."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.found import Flow
from nftlint.shell.lens import read_word
from nftlint.shell.scene import Site
from nftlint.shell.tree import Redirect


def flow_of(site: Site) -> Flow:
    """Return the other commands of the pipeline, and where input and output are redirected."""
    scene, text = site.scene, site.env.text
    commands = scene.pipeline.commands if scene.pipeline is not None else ()
    sources = [command.span.of(text) for command in commands]
    return Flow(
        tuple(sources[: scene.position]),
        tuple(sources[scene.position + 1 :]),
        tuple(_targets(site, "<", "0")),
        tuple(_targets(site, ">", "1")),
        _given(site),
    )


def _redirects(site: Site) -> tuple[Redirect, ...]:
    return (*site.simple.redirects, *site.scene.outer)


def _targets(site: Site, arrow: str, fd: str) -> Iterator[str]:
    for item in _redirects(site):
        if item.operator in (arrow, arrow * 2, f"{arrow}|") and item.fd in ("", fd):
            if item.operator != "<<":
                yield from _texts(site, item)
        elif arrow == ">" and item.operator in ("&>", "&>>"):
            yield from _texts(site, item)


def _texts(site: Site, redirect: Redirect) -> list[str]:
    """Return every name that the target can have, as far as its variables are known."""
    word = read_word(site.scene.host, redirect.target, site.env).fragment
    texts = [word.text]
    for char, hole in word.holes.items():
        texts = [text.replace(char, value) for text in texts for value in hole.values or (char,)]
    return texts


def _given(site: Site) -> str:
    for item in _redirects(site):
        heredoc = site.scene.script.heredocs.get(item.span.start)
        if heredoc is not None:
            return heredoc.body.of(site.env.text)
        if item.operator == "<<<":
            return read_word(site.scene.host, item.target, site.env).text
    return ""
