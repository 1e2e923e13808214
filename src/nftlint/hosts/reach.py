"""Which files have to be read to know what leads to others: those that may name them.

To read a file (as YAML, as a shell script) costs a thousand times what it costs to ask whether a
name stands in it. Only a file whose text holds the name of one that matters can lead to it, and
then it may matter itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from nftlint.carriers import YAML_ENDINGS
from nftlint.hosts.asking import is_foreign
from nftlint.hosts.machines import MODULES, describes_machines
from nftlint.hosts.plays import Play, plays_of
from nftlint.hosts.tags import may_become_code
from nftlint.hosts.targets import ROLE_PARTS, Known, Target, targets
from nftlint.patterns import compiled
from nftlint.record import dataclass, field, replace
from nftlint.scan import scan
from nftlint.unit import Unit

_SOURCED = ("", ".env", ".conf", ".cfg", ".inc", ".sh", ".bash")
_QUOTES = compiled(r"[\"'\\]")
_ANY_TASKS = compiled(r"(?:include|import)(?:_tasks)?:[^\n]*(?:\n[ ]+file:[^\n]*)?\{\{")
_ONLY_DOTS = compiled(r"(?m)(?<=[\s\"'=])(?:\.\.?/)*\.\.?/?(?=[\"'\s,}]|$)")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file names, and its plays."""

    targets: tuple[Target, ...]
    plays: tuple[Play, ...]


@dataclass(slots=True)
class Reach:
    """The files of a tree, of which more and more are read.

    ``waiting`` are the texts of those that are not read, ``known`` are all files; ``read`` reads
    one; ``found`` are those that were read, ``seen`` what is in each, ``leads`` what each names
    (one of no known kind what it would name if it were what it may be).
    """

    waiting: dict[Path, str]
    tops: tuple[Path, ...]
    known: Known
    read: Callable[[Path], Unit]
    found: dict[Path, Unit] = field(default_factory=dict)
    seen: dict[Path, Seen] = field(default_factory=dict)
    leads: dict[Path, frozenset[Path]] = field(default_factory=dict)

    def take(self, path: Path) -> None:
        """Read a file, if it is not read yet."""
        if self.waiting.pop(path, None) is not None:
            unit = self.found[path] = self.read(path)
            self.see(unit)
            self.leads[path] |= frozenset(_perhaps_leads(unit, self.known))

    def see(self, unit: Unit) -> None:
        """Note what a file names that is read, while its tree is still at hand."""
        found = Seen(tuple(targets(unit, self.known)), tuple(plays_of(unit)))
        self.seen[unit.path] = found
        self.leads[unit.path] = frozenset(target.path for target in found.targets)

    def back(self, wanted: Iterable[Path], *, by_name: bool = False) -> set[Path]:
        """Read all that may lead to the wanted files, by any number of steps; return what does.

        With ``by_name`` only what names a file itself, rather than its role or directory.
        """
        reached = ahead = set(wanted)
        while ahead:
            names = _Names.of(ahead, () if by_name else self.tops)
            modules = {path.parent for path in ahead if path.suffix in MODULES}
            for path, text in list(self.waiting.items()):
                module = path.suffix in MODULES and path.parent in modules
                if module or names.stand_in(text, dots=path.suffix in YAML_ENDINGS and not by_name):
                    self.take(path)
            ahead = {
                path
                for path, leads in self.leads.items()
                if path not in reached and not reached.isdisjoint(leads)
            }
            reached = reached | ahead
        return reached

    def onward(self, start: Iterable[Path]) -> set[Path]:
        """Read all that the files lead to, by any number of steps; return them and that."""
        seen = set(start)
        ahead = list(seen)
        while ahead:
            path = ahead.pop()
            self.take(path)
            new = self.leads.get(path, frozenset()) - seen
            seen |= new
            ahead += new
        return seen


def bare(text: str) -> str:
    """Return a text in which a name stands whole, however it is quoted."""
    return _QUOTES.sub("", text) if "\\" in text or "''" in text or '""' in text else text


def _perhaps_leads(unit: Unit, known: Known) -> Iterator[Path]:
    """Yield the files that a file of no known kind would name, if it were what it may be."""
    if unit.found is None and not describes_machines(unit.path, unit.artifact.text):
        guess = _perhaps(unit)
        unit = replace(unit, found=scan(unit.artifact, guess)) if guess else unit
        yield from (target.path for target in targets(unit, known))


def _perhaps(unit: Unit) -> str:
    if is_foreign(unit):
        return ""
    if unit.path.suffix in YAML_ENDINGS:
        return "ansible" if may_become_code(unit) else ""
    return "shell" if unit.path.suffix in _SOURCED and may_become_code(unit) else ""


@dataclass(frozen=True, slots=True)
class _Names:
    """By what words files are named: their own names, their roles', their directories'."""

    files: frozenset[str]
    roles: frozenset[str]
    folders: frozenset[str]

    @classmethod
    def of(cls, paths: Iterable[Path], tops: tuple[Path, ...]) -> _Names:
        every = tuple(paths)
        return cls(
            frozenset(path.name for path in every),
            frozenset(name for path in every for name in _roles(path) if tops),
            frozenset(name for path in every for name in _folders(path, tops)),
        )

    def stand_in(self, text: str, *, dots: bool) -> bool:
        """Tell whether a text may name one of the files, alone or with others."""
        if any(name in text for name in self.files):
            return True
        if ("role" in text or "dependencies" in text) and any(
            name in text and _word(name).search(text) for name in self.roles
        ):
            return True
        if any(name in text and _last(name).search(text) for name in self.folders):
            return True
        return dots and (_ONLY_DOTS.search(text) is not None or _ANY_TASKS.search(text) is not None)


def _roles(path: Path) -> Iterator[str]:
    """Yield the name of the role that a file is of."""
    for folder in path.parents:
        if folder.name in ROLE_PARTS:
            yield folder.parent.name


def _folders(path: Path, tops: tuple[Path, ...]) -> Iterator[str]:
    top = next((top for top in tops if path.is_relative_to(top)), None)
    if top is not None:
        yield from (top.name, *path.relative_to(top).parts[:-1])


@cache
def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")


@cache
def _last(name: str) -> re.Pattern[str]:
    """Return what finds a directory where it is named as such, with nothing below it."""
    return re.compile(rf"(?m)(?<![\w-]){re.escape(name)}(?:/\.?)?(?=[\"'\s,)\]}}]|$)")
