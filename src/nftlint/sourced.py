"""Files that shell scripts read in: what they set and define is known where they are read in.

As with files that nft loads, only what was asked for is read: what lies in one of the given
directories, or is given itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from nftlint.artifact import Artifact, Sourced
from nftlint.filereport import FileReport
from nftlint.found import Reference
from nftlint.holes import FIRST, LAST
from nftlint.loaded import Read, candidates_at
from nftlint.patterns import compiled
from nftlint.record import dataclass, replace
from nftlint.sieve.idle import is_idle
from nftlint.unit import Unit
from nftlint.users import Script, is_library, users_of

Again = Callable[[Unit, Artifact], Unit]
"""Reads a unit again that has another artifact of the same text."""

_UNKNOWN = compiled(f"[{chr(FIRST)}-{chr(LAST)}]+")
_SET = compiled(
    r"\b([A-Za-z_]\w*)(?:\[[^]\n]*\])?\+?=|(?:\b(?:for|read|select)|-v)[ \t]+([A-Za-z_]\w*)"
)
_FUNCTION = compiled(r"(?m)^[ \t]*(?:function[ \t]+)?([\w.:-]+)[ \t]*(?:\(\)|\{|$)")
_LEAST = 3
"""A path on the host is sought in the tree if it has so many names, or more."""

Lead = tuple[Reference, Path]
"""How a script names another, and which file that is."""

Scripts = Callable[[Iterable[Path]], Iterable[Script]]
"""Returns the scripts under directories that read files in."""

Leads = Mapping[Path, tuple[Lead, ...]]


@dataclass(frozen=True, slots=True)
class Within:
    """Where files may be read: directories, and single files, by their absolute paths."""

    tops: tuple[Path, ...]
    files: frozenset[Path]

    @classmethod
    def of(cls, paths: Iterable[Path]) -> Within:
        """Return the places that were given."""
        every = [Path(os.path.normpath(path.absolute())) for path in paths]
        tops = tuple(path for path in every if path.is_dir())
        return cls(tops, frozenset(every) - frozenset(tops))

    def has(self, path: Path) -> bool:
        """Tell whether a file is there, and neither its name nor a link leads out of the places."""
        if path in self.files:
            return path.is_file()
        top = self.above(path)
        with suppress(OSError, RuntimeError):  # RuntimeError: links that lead to each other
            return (
                top is not None and path.is_file() and path.resolve().is_relative_to(top.resolve())
            )
        return False

    def above(self, path: Path) -> Path | None:
        """Return the given directory that a path lies in."""
        return next((top for top in self.tops if path.is_relative_to(top)), None)


def with_sourced(
    read: Sequence[Unit | FileReport],
    within: Within,
    read_file: Read,
    again: Again,
    scripts: Scripts,
) -> list[Unit | FileReport]:
    """Return what was read, with the files that scripts among it read in, these known to those.

    So are scripts that read in what is among it. ``read_file`` reads a file in a language, unless
    it is told to be something else.
    """
    found = {item.path: item for item in read if isinstance(item, Unit)}
    begun = [path for path, unit in found.items() if _runs_something(unit)]
    begun += _add_users(found, within, read_file, scripts)
    if not begun:
        return list(read)
    leads, failed = _followed(found, begun, within, read_file)
    named = {path: _with_names(unit, leads.get(path, ())) for path, unit in found.items()}
    every = {path: _joined(unit, named, leads, again) for path, unit in named.items()}
    old = [every.pop(item.path) if isinstance(item, Unit) else item for item in read]
    return [*old, *every.values(), *failed]


def _add_users(
    found: dict[Path, Unit], within: Within, read_file: Read, scripts: Scripts
) -> list[Path]:
    """Add to the units the scripts that read one of them in; return which these are."""
    if not within.tops:
        return []
    libraries = [unit for unit in found.values() if is_library(unit)]
    users: list[Path] = []
    for item in users_of(libraries, scripts(within.tops)) if libraries else ():
        path = item.path.absolute()
        read = read_file(item, "shell") if path not in found else None
        if isinstance(read, Unit) and any(other in found for _, other in _leads(read, within)):
            found[path] = read
            users.append(path)
    return users


def _followed(
    found: dict[Path, Unit], begun: Iterable[Path], within: Within, read_file: Read
) -> tuple[Leads, list[FileReport]]:
    """Add to the units those that scripts read in; return which lead to which, and what failed."""
    leads: dict[Path, tuple[Lead, ...]] = {}
    failed: list[FileReport] = []
    waiting = list(begun)
    while waiting:
        here = waiting.pop()
        if here in leads:
            continue
        leads[here] = tuple(_leads(found[here], within))
        for _, path in leads[here]:
            new = path not in found or found[path].found is None
            for item in candidates_at(path) if new else ():
                read = read_file(item, "shell")
                if isinstance(read, Unit):
                    found[path] = read
                else:
                    failed.append(read)
        waiting += [path for _, path in leads[here] if path in found]
    return leads, failed


def _runs_something(unit: Unit) -> bool:
    """Tell whether a unit is a script that names others, and not only a package."""
    if not _is_shell(unit) or unit.found is None:
        return False
    if not any(item.verb == "sources" for item in unit.found.references):
        return False
    return not is_idle(unit.path.name, unit.artifact.encode())


def _is_shell(unit: Unit) -> bool:
    return unit.found is not None and unit.found.kind == "shell"


def _leads(unit: Unit, within: Within) -> Iterator[Lead]:
    if unit.found is None or not _is_shell(unit):
        return
    for item in unit.found.references:
        if item.verb == "sources":
            found = next(
                (path for path in _places(unit.path, item, within) if within.has(path)), None
            )
            if found is not None and found != unit.path:
                yield item, found


def _places(source: Path, item: Reference, within: Within) -> Iterator[Path]:
    """Yield the paths that a name may mean, the likeliest first.

    What begins with a variable lies in a directory that nobody knows, and a path on the host in a
    tree that is copied to it: both are sought from the script's own directory upward.
    """
    head, *rest = _UNKNOWN.split(item.target)
    name = rest[-1] if rest else head
    if rest and (head or not name.startswith("/") or len(rest) > 1):
        return  # only a variable at its very beginning is taken for a directory
    if not rest and name.startswith("/") and name.count("/") < _LEAST:
        return
    name = name.lstrip("/")
    top = within.above(source)
    for folder in source.parents:
        yield Path(os.path.normpath(folder / name))
        if top is None or folder == top:
            return


def _with_names(unit: Unit, leads: Sequence[Lead]) -> Unit:
    """Return a unit whose references name the files that they mean."""
    if not leads or unit.found is None:
        return unit
    known = {id(item): path for item, path in leads}
    folder = unit.path.parent
    new = tuple(
        replace(item, target=os.path.relpath(known[id(item)], folder), base="file")
        if id(item) in known
        else item
        for item in unit.found.references
    )
    return replace(unit, found=replace(unit.found, references=new))


def _joined(unit: Unit, units: Mapping[Path, Unit], leads: Leads, again: Again) -> Unit:
    """Return a unit that is read together with the files that it reads in, and its users."""
    names, files = _read_in(unit, units, leads)
    matters = bool(files or (unit.found is not None and unit.found.calls))
    users = _users(unit, units, leads) if matters else (frozenset(), frozenset())
    if not files and not any(users):
        return unit
    references = unit.found.references if unit.found is not None else ()
    sourced = Sourced(unit.artifact.uri, names, files, *users)
    read = again(unit, replace(unit.artifact, sourced=sourced))
    if read.found is None:
        return read
    return replace(read, found=replace(read.found, references=references))


def _read_in(
    unit: Unit, units: Mapping[Path, Unit], leads: Leads
) -> tuple[Mapping[tuple[str, str], tuple[str, ...]], Mapping[str, Artifact]]:
    names: dict[tuple[str, str], tuple[str, ...]] = {}
    files: dict[str, Artifact] = {}
    waiting, done = [unit.path], {unit.path}
    while waiting:
        here = units[waiting.pop()]
        for item, path in leads.get(here.path, ()):
            other = units.get(path)
            if other is None or not _is_shell(other):
                continue
            key = here.artifact.uri, item.place.span.of(item.place.fragment.text)
            names[key] = tuple(dict.fromkeys((*names.get(key, ()), other.artifact.uri)))
            files[other.artifact.uri] = other.artifact
            waiting += [path] if path not in done else []
            done.add(path)
    return names, files


def _users(
    unit: Unit, units: Mapping[Path, Unit], leads: Leads
) -> tuple[frozenset[str], frozenset[str]]:
    """Return what scripts do with a file that they read in: its variables set, its functions run.

    The variables are told by their look: there may be too many, not too few.
    """
    above = _above(unit.path, leads)
    if not above or unit.found is None or not _is_shell(unit):
        return frozenset(), frozenset()
    beside = {path for user in above for _, path in leads[user]}
    texts = [units[path].artifact.text for path in (above | beside) - {unit.path} if path in units]
    own = _set_in(unit.artifact.text)
    if any(item.verb == "sources" for item in unit.found.references):
        own = set()  # nothing in it is taken for a constant, anyway
    named = {name for text in texts for name in _set_in(text) if name in own}
    defined = {*_FUNCTION.findall(unit.artifact.text)} - _first_words(unit.artifact.text)
    first = {word for text in texts for word in _first_words(text)} if defined else set()
    return frozenset(named), frozenset(first & defined)


def _set_in(text: str) -> set[str]:
    return {name for found in _SET.findall(text) for name in found if name}


@lru_cache(maxsize=256)
def _first_words(text: str) -> frozenset[str]:
    from nftlint.shell.anywhere import called
    from nftlint.shell.parse import parse

    return called(parse(text))


def _above(path: Path, leads: Leads) -> set[Path]:
    found: set[Path] = set()
    waiting = {path}
    while waiting:
        waiting = {
            source
            for source, named in leads.items()
            if source not in found and any(other in waiting for _, other in named)
        }
        found |= waiting
    return found - {path}
