"""INI inventories, line by line. Source: Ansible's documentation of the ``ini`` inventory."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from nftlint.hosts.declared import (
    Assigned,
    Below,
    Broken,
    Declaration,
    Declared,
    Listed,
    Source,
)
from nftlint.hosts.ranges import RangeError, host_names
from nftlint.hosts.world import UNGROUPED
from nftlint.patterns import compiled
from nftlint.results import Location
from nftlint.span import Span

_LINE = compiled(r"[^\n]*")
_SECTION = compiled(r"\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?")
_GROUP = compiled(r"([^:\]\s]+)\s*(?:#.*)?")


def read_ini(source: Source) -> Iterator[Declaration]:
    """Yield what each line says; a line that says nothing known is ``Broken``."""
    group, section = UNGROUPED, "hosts"
    for match in _LINE.finditer(source.fragment.text):
        line = match.group().strip()
        if not line or line[0] in ";#":
            continue
        start = match.start() + match.group().index(line)
        location = source.at(Span(start, start + len(line)))
        if found := _SECTION.fullmatch(line):
            group, section = found[1], found[2] or "hosts"
            yield from _header(group, section, location)
        elif line.startswith("[") and line.endswith("]"):
            yield Broken(location, f"'{line}' is no section of an inventory")
        elif section == "hosts":
            yield from _host(group, line, location)
        elif section == "children":
            yield _child(group, line, location)
        elif section == "vars":
            yield _variable(group, line, location)


def _header(group: str, section: str, location: Location) -> Iterator[Declaration]:
    if section in ("hosts", "children", "vars"):
        yield Declared(group, location, assumed=section == "vars")
    else:
        yield Broken(location, f"section [{group}:{section}] is of no known type")


def _host(group: str, line: str, location: Location) -> Iterator[Declaration]:
    try:
        words = shlex.split(line, comments=True)
        names = host_names(words[0])
    except RangeError as error:
        yield Broken(location, str(error))
        return
    except ValueError as error:
        yield Broken(location, f"this host line cannot be split into words: {error}")
        return
    bad = [word for word in words[1:] if "=" not in word]
    if bad or names == ["---"]:
        what = f"'{bad[0]}' is no key=value" if bad else "'---' begins YAML, not a host"
        yield Broken(location, f"{what}, in a line that names a host")
        return
    for name in names:
        yield Listed(group, name, location)
        for word in words[1:]:
            key, _, value = word.partition("=")
            yield Assigned(name, False, key, _plain(value), location)


def _child(group: str, line: str, location: Location) -> Declaration:
    found = _GROUP.fullmatch(line)
    if found is None:
        return Broken(location, f"'{line}' is no name of a group")
    return Below(group, found[1], location, pending=True)


def _variable(group: str, line: str, location: Location) -> Declaration:
    name, equals, value = line.partition("=")
    if not equals:
        return Broken(location, f"'{line}' is no key=value")
    return Assigned(group, True, name.strip(), _plain(value.strip()), location)


def _plain(value: str) -> str:
    """Take off the quotes of a value: it is read as a Python literal where it is one."""
    quoted = len(value) > 1 and value[0] in "\"'" and value[-1] == value[0]
    return value[1:-1] if quoted else value
