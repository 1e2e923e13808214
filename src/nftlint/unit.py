"""A readable file on its way through the stages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nftlint.artifact import Artifact
from nftlint.config import Config
from nftlint.directives import Parsed
from nftlint.results import Host
from nftlint.scan import Scan


@dataclass(frozen=True, slots=True)
class Unit:
    """One readable file: its text, what was found in it, and the hosts that it is for.

    ``path`` is absolute. ``found`` is ``None`` for a file whose kind nothing tells, until something
    refers to it.
    """

    path: Path
    artifact: Artifact
    config: Config
    found: Scan | None
    directives: tuple[Parsed, ...] = ()
    hosts: tuple[Host, ...] = ()
