"""YAML inventories and files of variables, by the YAML reader that keeps places."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.found import Problem
from nftlint.hosts.declared import (
    Assigned,
    Below,
    Broken,
    Declaration,
    Declared,
    Listed,
    Opaque,
    Source,
)
from nftlint.hosts.ranges import RangeError, host_names
from nftlint.yaml.mask import MASK
from nftlint.yaml.nodes import Mapping, Node, Scalar, follow, get, is_null, text_of
from nftlint.yaml.parse import parse

Pairs = tuple[tuple[Node, Node], ...]


def read_yaml(source: Source) -> Iterator[Declaration]:
    """Yield what a YAML inventory says, or that it is none."""
    top = _top(source)
    if not isinstance(top, Mapping):
        if top is not None:
            yield top
        return
    if get(top, "plugin") is not None:
        where = source.at(top.span)
        yield Opaque(where, "this inventory comes from a plugin, which nftlint does not run")
        return
    for key, value in top.pairs:
        yield from _group(source, key, value)


def read_variables(source: Source, name: str, *, of_group: bool) -> Iterator[Declaration]:
    """Yield the variables in a file of ``group_vars`` or ``host_vars``."""
    top = _top(source)
    if isinstance(top, Mapping):
        yield from _assigned(source, name, top.pairs, of_group=of_group)
    elif top is not None:
        yield top


def _top(source: Source) -> Mapping | Broken | None:
    stream = parse(source.fragment)
    if isinstance(stream, Problem):
        return Broken(source.at(stream.span), stream.message)
    nodes = [follow(node) for node in stream.roots]
    if not nodes or (len(nodes) == 1 and is_null(nodes[0])):
        return None
    top = nodes[0]
    if isinstance(top, Mapping):
        return top
    assert top is not None  # noqa: S101  (an alias cannot be a root)
    return Broken(source.at(top.span), "a mapping was expected here")


def _group(source: Source, key: Node, value: Node) -> Iterator[Declaration]:
    name, body = text_of(key), follow(value)
    location = source.at(key.span)
    if not isinstance(body, Mapping) and not is_null(value):
        yield Broken(location, f"'{name}' is no group: it holds no mapping")
        return
    yield Declared(name, location)
    for child, below in _section(body, "children"):
        yield from _group(source, child, below)
        yield Below(name, text_of(child), source.at(child.span))
    for host, variables in _section(body, "hosts"):
        yield from _hosts(source, name, host, variables)
    yield from _assigned(source, name, _section(body, "vars"), of_group=True)


def _section(body: object, name: str) -> Pairs:
    """Return the pairs of a section; a single name stands for itself."""
    section = get(body, name) if isinstance(body, Mapping) else None
    value = follow(section)
    if isinstance(value, Mapping):
        return value.pairs
    if isinstance(value, Scalar) and not is_null(value):
        return ((value, Scalar(value.span, "", "plain")),)
    return ()


def _hosts(source: Source, group: str, key: Node, value: Node) -> Iterator[Declaration]:
    location = source.at(key.span)
    try:
        names = host_names(text_of(key))
    except RangeError as error:
        yield Broken(location, str(error))
        return
    pairs = body.pairs if isinstance(body := follow(value), Mapping) else ()
    for name in names:
        yield Listed(group, name, location)
        yield from _assigned(source, name, pairs, of_group=False)


def _assigned(source: Source, name: str, pairs: Pairs, *, of_group: bool) -> Iterator[Declaration]:
    for key, value in pairs:
        body = follow(value)
        location = source.at(key.span.cover(value.span))
        text = None
        if isinstance(body, Scalar) and body.tag != "!vault" and not MASK.search(body.value):
            text = body.value
        elif not isinstance(body, Scalar) and body is not None:
            text = _listed(body)
        vaulted = isinstance(body, Scalar) and body.tag == "!vault"
        raw = "" if vaulted else value.span.of(source.fragment.text)
        raw = raw if isinstance(body, Scalar) else f"\n  {raw}"
        yield Assigned(name, of_group, text_of(key), text, location, raw)


def _listed(body: Node) -> str | None:
    """Return a list of plain words as one text with commas between."""
    words = [text_of(item) for item in getattr(body, "items", ())]
    return ",".join(words) if words and all(words) else None
