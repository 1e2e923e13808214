"""The straight line: paths to candidates, scans, links, checks, fixes, and one report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from nftlint.artifact import Artifact
from nftlint.baseline import Baseline, gone, without_known
from nftlint.configs import Configs, Options
from nftlint.discover import Candidate, Collected, Unreadable, collect
from nftlint.filereport import FileReport, merge
from nftlint.loaded import with_loaded
from nftlint.opening import opened
from nftlint.patience import SECONDS, OutOfPatienceError, patient
from nftlint.record import dataclass, replace
from nftlint.results import Check, Failure, Fix, Report, Result
from nftlint.shielding import Exposures, exposures, shielded
from nftlint.sieve.idle import is_idle
from nftlint.sourced import Within, with_sourced
from nftlint.unit import Unit
from nftlint.users import sourcing_scripts


@dataclass(frozen=True, slots=True)
class Linted:
    """A run: its report, and the readable files by URI, each as it was judged.

    ``exposed`` are the tables in which no fix may take a shield away (see ``shielding``);
    ``withheld`` are the nft statements whose fixes the kernel has found wrong; ``baseline`` are the
    findings that are left as they are.
    """

    report: Report
    units: Mapping[str, Unit]
    exposed: Exposures
    withheld: frozenset[tuple[str, ...]] = frozenset()
    baseline: Baseline | None = None

    def again(self, unit: Unit) -> Check:
        """Return a way to lint another text in a unit's place: same kind, hosts, configuration."""

        def check(artifact: Artifact) -> Iterable[Result]:
            if unit.found is None:
                return ()
            from nftlint.scan import scan

            artifact = replace(artifact, sourced=unit.artifact.sourced)
            found = scan(artifact, unit.found.kind)
            judged = _analyse(replace(unit, artifact=artifact, found=found))
            judged = without_known(judged, self.baseline)
            return [
                result
                for result in shielded(judged.results, self.exposed)
                if not isinstance(result.fix, Fix) or result.fix.nft not in self.withheld
            ]

        return check


def lint(paths: Iterable[Path], options: Options) -> Linted:
    """Lint every file under the paths.

    Raises ``ConfigError`` for a configuration that cannot be used; all that is wrong with
    single files is in the report.
    """
    paths = list(paths)
    excluded = Configs(options).excluded
    found = collect(paths, excluded, ignore_files=options.ignore_files)
    return lint_collected(found, options, paths)


def lint_collected(collected: Collected, options: Options, paths: Sequence[Path] = ()) -> Linted:
    """Lint files that are already found. Raises ``ConfigError`` as ``lint`` does.

    What tells their hosts is sought in the projects of the files, and of ``paths``.
    """
    configs = Configs(options)
    read = read_collected(collected, configs, options)
    read = with_loaded(read, paths, partial(_read_as, configs, options))
    read = with_sourced(
        read,
        Within.of(paths),
        partial(_read_as, configs, options),
        _read_again,
        partial(sourcing_scripts, excluded=configs.excluded, ignore_files=options.ignore_files),
    )
    return _finish(read, collected.files, configs, options, paths)


def read_collected(
    collected: Collected, configs: Configs, options: Options
) -> list[Unit | FileReport]:
    """Return each file as it is read, with the hosts that it is tagged for, or why it is not.

    Raises ``ConfigError``.
    """
    return [_read(item, configs, options) for item in collected.items]


def lint_data(item: Candidate, options: Options, default: str = "") -> Linted:
    """Lint bytes as the file that ``item`` names; ``default`` is its kind where nothing tells it.

    Raises ``ConfigError``.
    """
    configs = Configs(options)
    return _finish([_read(item, configs, options, default)], 1, configs, options)


def lint_text(text: str, name: str, tags: tuple[str, ...], kind: str = "") -> Report:
    """Lint a text as if it stood in a file ``name`` on hosts with these tags.

    ``kind`` is its language, by default what its name and content say, else a shell script.
    Raises ``ConfigError``.
    """
    candidate = Candidate(Path(name), name, text.encode("utf-8"))
    options = Options(assume_tags=tags, isolated=True, kind=kind)
    return lint_data(candidate, options, default="shell").report


def _read(
    item: Candidate | Unreadable, configs: Configs, options: Options, default: str = ""
) -> Unit | FileReport:
    if isinstance(item, Unreadable):
        return FileReport(failures=(Failure(item.uri, item.reason),))
    path = item.path.absolute()
    config = configs(path.parent)
    found = opened(item, options.kind or config.kind_of(path) or "", default)
    if isinstance(found, FileReport):
        return found
    if not found[1] and not item.named and is_idle(item.path.name, item.data):
        return FileReport()  # whatever refers to it
    from nftlint.reading import read_unit

    return _guarded(item.uri, lambda: read_unit(*found, path, config, options))


def _read_as(
    configs: Configs, options: Options, item: Candidate, language: str
) -> Unit | FileReport:
    """Read a file that is known to be in a language, by what refers to it."""
    return _read(item, configs, options, default=language)


def _read_again(unit: Unit, artifact: Artifact) -> Unit:
    """Read a unit's text together with other files; as it was where that cannot be done."""

    def step() -> Unit:
        from nftlint.scan import scan

        kind = unit.found.kind if unit.found is not None else ""
        return replace(unit, artifact=artifact, found=scan(artifact, kind))

    read = _guarded(artifact.uri, step)
    return read if isinstance(read, Unit) else unit


def _finish(
    read: Iterable[Unit | FileReport],
    files: int,
    configs: Configs,
    options: Options,
    paths: Sequence[Path] = (),
) -> Linted:
    everything = list(read)
    units = [item for item in everything if isinstance(item, Unit)]
    reports = [item for item in everything if isinstance(item, FileReport)]
    texts: Mapping[str, Artifact] = {}
    if units:
        units, texts, wrong = _linked(units, configs, options, paths)
        reports.append(wrong)
    speaking = [unit for unit in units if unit.found is not None and not unit.found.silent]
    if speaking:
        from nftlint.judging import judged

        reports += judged(speaking, _judge, options.jobs)
    reports = [without_known(item, options.baseline) for item in reports]
    report = _with_evidence(merge(reports, files), texts)
    unmended = [item.result for item in report.suppressed]
    unmended += [result for item in reports for result in item.hidden]
    exposed = exposures((*report.results, *unmended), report.artifacts)
    report = replace(
        report,
        results=tuple(shielded(report.results, exposed)),
        gone=gone(options.baseline, report, paths),
    )
    by_uri = {unit.artifact.uri: unit for unit in units}
    return Linted(report, by_uri, exposed, baseline=options.baseline)


def _linked(
    units: list[Unit], configs: Configs, options: Options, paths: Sequence[Path]
) -> tuple[list[Unit], Mapping[str, Artifact], FileReport]:
    """Return the units with their hosts and what other files tell of those.

    The texts are those that evidence may name; the report is what is wrong with inventories.
    """
    from nftlint.hosts.told import told_hosts

    told = told_hosts(units, paths, configs, options)
    units, texts = list(told.units), told.texts
    if not options.isolated and any(_open(unit) for unit in units):
        from nftlint.hosts.beside import LeftOut
        from nftlint.hosts.releases import with_releases

        places = [*paths, *(unit.path for unit in units)]
        left_out = LeftOut(configs.excluded, options.ignore_files)
        units, more = with_releases(units, places, left_out)
        texts = {**more, **texts}
    if any(unit.found is not None and unit.found.runs for unit in units):
        from nftlint.configured import with_flushes

        units = with_flushes(units)
    return units, texts, told.report


def _open(unit: Unit) -> bool:
    """Tell whether it matters which versions a file's hosts have: it has nft calls for them."""
    return unit.found is not None and bool(unit.found.calls and (unit.hosts or unit.scoped))


def _with_evidence(report: Report, texts: Mapping[str, Artifact]) -> Report:
    """Return the report with the text of every file that it names as evidence."""
    hosts = (host for result in report.results for host in result.hosts)
    named = {item.location.uri for host in hosts for item in host.evidence}
    named.update(place.uri for result in report.results for place in result.related)
    more = {uri: texts[uri] for uri in named if uri in texts and uri not in report.artifacts}
    return replace(report, artifacts={**report.artifacts, **more}) if more else report


def _judge(unit: Unit) -> FileReport:
    return _guarded(unit.artifact.uri, partial(_analyse, unit))


def _analyse(unit: Unit) -> FileReport:
    from nftlint.analysis import analyse

    return analyse(unit)


_T = TypeVar("_T")


def _guarded(uri: str, step: Callable[[], _T]) -> _T | FileReport:
    """Keep a crash on one file from costing the others; it is reported by the file's name."""
    from nftlint.config import ConfigError

    try:
        with patient():
            return step()
    except ConfigError:
        raise
    except MemoryError:
        message = "not read: there is not enough memory for it"
    except RecursionError:
        message = "nested too deeply to be read"
    except OutOfPatienceError:
        message = f"not read: it would take more than {SECONDS:.0f} s"
    except Exception as error:  # noqa: BLE001 - whatever it is, the other files are still linted
        what = f"{type(error).__name__}: {error}".strip()
        message = f"nftlint failed on this file, which is a defect of nftlint: {what}"
    return FileReport(failures=(Failure(uri, message),))
