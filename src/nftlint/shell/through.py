"""What an nft call goes through: functions, and other files, each a place that the call names."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.found import Found, NftCall, Place
from nftlint.fragment import Fragment
from nftlint.patterns import compiled
from nftlint.record import replace
from nftlint.shell.frames import Frame
from nftlint.shell.library import Library
from nftlint.shell.scene import Site

_OTHERS = "The function `{}` stands in `{}`, and may be another one where the script runs."
_VARIABLE = compiled(r"\$\{?([A-Za-z_]\w*)")


def through(item: NftCall | Fragment, site: Site, frame: Frame | None) -> NftCall | Fragment:
    """Let a call name the function, or the file that is read in, which it goes through."""
    if isinstance(item, Fragment):
        return item
    library, span = site.scene.script.library, site.simple.span
    who = f"the function `{frame.function.name}`" if frame is not None else "this file"
    why = f"{who} runs nft here"
    other = library.place(span, why) if library is not None else None
    caveats = [*frame.site.scene.caveats] if frame is not None else []
    if other is not None and frame is not None:
        caveats.append(_OTHERS.format(frame.function.name, other.uri))
    every = tuple(dict.fromkeys((*caveats, *item.caveats)))
    place = other or Place(site.scene.host, span, why)
    via = (place, *item.via, *(_set_elsewhere(site, library) if library is not None else ()))
    return replace(item, via=via, caveats=every)


def with_files(item: Found, site: Site) -> Found:
    """Let a call name the places of other files where its variables are set."""
    library = site.scene.script.library
    if library is None or not isinstance(item, NftCall):
        return item
    return replace(item, via=(*item.via, *_set_elsewhere(site, library)))


def _set_elsewhere(site: Site, library: Library) -> Iterator[Place]:
    """Yield the places in other files where a command's variables are set."""
    raw = site.simple.span.of(site.env.text)
    for name in dict.fromkeys(_VARIABLE.findall(raw)):
        for node in site.env.texts_of(name):
            place = library.place(node.span, f"`${name}` is set here")
            if place is not None:
                yield place
