"""Where copied files come to lie on the hosts, and what they become there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from nftlint.ansible.scope import Scope
from nftlint.ansible.task import Task, short, tasks_of
from nftlint.cloud_init.files import language_of
from nftlint.fragment import Fragment, spelled_out
from nftlint.patterns import compiled
from nftlint.yaml.nodes import Mapping, Stream, entries
from nftlint.yaml.parse import walk

_LOADED = compiled(r"(?:.*/)?(?:nftables\.d|nft\.d|etc/nftables)", re.DOTALL)
"""Directories whose files distributions' own ``nftables.conf`` includes, or is meant to."""

_MAX_ITEMS = 200


def assemblies(stream: Stream) -> tuple[tuple[str, str], ...]:
    """Return the directories that tasks of ``assemble`` make files of, and these files' paths."""
    if "assemble" not in stream.fragment.text:
        return ()
    return tuple(
        (_written(task, "src").rstrip("/"), task.text("dest"))
        for node in walk(stream)
        if isinstance(node, Mapping) and any(short(key) == "assemble" for key, _ in entries(node))
        for task in tasks_of(stream, node, Scope(), "")
        if task.module == "assemble" and task.text("src")
    )


def _written(task: Task, name: str) -> str:
    """Return a parameter with its templates as they are written."""
    found = task.fragment(name)
    return spelled_out(found.text, found) if isinstance(found, Fragment) else ""


def becomes(task: Task, path: str, name: str = "dest") -> str:
    """Return the path of the file that one at ``path`` becomes a part of, or the path itself.

    ``name`` is the parameter that gives the path.
    """
    places = {path, _written(task, name)} if task.scope.assembled else set()
    for source, whole in task.scope.assembled:
        if any(place == source or place.startswith(f"{source}/") for place in places):
            return whole
    return path


def pairs_of(source: Fragment, dest: Fragment | None) -> Iterator[tuple[str, str]]:
    """Yield what ``src`` and ``dest`` can be together, with the values that are known."""
    texts = [source, dest] if dest is not None else [source]
    many = [len(hole.values or ()) for text in texts for hole in text.holes.values()]
    for number in range(min(max(many, default=1) or 1, _MAX_ITEMS)):
        filled = [_filled(text, number) for text in texts]
        yield filled[0], filled[-1] if dest is not None else ""


def _filled(text: Fragment, number: int) -> str:
    """Return a text with the values of one turn of a loop."""
    found = text.text
    for char, hole in text.holes.items():
        if values := hole.values:
            found = found.replace(char, values[number if number < len(values) else 0])
    return found


def is_loaded(path: str, source: str) -> bool:
    """Tell whether a file is an nft script on the host, by where it is put.

    ``source`` is what it is made from: its name counts where the path is a directory. Where it ends
    with ``/`` the files of that directory are put there.
    Source: nftables.service and ``nftables.conf`` of Debian, Fedora and Alpine.
    """
    if source.endswith("/"):
        path = f"{path.rstrip('/')}/*"
    elif path.endswith("/"):
        path += source.rpartition("/")[2].removesuffix(".j2")
    place = PurePosixPath(path)
    if language_of(path, "") == "nft":
        return True
    loads = _LOADED.fullmatch(place.parent.as_posix())
    return bool(loads) and place.suffix in ("", ".conf", ".rules", ".ruleset")
