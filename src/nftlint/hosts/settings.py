"""What ``ansible.cfg`` says of inventories and roles.

Paths are relative to that file, and several inventories are read as one. Source: Ansible's
documentation, "Ansible Configuration Settings".
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from nftlint.artifact import Artifact
from nftlint.patterns import compiled
from nftlint.record import dataclass
from nftlint.results import Location
from nftlint.span import Span

FILE_NAME = "ansible.cfg"

_DEFAULTS = compiled(r"(?ms)^\[defaults\][ \t]*\r?$(.*?)(?=^\[|\Z)")
_SETTING = compiled(r"(?m)^(inventory|hostfile|roles_path)[ \t]*[=:][ \t]*([^\r\n;#]*)")
_ELSEWHERE = ("/", "~", "$", "{{")


@dataclass(frozen=True, slots=True)
class Named:
    """A path that the settings name, absolute, and where they do."""

    path: Path
    location: Location


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of the playbooks in the directory of ``source``, and below it."""

    source: Path
    inventories: tuple[Named, ...] = ()
    roles: tuple[Named, ...] = ()


def settings(texts: Mapping[Path, Artifact]) -> list[Settings]:
    """Return the settings of each ``ansible.cfg`` among the files."""
    return [_read(path, texts[path]) for path in sorted(texts) if path.name == FILE_NAME]


def _read(source: Path, artifact: Artifact) -> Settings:
    inventories: list[Named] = []
    roles: list[Named] = []
    for section in _DEFAULTS.finditer(artifact.text):
        for found in _SETTING.finditer(artifact.text, *section.span(1)):
            is_roles = found[1] == "roles_path"
            for name, span in _split(found, ":" if is_roles else ","):
                path = Path(os.path.normpath(source.parent / name))
                named = Named(path, Location(artifact.uri, span))
                (roles if is_roles else inventories).append(named)
    return Settings(source, tuple(inventories), tuple(roles))


def _split(found: re.Match[str], separator: str) -> Iterator[tuple[str, Span]]:
    """Yield the paths of a setting that may lie in the tree, each with its place."""
    at = found.start(2)
    for part in found[2].split(separator):
        name = part.strip().strip("\"'")
        if name and not name.startswith(_ELSEWHERE):
            start = at + part.index(name)
            yield name, Span(start, start + len(name))
        at += len(part) + 1
