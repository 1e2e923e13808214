"""Which files of a run a file names: what its carriers refer to, roles, directories, Terraform."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from nftlint.artifact import Artifact
from nftlint.found import Reference
from nftlint.fragment import to_root
from nftlint.holes import has_holes
from nftlint.hosts.machines import MODULES, builds, describes_machines
from nftlint.hosts.settings import settings
from nftlint.patterns import compiled
from nftlint.record import dataclass, field
from nftlint.span import Span
from nftlint.unit import Unit

ROLE_DIRECTORIES = ("files", "templates", "tasks", "handlers", "vars")
ROLE_PARTS = ("tasks", "handlers", "meta", "defaults", "vars")

_NO_SCRIPT = compiled(r"(?i)\..*|(?:readme|licen[sc]e|copying)\b.*|.*\.(?:md|rst|txt|ya?ml|json)")
"""Names of files that lie beside scripts and are none."""

_STRING = compiled(
    r"[\"']((?:\$\{path\.(?:module|root)\}/|\{\{ ?template_dir ?\}\}/)?"
    r"[\w./-]*[\w-]\.?[\w-]*)[\"']"
)
_DEPENDENCY = compiled(r"(?m)^\s*-\s+(?:(?:role|name):\s*)?[\"']?([\w.-]+)[\"']?\s*$")

_LOADED = compiled(r"(?m)^[ ]*(?:-[ ]+)?vars_files:[ \t]*(?:#.*)?$")
_ITEM = compiled(r"(?m)^[ ]*-[ ]+[\"']?([^\"'\n#]+?)[\"']?[ \t]*(?:#.*)?$")
_NO_ITEM = compiled(r"(?m)^[ ]*(?!-[ ]+[^\n:]*$)[^\s#]")
_INCLUDED = compiled(
    r"(?m)^[ ]*(?:-[ ]+)?(?:ansible\.builtin\.)?include_vars:[ \t]*(?:\n[ ]+file:[ \t]*)?"
    r"[\"']?([^\"'\n#]+?)[\"']?[ \t]*$"
)

_APPLIED = compiled(
    r"\b(?:kubectl|kops|k0s|k3s)\b[^\n|;&]*?\s(?:-f|-k|-c|--filename|--kustomize|--config)"
    r"[= ]+[\"']?([\w./-]+)"
)


@dataclass(frozen=True, slots=True)
class Target:
    """A file that another names at ``span`` of its artifact; ``why`` says how.

    ``settings`` tells that it is one of variables for plays of many kinds: what is set there says
    how such hosts are, not which hosts are such.
    """

    span: Span
    why: str
    path: Path
    language: str = ""
    settings: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """The files of a run, and those below each directory, at any depth.

    ``roles`` are the directories of roles that ``ansible.cfg`` names, with that file's directory;
    ``templates`` are Packer's, each of which makes machines of its own.
    """

    paths: AbstractSet[Path]
    below: Mapping[Path, Sequence[Path]] = field(default_factory=dict)
    roles: Sequence[tuple[Path, Path]] = ()
    templates: AbstractSet[Path] = frozenset()

    @classmethod
    def of(cls, texts: Mapping[Path, Artifact]) -> Known:
        """Return the files, found again by directory."""
        every = tuple(texts)
        above: dict[Path, tuple[Path, ...]] = {}
        below: dict[Path, list[Path]] = {}
        for path in every:
            folder = path.parent
            if folder not in above:
                above[folder] = (folder, *folder.parents)
            for directory in above[folder]:
                below.setdefault(directory, []).append(path)
        roles = [
            (item.source.parent, named.path) for item in settings(texts) for named in item.roles
        ]
        templates = frozenset(path for path in every if builds(path, texts[path].text))
        return cls(frozenset(every), below, roles, templates)

    def above(self, source: Path) -> Iterator[Path]:
        """Yield the directories in which a file's roles are sought, in order."""
        for top in source.parents:
            yield from (folder for start, folder in self.roles if start == top)
            yield top / "roles"
            yield top


def targets(unit: Unit, known: Known) -> Iterator[Target]:
    """Yield each file of the run that a file names, itself left out."""
    found: Iterable[Target] = ()
    if unit.found is not None:
        found = (
            target for item in unit.found.references for target in _referred(unit, item, known)
        )
        found = (*found, *_applied(unit, known))
        if unit.found.kind == "ansible":
            found = (*found, *_variables(unit, known))
        elif describes_machines(unit.path, unit.artifact.text):
            found = (*found, *_strings(unit, known))
    elif describes_machines(unit.path, unit.artifact.text):
        found = _strings(unit, known)
    elif unit.path.parent.name == "meta":
        found = _dependencies(unit, known)
    yield from (target for target in found if target.path != unit.path)


def _referred(unit: Unit, item: Reference, known: Known) -> Iterator[Target]:
    if item.verb == "includes" and item.base == "role" and has_holes(item.target):
        yield from _perhaps_included(unit, item, known)
    if has_holes(item.target) or not item.target or item.base == "host":
        return
    span = to_root(item.place.fragment, item.place.span)
    why = f"{item.verb} this file"
    if item.base == "role" and item.target.startswith("roles/"):
        name, _, rest = item.target.removeprefix("roles/").partition("/tasks/")
        for path in _role(unit.path, name, rest or "main", known):
            yield Target(span, "runs this role", path)
        return
    for path in candidates(unit.path, item):
        if path in known.paths:
            yield Target(span, why, path, item.language)
            return
        if path in known.below and path not in unit.path.parents:
            for file in known.below[path]:
                yield Target(span, why, file, language_below(file, item))
            return


def _perhaps_included(unit: Unit, item: Reference, known: Known) -> Iterator[Target]:
    """Yield the files of tasks that a name with a template in it may stand for.

    Whichever of them is included, it runs on the same hosts.
    """
    literal = re.split(r"[\U00100000-\U0010fffd]+", item.target)
    if not any(re.search(r"\w", part.removesuffix(".yml")) for part in literal):
        return
    name = re.compile("[^/]+".join(map(re.escape, literal)))
    span = to_root(item.place.fragment, item.place.span)
    folder = unit.path.parent
    for path in known.below.get(folder, ()):
        if name.fullmatch(path.relative_to(folder).as_posix()):
            yield Target(span, "may include this file", path, item.language)


def _applied(unit: Unit, known: Known) -> Iterator[Target]:
    """Yield the manifests and configurations that a cluster's own programs are given."""
    if ".y" not in unit.artifact.text and "kubectl" not in unit.artifact.text:
        return
    for match in _APPLIED.finditer(unit.artifact.text):
        path = _normal(unit.path.parent / match[1])
        files = (path,) if path in known.paths else known.below.get(path, ())
        if path not in unit.path.parents:
            span = Span(*match.span(1))
            yield from (Target(span, "applies this file", file) for file in files)


def language_below(file: Path, item: Reference) -> str:
    """Return what a file is read as that lies in a directory which is copied as a whole."""
    return "" if _NO_SCRIPT.fullmatch(file.name) else item.language


def candidates(source: Path, item: Reference) -> Iterator[Path]:
    """Yield the paths that a reference in the file ``source`` may mean, the likeliest first."""
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
    for top in known.above(source):
        for directory in (top / name, top / last):
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


def _variables(unit: Unit, known: Known) -> Iterator[Target]:
    """Yield the files of variables that plays (``vars_files``) and tasks load."""
    text = unit.artifact.text
    for match in _LOADED.finditer(text):
        for line in _ITEM.finditer(text, match.end(), _end_of_list(text, match.end())):
            yield from _loaded(unit, line, known)
    for line in _INCLUDED.finditer(text):
        yield from _loaded(unit, line, known)


def _end_of_list(text: str, start: int) -> int:
    found = _NO_ITEM.search(text, start)
    return found.start() if found else len(text)


def _loaded(unit: Unit, line: re.Match[str], known: Known) -> Iterator[Target]:
    name = re.sub(r"^\{\{\s*playbook_dir\s*\}\}/", "", line[1])
    folder = unit.path.parent
    for path in (folder / name, folder / "vars" / name, folder.parent / "vars" / name):
        if _normal(path) in known.paths:
            yield Target(
                Span(*line.span(1)), "loads these variables", _normal(path), "", settings=True
            )
            return


def _strings(unit: Unit, known: Known) -> Iterator[Target]:
    """Yield the files that strings of a machine's description name, and its whole module."""
    for match in _STRING.finditer(unit.artifact.text):
        name = re.sub(r"^(?:\$\{path\.\w+\}|\{\{ ?\w+ ?\}\})/", "", match[1])
        path = _normal(unit.path.parent / name)
        if path in known.paths and path.suffix not in MODULES and not _in_comment(unit, match):
            yield Target(Span(*match.span(1)), "gives this file to the machine", path)
    if unit.path.suffix in MODULES:
        yield from _module(unit, known)


def _in_comment(unit: Unit, match: re.Match[str]) -> bool:
    text = unit.artifact.text
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    return line.lstrip().startswith(("#", "//"))


def _module(unit: Unit, known: Known) -> Iterator[Target]:
    """Yield the files of a module; of Packer's those that are no templates by themselves."""
    folder = unit.path.parent
    for path in known.below.get(folder, ()):
        beside = path.parent == folder and path.suffix == unit.path.suffix
        if beside and path not in known.templates:
            yield Target(Span(0, 0), "is of the same module", path)


def _dependencies(unit: Unit, known: Known) -> Iterator[Target]:
    _, found, text = unit.artifact.text.partition("dependencies:")
    start = len(unit.artifact.text) - len(text)
    for match in _DEPENDENCY.finditer(text) if found else ():
        for path in _role(unit.path, match[1], "main", known):
            yield Target(Span(*match.span(1)).shift(start), "depends on this role", path)
