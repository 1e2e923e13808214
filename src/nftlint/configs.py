"""What the command line says, and the configuration of each directory under it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from nftlint.config import Config, own_config, read_config
from nftlint.record import dataclass, replace

if TYPE_CHECKING:  # a clean run needs none of what a baseline does
    from nftlint.baseline import Baseline


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says over the configuration. Empty means "as configured".

    ``isolated`` leaves all configuration files unread; ``kind`` is taken for every file;
    ``baseline`` are findings that are left as they are; ``ignore_files`` leaves out what git
    ignores; ``jobs`` is how many processes may share the work.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    assume_tags: tuple[str, ...] = ()
    config: Path | None = None
    isolated: bool = False
    kind: str = ""
    baseline: Baseline | None = None
    ignore_files: bool = True
    jobs: int = 1


class Configs:
    """The configuration of each directory, read once: its own, else its parent's."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._known: dict[str, Config] = {}
        self._here = Config(Path.cwd(), exclude=options.exclude)

    def __call__(self, directory: Path | str) -> Config:
        """Return what holds in ``directory`` (absolute). Raises ``ConfigError``."""
        key = os.fspath(directory)
        unknown: list[str] = []  # a list and no recursion: directories may be nested deeply
        while key not in self._known:
            unknown.append(key)
            if (found := self._own(key)) is not None:
                self._known[key] = found
            else:
                key = os.path.dirname(key)  # noqa: PTH120 - asked of every directory of a tree
        self._known.update(dict.fromkeys(unknown, self._known[key]))
        return self._known[key]

    def _own(self, directory: str) -> Config | None:
        """Return what is not for the directory above to say."""
        options = self._options
        if options.isolated:
            return self._under_options(Config(Path(directory)))
        if options.config is not None:
            return self._under_options(read_config(options.config))
        own = own_config(directory)
        if own is None and os.path.dirname(directory) == directory:  # noqa: PTH120 - asked of every directory
            own = Config(Path(directory))
        return None if own is None else self._under_options(own)

    def _under_options(self, found: Config) -> Config:
        select = self._options.select or found.select
        return replace(found, select=select, ignore=found.ignore + self._options.ignore)

    def excluded(self, path: str) -> bool:
        """Tell whether a path (absolute) is left out, by its configuration or ``--exclude``."""
        config = self(os.path.dirname(path))  # noqa: PTH120 - of every file
        if not config.exclude and not self._here.exclude:
            return False
        return config.excludes(Path(path)) or self._here.excludes(Path(path))
