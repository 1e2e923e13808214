"""Marks to hosts: what outweighs what, and what is left in conflict."""

from __future__ import annotations

from collections.abc import Iterable

from nftlint.hosts.marks import Mark, included_by, strongest
from nftlint.owner_model import numbers
from nftlint.record import dataclass
from nftlint.results import Evidence, Host

_SHOWN = 3
"""How many marks of one tag are shown; more of them prove nothing more."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The hosts that marks tell of, and the marks that speak against others' tags.

    ``lowered`` are the tags of which a switch leaves less.
    """

    hosts: tuple[Host, ...] = ()
    conflicts: tuple[Mark, ...] = ()
    lowered: frozenset[str] = frozenset()


def decide(marks: Iterable[Mark], ahead: tuple[Evidence, ...] = ()) -> Verdict:
    """Return a host for each tag that holds; ``ahead`` begins its chain of evidence.

    An explicit tag holds. Else an off switch (``is-not``) outweighs whatever tells for the tag,
    since traces of a program stay in a tree that does not use it, and is a conflict to show;
    ``lower`` lowers the level.
    """
    every = strongest(marks)
    hosts: dict[str, Host] = {}
    conflicts: list[Mark] = []
    for tag in dict.fromkeys(mark.tag for mark in every if mark.sense == "is"):
        own = [mark for mark in every if mark.tag == tag]
        against = [mark for mark in own if mark.sense == "is-not"]
        explicit = [mark for mark in own if mark.explicit]
        if against and not explicit:
            conflicts += [*[mark for mark in own if mark.sense == "is"][:1], *against[:1]]
            continue
        hosts[tag] = _host(tag, explicit or own, ahead)
    for tag in list(hosts):
        for included in included_by(tag):
            hosts.pop(included, None)
    lowered = frozenset(tag for tag, host in hosts.items() if host.lowered)
    return Verdict(tuple(hosts.values()), tuple(conflicts), lowered)


def _host(tag: str, marks: list[Mark], ahead: tuple[Evidence, ...]) -> Host:
    telling = [mark for mark in marks if mark.sense == "is"]
    lowering = [mark for mark in marks if mark.sense == "lower"]
    versioned = [mark for mark in telling if mark.kube_router or mark.iptables]
    shown = dict.fromkeys((*telling[:_SHOWN], *versioned[:_SHOWN], *lowering[:1]))
    evidence = tuple(Evidence(mark.location, mark.why) for mark in shown)
    leaves = lowering[0].leaves if lowering else ""
    return Host(
        (leaves or tag,),
        (*ahead, *evidence),
        lowered=bool(lowering),
        kube_router=_versions(mark.kube_router for mark in telling),
        iptables=_versions(mark.iptables for mark in telling),
    )


def _versions(found: Iterable[str]) -> tuple[str, ...]:
    """Return each version once; a mark of the configuration may have several, with commas."""
    every = {version for several in found for version in several.split(",") if version}
    return tuple(sorted(every, key=numbers))


def joined(hosts: Iterable[Host]) -> tuple[Host, ...]:
    """Return each tag once, with the evidence that came first; not lowered if one is not."""
    found: dict[tuple[str, ...], Host] = {}
    for host in hosts:
        old = found.get(host.tags)
        if old is None or (old.lowered and not host.lowered):
            found[host.tags] = host
    return tuple(found.values())
