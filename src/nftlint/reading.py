"""Stage one for one file: its text and kind to a unit."""

from __future__ import annotations

from pathlib import Path

from nftlint.artifact import Artifact
from nftlint.config import Config
from nftlint.configs import Options
from nftlint.directives import parse_directives
from nftlint.hosts.tags import NONE, tagged_hosts
from nftlint.scan import scan
from nftlint.unit import Unit


def read_unit(artifact: Artifact, kind: str, path: Path, config: Config, options: Options) -> Unit:
    """Scan a text as ``kind`` (empty: not known yet) and read its directives."""
    found = scan(artifact, kind) if kind else None
    directives = tuple(parse_directives(found.directives)) if found is not None else ()
    hosts = tagged_hosts(artifact.uri, path, config, directives, options.assume_tags)
    told = tuple(host for host in hosts if host.tags != (NONE,))
    return Unit(path, artifact, config, found, directives, told, settled=bool(hosts))
