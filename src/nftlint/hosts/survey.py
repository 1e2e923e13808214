"""The second look: what else of the tree may tell which hosts the files with nft are for.

It is taken only where something writes nft rules, so a tree without any costs nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path, PurePosixPath

from nftlint.artifact import Artifact, UnreadableTextError, decode
from nftlint.carriers.registry import kind_of
from nftlint.config import Config
from nftlint.discover import uri_of
from nftlint.hosts.beside import LeftOut, bytes_of, files_under, tops_of
from nftlint.hosts.graph import text_marks
from nftlint.hosts.machines import describes_machines
from nftlint.hosts.marks import TAGS, Mark, nodes
from nftlint.hosts.plays import has_hosts
from nftlint.hosts.reach import Reach, Seen, bare
from nftlint.hosts.sources import Texts, tells_by_itself
from nftlint.hosts.tags import NONE, tagged_hosts
from nftlint.hosts.targets import Known
from nftlint.record import dataclass, field, replace
from nftlint.scan import nothing_in, scan
from nftlint.unit import Unit

_HEAD = 4096
_TELLING = ("dockerfile", "containerfile", "hosts", "inventory")
"""How the names of files begin that are read, whatever their ending."""


@dataclass(frozen=True, slots=True)
class Survey:
    """``units`` are files beside those that are linted; ``texts`` is every text by its path.

    ``marks`` are what each text tells of a host; ``idle`` are files that lead to nothing of
    interest. ``seen`` is what files name, as far as that is known already.
    """

    units: tuple[Unit, ...]
    texts: Texts
    marks: Mapping[Path, tuple[Mark, ...]]
    idle: AbstractSet[Path] = frozenset()
    seen: Mapping[Path, Seen] = field(default_factory=dict)


def survey(
    paths: Iterable[Path],
    linted: Sequence[Unit],
    asking: Callable[[Unit], bool],
    config_of: Callable[[Path], Config],
    left_out: LeftOut,
) -> Survey:
    """Read what may tell the hosts of those linted files that are ``asking``.

    From the tops of their projects down, only what may lead to those, or to something that tells
    of hosts, is taken apart.
    """
    tops = tops_of(paths)
    texts = _texts(tops, linted, left_out)
    beside = [*texts][len(linted) :]
    waiting = {path: bare(texts[path].text) for path in beside}
    reach = Reach(waiting, tops, Known.of(texts), _reader(texts, config_of))
    told = _anything_told(linted, texts, config_of)
    playbooks = {path for path, text in texts.items() if told and _has_plays(path, text)}
    if not told:
        unknown = (unit for unit in linted if unit.found is None)
        reach.back((unit.path for unit in unknown if asking(unit)), by_name=True)
        marks: Mapping[Path, tuple[Mark, ...]] = {}
    else:
        marks = _look(reach, linted, asking, playbooks, lambda some: _marks(some, texts, config_of))
    idle = frozenset(reach.waiting)
    for path in idle:
        kind = "ansible" if path in playbooks else ""
        reach.found[path] = _unread(path, texts[path], config_of(path.parent), kind)
    return Survey(tuple(reach.found[path] for path in beside), texts, marks, idle, reach.seen)


def survey_all(
    paths: Iterable[Path],
    linted: Sequence[Unit],
    config_of: Callable[[Path], Config],
    left_out: LeftOut,
) -> Survey:
    """Read all that lies beside the linted files, from the tops of their projects down."""
    texts = _texts(tops_of(paths), linted, left_out)
    read = _reader(texts, config_of)
    units = tuple(map(read, [*texts][len(linted) :]))
    return Survey(units, texts, _marks(texts, texts, config_of))


def _texts(tops: Iterable[Path], linted: Iterable[Unit], left_out: LeftOut) -> dict[Path, Artifact]:
    """Return the linted files, and behind them all others that may tell something."""
    texts = {unit.path: unit.artifact for unit in linted}
    for path in files_under(tops, left_out, _TELLING):
        if path not in texts and (artifact := _read(path)) is not None:
            texts[path] = artifact
    return texts


def _reader(texts: Texts, config_of: Callable[[Path], Config]) -> Callable[[Path], Unit]:
    def read(path: Path) -> Unit:
        return _unit(path, texts[path], config_of(path.parent))

    return read


def _look(
    reach: Reach,
    linted: Sequence[Unit],
    asking: Callable[[Unit], bool],
    playbooks: AbstractSet[Path],
    marks_of: Callable[[Iterable[Path]], Mapping[Path, tuple[Mark, ...]]],
) -> Mapping[Path, tuple[Mark, ...]]:
    """Read what may tell the hosts of the files in question; return the marks that tell them.

    If a play leads to one, what all other plays do on the same hosts matters as well.
    """
    for unit in linted:
        reach.see(unit)
    leading = reach.back(unit.path for unit in linted if asking(unit))
    if leading.isdisjoint(playbooks):
        return marks_of(reach.onward(leading))
    marks = marks_of(reach.known.paths)
    reach.back(leading | (marks.keys() - playbooks))
    return marks


def _has_plays(path: Path, artifact: Artifact) -> bool:
    return has_hosts(artifact.text) and _kind(path, artifact) == "ansible"


def _marks(
    paths: Iterable[Path], texts: Texts, config_of: Callable[[Path], Config]
) -> Mapping[Path, tuple[Mark, ...]]:
    configs = {path: config_of(path.parent) for path in paths}
    found = {
        path: text_marks(path, texts[path], config.owners)
        for path, config in configs.items()
        if config.evidence
    }
    return {path: marks for path, marks in found.items() if marks}


def _anything_told(
    linted: Iterable[Unit], texts: Texts, config_of: Callable[[Path], Config]
) -> bool:
    """Tell whether there can be any host at all: by a tag, an inventory or evidence."""
    if any(unit.hosts for unit in linted):
        return True
    if any(config_of(folder).hosts for folder in {path.parent for path in texts}):
        return True
    for path, text in texts.items():
        if TAGS in text.text and tells_by_itself(path, text.text):
            return True
        config = config_of(path.parent)
        if config.evidence and nodes(config.owners).stand_in(text.text):
            if has_hosts(text.text) or tells_by_itself(path, text.text):
                return True
            if any(mark.sense == "is" for mark in text_marks(path, text, config.owners)):
                return True
    return False


def _read(path: Path) -> Artifact | None:
    try:
        data = bytes_of(path)
        return Artifact(uri_of(path), decode(data)) if data is not None else None
    except UnreadableTextError:
        return None


def _unit(path: Path, artifact: Artifact, config: Config) -> Unit:
    unit = _tagged(path, artifact, config)
    kind = _kind(path, artifact)
    if kind is None or kind in ("nft", "template"):
        return unit
    try:
        return replace(unit, found=scan(artifact, kind))
    except Exception:  # noqa: BLE001 - it is read for evidence only; where it is linted, it is told
        return unit


def _unread(path: Path, artifact: Artifact, config: Config, kind: str) -> Unit:
    """Return a file that leads to nothing that matters; of a playbook its plays do matter."""
    unit = _tagged(path, artifact, config)
    if describes_machines(path, artifact.text) or path.parent.name == "meta":
        return unit  # known by its words
    return replace(unit, found=nothing_in(artifact, kind))


def _tagged(path: Path, artifact: Artifact, config: Config) -> Unit:
    hosts = tagged_hosts(artifact.uri, path, config, (), ())
    told = tuple(host for host in hosts if host.tags != (NONE,))
    return Unit(path, artifact, config, None, hosts=told, settled=bool(hosts))


def _kind(path: Path, artifact: Artifact) -> str | None:
    head = artifact.text[:_HEAD].removeprefix("\ufeff")
    return kind_of(PurePosixPath(path.as_posix()), head)
