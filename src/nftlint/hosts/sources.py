"""Files to inventories: which file of a tree is one, and which make up an environment.

Nothing is run and nothing is decrypted: an inventory script, a plugin's configuration and a
vaulted file are ``Opaque``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from nftlint.artifact import Artifact
from nftlint.carriers import YAML_ENDINGS
from nftlint.hosts.declared import Assigned, Broken, Declaration, Opaque, Source
from nftlint.hosts.inventory import assemble
from nftlint.hosts.inventory_ini import read_ini
from nftlint.hosts.inventory_yaml import read_variables, read_yaml
from nftlint.hosts.marks import TAGS, words
from nftlint.hosts.plays import has_hosts
from nftlint.hosts.settings import Named, settings
from nftlint.hosts.world import World
from nftlint.patterns import compiled
from nftlint.record import replace
from nftlint.span import Span

VARIABLES = ("group_vars", "host_vars")
_APART = frozenset(VARIABLES)
_YAML = (*YAML_ENDINGS, ".json")
IGNORED = compiled(
    r"\.|(?:group_vars|host_vars|vars_plugins)$|"
    r".*(?:~|\.(?:pyc|pyo|swp|bak|rpm|md|txt|rst|orig|cfg|retry|toml|j2|sh|py|pl|rb))$"
)
_NAMED = compiled(
    r"(?:hosts|inventory|inventories)(?:[-_.][\w-]+)*(?:\.(?:ini|ya?ml))?|[\w.-]+\.inventory|"
    r"[\w-]+[-_.](?:hosts|inventory)(?:\.(?:ini|ya?ml))?",
    re.IGNORECASE,
)
FOLDERS = compiled(r"(?:ansible[-_.]?)?(?:inventory|inventories|environments?|envs?)")
_CLUSTERS = "clusters"  # kubeasz: an inventory for each, and the playbooks beside that directory
_BRACE = compiled(r"\s*\{\s*[^\s}]")  # an empty mapping is none to ansible-core
_TOP_KEY = compiled(r"(?m)^[\"']?([A-Za-z_]\w*)[\"']?[ \t]*:")
_SECTION = compiled(r"(?m)^[ \t]*\[[^\]\s]+\][ \t]*(?:#.*)?$")
_GROUP = compiled(
    r"(?m)^(['\"]?)[\w.-]+\1:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*[ \t]+(?:hosts|children|vars):"
)

Texts = Mapping[Path, Artifact]
"""Absolute paths with their texts."""


def worlds(texts: Texts) -> dict[Path, World]:
    """Return each environment among the files, by the directory or file that it is read from.

    What ``ansible.cfg`` names is one environment, read from that file.
    """
    found: dict[Path, list[Path]] = {}
    missing: dict[Path, list[Opaque]] = {}
    for item in settings(texts):
        named = {one: _named_files(one.path, texts) for one in item.inventories}
        missing[item.source] = [_missing(one) for one, files in named.items() if not files]
        found[item.source] = [path for files in named.values() for path in files]
    taken = {path for paths in found.values() for path in paths}
    for path in sorted(texts):
        if path not in taken and _is_inventory(path, texts[path].text):
            found.setdefault(_environment(path), []).append(path)
    return {
        source: read_world(source, paths, texts, missing.get(source, ()))
        for source, paths in found.items()
        if paths or missing.get(source)
    }


def _named_files(path: Path, texts: Texts) -> list[Path]:
    """Return the files of an inventory that is named: itself, or those of the directory."""
    if path in texts:
        return [path]
    within = (file for file in sorted(texts) if path in file.parents)
    return [
        file
        for file in within
        if not any(IGNORED.match(part) for part in file.relative_to(path).parts)
    ]


def _missing(named: Named) -> Opaque:
    message = f"the inventory '{named.path.name}' is a program, or is not in the tree"
    return Opaque(named.location, message)


def read_world(
    source: Path, paths: Sequence[Path], texts: Texts, unknown: Sequence[Opaque] = ()
) -> World:
    """Return the world of an environment's inventory files, with the variables beside them.

    Those beside the playbooks of its project come after them, and so count for more.
    """
    files: list[list[Declaration]] = [[*unknown]]
    files += [list(read_inventory(path, texts[path])) for path in paths]
    variables = {path: texts[path] for path in texts if not _APART.isdisjoint(path.parts)}
    books = tuple(_of_playbooks(project(source), variables, texts))
    beside = [
        folder for folder in dict.fromkeys(path.parent for path in paths) if folder not in books
    ]
    for stage, directories in ((1, beside), (2, books)):
        for directory in directories:
            files += [_at(stage, read) for read in variables_in(directory, variables)]
    single = len(paths) == 1
    name = texts[paths[0]].uri if single else _uri_of_directory(source, paths, texts)
    return assemble(name, files)


def _at(stage: int, read: Iterator[Declaration]) -> list[Declaration]:
    return [replace(item, stage=stage) if isinstance(item, Assigned) else item for item in read]


def project(source: Path) -> Path:
    """Return the directory that an inventory is for: above ``inventory/`` and the like."""
    for folder in (source, *list(source.parents)[:3]):
        named = FOLDERS.fullmatch(folder.name) or folder.name == _CLUSTERS
        if named and folder != source.parents[-1]:
            return folder.parent
    return source.parent


def _of_playbooks(top: Path, variables: Iterable[Path], texts: Texts) -> Iterator[Path]:
    """Yield the directories of a project with playbooks, and variables beside them."""
    folders = {
        folder.parent
        for path in variables
        for folder in list(path.parents)[:3]
        if folder.name in VARIABLES and folder.is_relative_to(top)
    }
    for folder in sorted(folders):
        books = (path for path in texts if path.parent == folder and path.suffix in _YAML)
        if any(has_hosts(texts[path].text) for path in books):
            yield folder


def read_inventory(path: Path, artifact: Artifact) -> Iterator[Declaration]:
    """Yield what an inventory file says, in whichever format it is."""
    source = Source.of(artifact)
    if (opaque := _opaque(source)) is not None:
        yield opaque
    elif _is_yaml(path, artifact.text):
        yield from read_yaml(source)
    else:
        yield from read_ini(source)


def variables_in(directory: Path, texts: Texts) -> Iterator[Iterator[Declaration]]:
    """Yield, file by file, the variables in ``group_vars`` and ``host_vars`` of a directory."""
    for kind in VARIABLES:
        top = directory / kind
        for path in sorted(path for path in texts if top in path.parents):
            name = path.relative_to(top).parts[0]
            if path.parent == top:
                name = path.stem if path.suffix in _YAML else path.name
            yield _variables(texts[path], name, kind)


def _variables(artifact: Artifact, name: str, kind: str) -> Iterator[Declaration]:
    source = Source.of(artifact)
    opaque = _opaque(source)
    if opaque is not None:
        yield opaque
        return
    if TAGS not in artifact.text and not words().stand_in(artifact.text):
        yield from _named_only(source, name, kind)
        return
    for item in read_variables(source, name, of_group=kind == "group_vars"):
        if not isinstance(item, Broken):  # any file may lie there; only inventories are reported
            yield item


def _named_only(source: Source, name: str, kind: str) -> Iterator[Declaration]:
    """Yield variables without their values, which tell nothing.

    That a group has any says that it is there, and they may stand for others farther away.
    """
    for found in _TOP_KEY.finditer(source.fragment.text):
        at = source.at(Span(*found.span(1)))
        yield Assigned(name, kind == "group_vars", found[1], None, at)


def _opaque(source: Source) -> Opaque | None:
    text = source.fragment.text
    first = Span(0, len(text.split("\n", 1)[0]))
    if text.startswith("#!"):
        return Opaque(source.at(first), "an inventory script, which nftlint does not run")
    if text.startswith("$ANSIBLE_VAULT;"):
        return Opaque(source.at(first), "a vaulted file, which nftlint does not decrypt")
    return None


def _is_yaml(path: Path, text: str) -> bool:
    """Tell the format as ansible-core does: by the suffix, and without one by what is in it."""
    if path.suffix:
        return path.suffix in _YAML
    return bool(_BRACE.match(text)) or (not _SECTION.search(text) and bool(_GROUP.search(text)))


def tells_by_itself(path: Path, text: str) -> bool:
    """Tell whether a file is part of an inventory: it tells of its hosts, not of who reads it."""
    return any(part in VARIABLES for part in path.parts) or _is_inventory(path, text)


def _is_inventory(path: Path, text: str) -> bool:
    """Tell an inventory by its name or its directory, and by what it holds."""
    if IGNORED.match(path.name) or any(part in VARIABLES for part in path.parts):
        return False
    if any(
        part in ("roles", "tasks", "templates", "defaults", "vars") for part in path.parts[-4:-1]
    ):
        return False
    named = bool(_NAMED.fullmatch(path.name))
    folder = any(FOLDERS.fullmatch(part) for part in path.parts[-4:-1])
    if not named and not folder:
        return False
    if path.suffix in _YAML:
        return bool(_GROUP.search(text)) or text.startswith(("plugin:", "$ANSIBLE_VAULT"))
    if path.suffix not in ("", ".ini", ".inventory") and not named:
        return False
    head = text.lstrip()
    opaque = head.startswith("$ANSIBLE_VAULT") or (head.startswith("#!") and folder)
    return opaque or bool(_SECTION.search(text)) or bool(_GROUP.search(text))


def _environment(path: Path) -> Path:
    """Return the source that an inventory file is part of.

    Files straight in ``inventories/`` are a world each; those of a directory below, or in
    ``inventory/``, are read together, as ``ansible -i DIRECTORY`` does.
    """
    folder = path.parent
    if folder.name in ("inventories", "environments", "envs") or not any(
        FOLDERS.fullmatch(part) for part in path.parts[-4:-1]
    ):
        return path
    return folder


def _uri_of_directory(source: Path, paths: Sequence[Path], texts: Texts) -> str:
    if source in texts:
        return texts[source].uri
    first = texts[paths[0]].uri
    up = len(paths[0].relative_to(source).parts)
    return "/".join(first.split("/")[:-up]) or "."
