"""The second look: what else of the tree may tell which hosts the files with nft are for.

It is taken only where something writes nft rules, so a tree without any costs nothing more.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nftlint.artifact import Artifact, UnreadableTextError, decode
from nftlint.carriers.registry import kind_of
from nftlint.config import Config
from nftlint.discover import uri_of
from nftlint.hosts.sources import Texts
from nftlint.scan import scan
from nftlint.unit import Unit

LARGEST = 512 * 1024
"""Larger files, in bytes, are not read for evidence: what tells of a host is small."""

PASSED_OVER = frozenset(
    {"node_modules", "venv", "site-packages", "__pycache__", "vendor", "docs", "target", "dist"}
)
_SUFFIXES = """
.yml .yaml .json .ini .cfg .sh .bash .j2 .tpl .tftpl .tf .hcl .tfvars .env .service .conf
.inventory .dockerfile .toml
"""
SUFFIXES = frozenset(("", *_SUFFIXES.split()))
ROOTS = (".git", "nftlint.toml", "ansible.cfg", ".hg")
"""What tells the top of a project, above which no evidence is sought."""

_HEAD = 4096


@dataclass(frozen=True, slots=True)
class Survey:
    """``units`` are files beside those that are linted; ``texts`` is every text by its path."""

    units: tuple[Unit, ...]
    texts: Texts


def survey(
    paths: Iterable[Path],
    linted: Iterable[Unit],
    config_of: Callable[[Path], Config],
    excluded: Callable[[Path], bool],
) -> Survey:
    """Read what lies beside the linted files, from the tops of their projects down."""
    have = {unit.path: unit for unit in linted}
    texts = {path: unit.artifact for path, unit in have.items()}
    units = []
    tops = (top_of(path.absolute()) for path in paths)
    for path in _files(dict.fromkeys(top for top in tops if top is not None), excluded):
        if path not in have and (artifact := _read(path)) is not None:
            texts[path] = artifact
            units.append(_unit(path, artifact, config_of(path.parent)))
    return Survey(tuple(units), texts)


def top_of(path: Path) -> Path | None:
    """Return the nearest directory upward that is the top of a project, else the path itself.

    ``None`` for a file that is in no project: what lies beside it may be anything.
    """
    if not path.exists():
        return None
    start = path if path.is_dir() else path.parent
    for directory in (start, *start.parents):
        if any((directory / name).exists() for name in ROOTS):
            return directory
    return path if path.is_dir() else None


def _files(tops: Iterable[Path], excluded: Callable[[Path], bool]) -> Iterator[Path]:
    seen: set[Path] = set()
    for top in tops:
        for folder, directories, names in os.walk(top):
            directories[:] = sorted(
                name
                for name in directories
                if not name.startswith(".")
                and name not in PASSED_OVER
                and not excluded(Path(folder, name))
            )
            for name in sorted(names):
                path = Path(folder, name)
                suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122 - a path each is dear
                if (suffix in SUFFIXES or _is_docker(name)) and path not in seen:
                    seen.add(path)
                    if not excluded(path):
                        yield path


def _is_docker(name: str) -> bool:
    return name.lower().startswith(("dockerfile", "containerfile", "hosts", "inventory"))


def _read(path: Path) -> Artifact | None:
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return None
        return Artifact(uri_of(path), decode(path.read_bytes()))
    except (OSError, UnreadableTextError):
        return None


def _unit(path: Path, artifact: Artifact, config: Config) -> Unit:
    kind = kind_of(PurePosixPath(path.as_posix()), artifact.text[:_HEAD].removeprefix("\ufeff"))
    if kind is None or kind in ("nft", "template"):
        return Unit(path, artifact, config, None)
    try:
        return Unit(path, artifact, config, scan(artifact, kind))
    except Exception:  # noqa: BLE001 - it is read for evidence only; where it is linted, it is told
        return Unit(path, artifact, config, None)
