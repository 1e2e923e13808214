"""What a command of a script reads and writes beside its words."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.found import Flow
from nftlint.shell.lens import read_word
from nftlint.shell.tree import Redirect
from nftlint.shell.walk import Site


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
                yield read_word(site.scene.host, item.target, site.env).text
        elif arrow == ">" and item.operator in ("&>", "&>>"):
            yield read_word(site.scene.host, item.target, site.env).text


def _given(site: Site) -> str:
    for item in _redirects(site):
        heredoc = site.scene.script.heredocs.get(item.span.start)
        if heredoc is not None:
            return heredoc.body.of(site.env.text)
        if item.operator == "<<<":
            return read_word(site.scene.host, item.target, site.env).text
    return ""
