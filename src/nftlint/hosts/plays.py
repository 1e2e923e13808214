"""The plays of an Ansible file: where each stands and which hosts it names."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.artifact import root
from nftlint.found import Problem
from nftlint.fragment import to_root
from nftlint.patterns import compiled
from nftlint.record import dataclass
from nftlint.span import Span
from nftlint.unit import Unit
from nftlint.yaml.nodes import Mapping, follow, get, items, text_of
from nftlint.yaml.parse import parse

_HOSTS = compiled(r"(?m)^(?:-| )[ \t]*[\"']?hosts[\"']?[ \t]*:")


@dataclass(frozen=True, slots=True)
class Play:
    """``span`` is the play, ``at`` its pattern, both in the artifact's text.

    ``roles`` are the names of the roles that it runs, with their places.
    """

    span: Span
    at: Span
    patterns: tuple[str, ...]
    roles: tuple[tuple[str, Span], ...] = ()


def is_playbook(unit: Unit) -> bool:
    """Tell whether a file has plays, which have hosts of their own whoever imports them."""
    is_ansible = unit.found is not None and unit.found.kind == "ansible"
    return is_ansible and has_hosts(unit.artifact.text)


def has_hosts(text: str) -> bool:
    """Tell whether a text may have plays: ``hosts:`` as a play has it."""
    return "hosts" in text and _HOSTS.search(text) is not None


def plays_of(unit: Unit) -> Iterator[Play]:
    """Yield the plays of a file that is known to be Ansible's."""
    if not is_playbook(unit):
        return
    stream = parse(root(unit.artifact, "ansible"))
    if isinstance(stream, Problem):
        return
    for top in stream.roots:
        for item in items(top):
            node = follow(item)
            hosts = get(node, "hosts")
            if not isinstance(node, Mapping) or hosts is None:
                continue
            several = tuple(text_of(value) for value in items(hosts))
            yield Play(
                to_root(stream.fragment, node.span),
                to_root(stream.fragment, hosts.span),
                several or (text_of(hosts),),
                tuple((name, to_root(stream.fragment, span)) for name, span in _roles(node)),
            )


def _roles(play: Mapping) -> Iterator[tuple[str, Span]]:
    for item in items(get(play, "roles")):
        value = follow(item)
        named = (get(value, "role") or get(value, "name")) if isinstance(value, Mapping) else item
        if named is not None and text_of(named):
            yield text_of(named), named.span
    for key in ("import_playbook", "ansible.builtin.import_playbook"):
        book = get(play, key)
        if book is not None:
            yield text_of(book), book.span
