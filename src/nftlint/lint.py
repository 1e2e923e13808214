"""The straight line: paths to candidates, scans, checks, fixes, and one report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from nftlint.artifact import Artifact, UnreadableTextError, decode
from nftlint.carriers.registry import HEAD, kind_of
from nftlint.config import Config, ConfigError, find_config, read_config
from nftlint.discover import Candidate, Tally, Unreadable, discover
from nftlint.results import Check, Failure, Location, NoFix, Report, Result, Untagged
from nftlint.scan import scan
from nftlint.span import Span


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says over the configuration. Empty means "as configured"."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    assume_tags: tuple[str, ...] = ()
    config: Path | None = None


@dataclass(frozen=True, slots=True)
class FileReport:
    """What one file gives, and what is needed to show it."""

    results: tuple[Result, ...] = ()
    untagged: tuple[Untagged, ...] = ()
    failures: tuple[Failure, ...] = ()
    artifacts: Mapping[str, Artifact] = field(default_factory=dict)
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
        from dataclasses import replace

        named = self._options.config
        found = read_config(named) if named is not None else find_config(directory)
        select = self._options.select or found.select
        return replace(found, select=select, ignore=found.ignore + self._options.ignore)

    def excluded(self, path: Path) -> bool:
        """Tell whether a path (absolute) is left out, by its configuration or ``--exclude``."""
        return self(path.parent).excludes(path) or self._here.excludes(path)


def lint(paths: Iterable[Path], options: Options) -> Report:
    """Lint every file under the paths.

    Raises ``ConfigError`` for a configuration that cannot be used; all that is wrong with
    single files is in the report.
    """
    configs = Configs(options)
    tally = Tally()
    reports = []
    for item in discover(list(paths), configs.excluded, tally):
        if isinstance(item, Unreadable):
            reports.append(FileReport(failures=(Failure(item.uri, item.reason),)))
        else:
            config = configs(item.path.absolute().parent)
            reports.append(lint_file(item, config, options))
    return merge(reports, tally.files)


def lint_data(item: Candidate, options: Options, default: str = "") -> FileReport:
    """Lint bytes under the configuration that holds where they stand. Raises ``ConfigError``."""
    config = Configs(options)(item.path.absolute().parent)
    return lint_file(item, config, options, default)


def checker(path: Path, options: Options, default: str = "") -> Check:
    """Return a way to lint an artifact again as what it was at ``path``."""
    config = Configs(options)(path.absolute().parent)

    def check(artifact: Artifact) -> Iterable[Result]:
        candidate = Candidate(path, artifact.uri, artifact.text.encode("utf-8"))
        return lint_file(candidate, config, options, default).results

    return check


def lint_text(text: str, name: str, tags: tuple[str, ...], kind: str = "") -> Report:
    """Lint a text as if it stood in a file ``name`` on hosts with these tags, unconfigured."""
    options = Options(assume_tags=tags)
    artifact = Artifact(name, text)
    path = Path(name).absolute()
    language = kind or kind_of(PurePosixPath(name), text[:HEAD]) or "shell"
    return merge([lint_artifact(artifact, language, path, Config(path.parent), options)], 1)


def lint_file(item: Candidate, config: Config, options: Options, default: str = "") -> FileReport:
    """Lint one file; whatever goes wrong in it stays in its own report.

    ``default`` is its kind where neither configuration nor content says one.
    """
    path = item.path.absolute()
    configured = config.kind_of(path)
    head = item.data[: HEAD * 4].decode("utf-8", "replace")[:HEAD].removeprefix("\ufeff")
    kind = configured or kind_of(PurePosixPath(path.as_posix()), head) or default
    if not kind and b"\0" not in item.data[:8192]:
        return FileReport()
    try:
        artifact = Artifact(item.uri, decode(item.data))
    except UnreadableTextError as error:
        return unreadable(item, error)
    return lint_artifact(artifact, kind, path, config, options)


def lint_artifact(
    artifact: Artifact, kind: str, path: Path, config: Config, options: Options
) -> FileReport:
    """Lint a text as ``kind``, as if it stood at ``path``. Raises ``ConfigError`` only."""
    from nftlint.analysis import analyse

    try:
        return analyse(scan(artifact, kind), path, config, options)
    except (MemoryError, ConfigError):
        raise
    except Exception as error:  # noqa: BLE001 - one file's crash must not cost the others
        what = f"{type(error).__name__}: {error}".strip()
        message = f"nftlint failed on this file, which is a defect of nftlint: {what}"
        return FileReport(failures=(Failure(artifact.uri, message),))


def unreadable(item: Candidate, error: UnreadableTextError) -> FileReport:
    """Return the NFT001 result for a file that is no text, at the first bad byte."""
    text = item.data[: error.offset].decode("utf-8", "replace")
    artifact = Artifact(item.uri, text + "\ufffd")
    result = not_read(Location(item.uri, Span(len(text), len(text) + 1)), str(error))
    return FileReport((result,), artifacts={item.uri: artifact})


def not_read(location: Location, message: str) -> Result:
    """Return an NFT001 result."""
    reason = "what cannot be read is never changed"
    return Result("NFT001", "unreadable-input", "error", message, location, NoFix(reason))


def merge(reports: Iterable[FileReport], files: int) -> Report:
    """Put the reports of single files together, sorted by URI, place and rule."""
    everything = list(reports)
    artifacts: dict[str, Artifact] = {}
    for report in everything:
        artifacts.update(report.artifacts)
    return Report(
        tuple(sorted(_all_results(everything), key=_order)),
        artifacts,
        tuple(failure for report in everything for failure in report.failures),
        tuple(item for report in everything for item in report.untagged),
        files,
    )


def _all_results(reports: Iterable[FileReport]) -> Iterator[Result]:
    for report in reports:
        yield from report.results


def _order(result: Result) -> tuple[str, Span, str]:
    return result.location.uri, result.location.span, result.rule
