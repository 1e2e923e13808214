"""What the command line says, and the configuration of each directory under it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from nftlint.config import Config, find_config, read_config


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says over the configuration. Empty means "as configured".

    ``isolated`` leaves all configuration files unread; ``kind`` is taken for every file.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    assume_tags: tuple[str, ...] = ()
    config: Path | None = None
    isolated: bool = False
    kind: str = ""


class Configs:
    """The configuration of each directory, read once."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._known: dict[Path, Config] = {}
        self._here = Config(Path.cwd(), exclude=options.exclude)

    def __call__(self, directory: Path) -> Config:
        """Return what holds in ``directory`` (absolute). Raises ``ConfigError``."""
        if directory not in self._known:
            self._known[directory] = self._find(directory)
        return self._known[directory]

    def _find(self, directory: Path) -> Config:
        options = self._options
        if options.isolated:
            found = Config(directory)
        elif options.config is not None:
            found = read_config(options.config)
        else:
            found = find_config(directory)
        select = options.select or found.select
        return replace(found, select=select, ignore=found.ignore + options.ignore)

    def excluded(self, path: Path) -> bool:
        """Tell whether a path (absolute) is left out, by its configuration or ``--exclude``."""
        return self(path.parent).excludes(path) or self._here.excludes(path)
