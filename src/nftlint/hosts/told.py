"""Stage two, whole: the files of a run to the same files with their hosts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from nftlint.artifact import Artifact
from nftlint.configs import Configs, Options
from nftlint.discover import uri_of
from nftlint.filereport import FileReport, not_read
from nftlint.hosts.asking import Asking
from nftlint.link import link
from nftlint.record import dataclass, field
from nftlint.unit import Unit


@dataclass(frozen=True, slots=True)
class Told:
    """``texts`` are all texts that evidence may speak of; ``report`` tells of broken ones."""

    units: tuple[Unit, ...]
    texts: Mapping[str, Artifact]
    report: FileReport = field(default_factory=FileReport)


def told_hosts(
    units: Sequence[Unit], paths: Sequence[Path], configs: Configs, options: Options
) -> Told:
    """Return the files with the hosts that run them, from tags, inventories and evidence.

    The tree is looked through again only if something may be found in a file that nobody tagged.
    """
    asking = Asking()
    if options.isolated or options.assume_tags or not any(map(asking, units)):
        return Told(tuple(link(units)), texts_of(units))
    from nftlint.hosts.beside import LeftOut
    from nftlint.hosts.evidence import judge
    from nftlint.hosts.survey import survey

    places = [*paths, *(unit.path for unit in units)]
    left_out = LeftOut(configs.excluded, options.ignore_files)
    seen = survey(places, units, asking, configs, left_out)
    judged = judge(units, seen)
    linked = {unit.path: unit for unit in link(judged.units, judged.leads)}
    problems = [note for world in judged.worlds for note in world.problems]
    texts = {artifact.uri: artifact for artifact in seen.texts.values()}
    report = FileReport(
        tuple(not_read(note.location, note.message) for note in problems),
        artifacts={note.location.uri: texts[note.location.uri] for note in problems},
    )
    return Told(tuple(linked[unit.path] for unit in units), {**texts_of(units), **texts}, report)


def texts_of(units: Iterable[Unit]) -> dict[str, Artifact]:
    """Return the texts of the files, and of their configurations."""
    found = {unit.artifact.uri: unit.artifact for unit in units}
    for source in {unit.config.source for unit in units} - {None}:
        if source is not None:
            found[uri_of(source)] = Artifact(uri_of(source), source.read_text("utf-8"))
    return found
