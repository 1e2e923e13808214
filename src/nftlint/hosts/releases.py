"""Which iptables hosts have, where nobody said it of them: by the versions that the tree names.

A file that is tagged tells no version. But the project may: by the image of its DaemonSet, or by a
variable of its playbooks (``told`` and images in ``rules/owners``). Those hold for all hosts of
that owner in the project whose versions are not known otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from nftlint.artifact import Artifact, UnreadableTextError, decode
from nftlint.discover import uri_of
from nftlint.hosts.beside import LeftOut, bytes_of, files_under, tops_of
from nftlint.owners import Owner, load_owner, numbers
from nftlint.patterns import compiled
from nftlint.record import dataclass, replace
from nftlint.results import Evidence, Host, Location
from nftlint.span import Span
from nftlint.unit import Scoped, Unit

_NAMED = compiled(rb"kube-router:|kube_router_version|k0s_version|K0S_VERSION")
"""What a file must hold to tell a version."""

_LINE = compiled(r"(?m)^(?![ \t]*(?:#|//)).+$")
_WORD = compiled(r"[\w./-]+:[\w.+-]+")
_SET = compiled(r"(?<![\w.$-])([A-Za-z_]\w*)[\"']?[ \t]*(?::[ \t]|=)[ \t]*[\"']?([\w.+-]+)")


@dataclass(frozen=True, slots=True)
class _Told:
    """One thing that tells of a version: where, in which words, and what follows."""

    location: Location
    words: str
    iptables: tuple[str, ...]


def with_releases(
    units: Sequence[Unit], paths: Iterable[Path], left_out: LeftOut
) -> tuple[list[Unit], Mapping[str, Artifact]]:
    """Return the units, and the texts of the files that told the versions of their hosts."""
    owners = {tag: owner for tag in _tags(units) if isinstance(owner := load_owner(tag), Owner)}
    owners = {tag: owner for tag, owner in owners.items() if owner.releases}
    if not owners:
        return list(units), {}
    read = map(_read, files_under(tops_of(paths), left_out))
    texts = {artifact.uri: artifact for artifact in read if artifact is not None}
    known = {tag: list(_told(owner, texts.values())) for tag, owner in owners.items()}
    done = [_with(unit, known) if _asks(unit) else unit for unit in units]
    return done, {uri: text for uri, text in texts.items() if _speaks(uri, known)}


def _asks(unit: Unit) -> bool:
    config = unit.config
    told = config.kube_router or config.iptables or not config.evidence
    return not told and unit.found is not None and bool(unit.found.calls)


def _open(host: Host) -> bool:
    return not host.kube_router and not host.iptables


def _hosts(unit: Unit) -> Iterator[Host]:
    yield from unit.hosts
    yield from (host for part in unit.scoped for host in part.hosts)


def _tags(units: Iterable[Unit]) -> frozenset[str]:
    asking = (unit for unit in units if _asks(unit))
    return frozenset(host.tags[0] for unit in asking for host in _hosts(unit) if _open(host))


def _read(path: Path) -> Artifact | None:
    """Return a file that may tell a version: one search in its bytes."""
    data = bytes_of(path)
    try:
        told = data is not None and _NAMED.search(data)
        return Artifact(uri_of(path), decode(data)) if data is not None and told else None
    except UnreadableTextError:
        return None


def _told(owner: Owner, texts: Iterable[Artifact]) -> Iterator[_Told]:
    for artifact in texts:
        for line in _LINE.finditer(artifact.text):
            for words, versions in _in_line(owner, line[0]):
                start = line.start() + len(line[0]) - len(line[0].lstrip())
                location = Location(artifact.uri, Span(start, line.end()))
                yield _Told(location, words, versions)


def _in_line(owner: Owner, line: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for word in _WORD.findall(line):
        if versions := owner.iptables_of_image(word):
            yield f"names the image `{word}`", versions
    for name, value in _SET.findall(line):
        if versions := owner.iptables_of_variable(name, value):
            yield f"sets `{name} = {value}`", versions


def _speaks(uri: str, known: Mapping[str, list[_Told]]) -> bool:
    return any(item.location.uri == uri for several in known.values() for item in several)


def _with(unit: Unit, known: Mapping[str, list[_Told]]) -> Unit:
    hosts = tuple(_versioned(host, known) for host in unit.hosts)
    scoped = tuple(
        Scoped(part.span, tuple(_versioned(host, known) for host in part.hosts))
        for part in unit.scoped
    )
    return replace(unit, hosts=hosts, scoped=scoped)


def _versioned(host: Host, known: Mapping[str, list[_Told]]) -> Host:
    """Return the host with its versions and what tells them, ahead of what tells its tag."""
    told = known.get(host.tags[0], []) if _open(host) else []
    if not told:
        return host
    versions = tuple(sorted({one for item in told for one in item.iptables}, key=numbers))
    first = {item.iptables: item for item in reversed(told)}  # one line for each version is enough
    shown = sorted(first.values(), key=lambda item: (item.location.uri, item.location.span))
    evidence = tuple(
        Evidence(item.location, f"the project {item.words}, with iptables {_either(item.iptables)}")
        for item in shown
    )
    return replace(host, iptables=versions, evidence=(*evidence, *host.evidence))


def _either(versions: tuple[str, ...]) -> str:
    return " or ".join(versions)
