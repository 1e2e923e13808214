"""A script's command as a command line: its words, its doubts, and how it is written anew."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from nftlint.commands.words import CommandLine, Word
from nftlint.edits import Edit
from nftlint.found import Part
from nftlint.fragment import Fragment, Refusal
from nftlint.shell.alternatives import uncertain
from nftlint.shell.braces import brace_caveats
from nftlint.shell.flow import flow_of
from nftlint.shell.frames import Frame, frame_write
from nftlint.shell.scene import Site
from nftlint.shell.write import write_words


def line_of(site: Site, words: tuple[Word, ...], fixed: str, frame: Frame | None) -> CommandLine:
    """Return a command with its words; ``fixed`` says why it cannot be written anew, if so.

    Of a command in a function, ``frame`` is the call that is written in its place.
    """

    def write(
        first: int, last: int, script: Fragment, parts: Sequence[Part]
    ) -> tuple[Edit, ...] | Refusal:
        if fixed:
            return Refusal(fixed)
        if refused := _elsewhere(site if frame is None else frame.site):
            return refused
        if refused := _disagreement(site if frame is None else frame.site):
            return refused
        if frame is not None:
            return frame_write(frame, words, (first, last), script, parts)
        return write_words(site, words[first : last + 1], script, parts)

    flow = partial(flow_of, site)
    doubts = (*brace_caveats(site.simple, site.env.text), *uncertain(site.simple, site.env))
    return CommandLine(site.scene.host, words, write, (*site.scene.caveats, *doubts), flow=flow)


def _elsewhere(site: Site) -> Refusal | None:
    """Return why what stands in another file is not written anew."""
    library = site.scene.script.library
    file = library.file_at(site.simple.span) if library is not None else None
    return Refusal(f"it stands in another file, `{file.uri}`") if file is not None else None


def _disagreement(site: Site) -> Refusal | None:
    from nftlint.shell.witness import disagreement  # tree-sitter is loaded for rewrites alone

    return disagreement(site.scene.script, [site.simple])
