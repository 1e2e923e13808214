"""Which files of a run a file names: what its carriers refer to, roles, directories, Terraform."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nftlint.found import Reference
from nftlint.fragment import to_root
from nftlint.holes import has_holes
from nftlint.span import Span
from nftlint.unit import Unit

ROLE_DIRECTORIES = ("files", "templates", "tasks", "handlers", "vars")
ROLE_PARTS = ("tasks", "handlers", "meta", "defaults", "vars")
MACHINES = (".tf", ".hcl")
"""Terraform's and Packer's files: what their strings name goes onto the machine they make."""

_STRING = re.compile(r'"((?:\$\{path\.(?:module|root)\}/)?[\w./-]*[\w-]\.?[\w-]*)"')
_DEPENDENCY = re.compile(r"(?m)^\s*-\s+(?:(?:role|name):\s*)?[\"']?([\w.-]+)[\"']?\s*$")


@dataclass(frozen=True, slots=True)
class Target:
    """A file that another names at ``span`` of its artifact; ``why`` says how."""

    span: Span
    why: str
    path: Path
    language: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """The files of a run by path, and by each directory that they lie in, at any depth."""

    units: Mapping[Path, Unit]
    below: Mapping[Path, Sequence[Path]] = field(default_factory=dict)

    @classmethod
    def of(cls, units: Iterable[Unit]) -> Known:
        """Return the files, found again by path and directory."""
        below: dict[Path, list[Path]] = {}
        by_path = {unit.path: unit for unit in units}
        for path in by_path:
            for directory in path.parents:
                below.setdefault(directory, []).append(path)
        return cls(by_path, below)


def targets(unit: Unit, known: Known) -> Iterator[Target]:
    """Yield each file of the run that a file names, itself left out."""
    found: Iterable[Target] = ()
    if unit.found is not None:
        found = (
            target for item in unit.found.references for target in _referred(unit, item, known)
        )
    elif unit.path.suffix in MACHINES:
        found = _strings(unit, known)
    elif unit.path.parent.name == "meta":
        found = _dependencies(unit, known)
    yield from (target for target in found if target.path != unit.path)


def _referred(unit: Unit, item: Reference, known: Known) -> Iterator[Target]:
    if has_holes(item.target) or not item.target or item.base == "host":
        return
    span = to_root(item.place.fragment, item.place.span)
    why = f"{item.verb} this file"
    if item.base == "role" and item.target.startswith("roles/"):
        name, _, rest = item.target.removeprefix("roles/").partition("/tasks/")
        for path in _role(unit.path, name, rest or "main", known):
            yield Target(span, "runs this role", path)
        return
    for path in _candidates(unit.path, item):
        if path in known.units:
            yield Target(span, why, path, item.language)
            return
        if path in known.below and path not in unit.path.parents:
            yield from (Target(span, why, file) for file in known.below[path])
            return


def _candidates(source: Path, item: Reference) -> Iterator[Path]:
    directory = source.parent
    if item.base == "role":
        for top in (directory, directory.parent):
            yield from (_normal(top / name / item.target) for name in ROLE_DIRECTORIES)
    yield _normal(directory / item.target)


def _normal(path: Path) -> Path:
    return Path(os.path.normpath(path))


def _role(source: Path, name: str, tasks: str, known: Known) -> Iterator[Path]:
    """Yield the files of a role: its tasks, handlers, dependencies and variables.

    A role is sought in the ``roles`` directories above the file that names it, nearest first; one
    of a collection by its last name.
    """
    last = name.rpartition(".")[2] if name not in ("", ".") else name
    for top in source.parents:
        for directory in (top / "roles" / name, top / "roles" / last, top / name):
            if directory / "tasks" in known.below or directory / "meta" in known.below:
                yield from _parts(directory, tasks, known)
                return


def _parts(role: Path, tasks: str, known: Known) -> Iterator[Path]:
    stem = tasks.removesuffix(".yml").removesuffix(".yaml")
    for part in ROLE_PARTS:
        main = (role / part, stem if part == "tasks" else "main")
        for path in known.below.get(role / part, ()):
            if part in ("defaults", "vars") or (path.parent, path.stem) == main:
                yield path


def _strings(unit: Unit, known: Known) -> Iterator[Target]:
    """Yield the files that strings of a Terraform or Packer file name, and its whole module."""
    for match in _STRING.finditer(unit.artifact.text):
        name = re.sub(r"^\$\{path\.\w+\}/", "", match[1])
        path = _normal(unit.path.parent / name)
        if path in known.units and path.suffix not in MACHINES:
            yield Target(Span(*match.span(1)), "gives this file to the machine", path)
    for path in known.below.get(unit.path.parent, ()):
        if path.parent == unit.path.parent and path.suffix == unit.path.suffix:
            yield Target(Span(0, 0), "is of the same module", path)


def _dependencies(unit: Unit, known: Known) -> Iterator[Target]:
    _, found, text = unit.artifact.text.partition("dependencies:")
    start = len(unit.artifact.text) - len(text)
    for match in _DEPENDENCY.finditer(text) if found else ():
        for path in _role(unit.path, match[1], "main", known):
            yield Target(Span(*match.span(1)).shift(start), "depends on this role", path)
