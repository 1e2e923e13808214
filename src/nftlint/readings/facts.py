"""The data of ``rules/readings``, read once."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from nftlint.record import dataclass
from nftlint.rulesdir import load_toml


@functools.cache
def load_facts(name: str) -> dict[str, Any]:
    """Return the contents of ``rules/readings/NAME.toml``; not to be changed."""
    return load_toml("readings", f"{name}.toml")


@dataclass(frozen=True, slots=True)
class Field:
    """Where a selector's value lies: for payload in ``base``, offset and length in bits.

    For meta ``base`` is ``"meta"`` and ``name`` is the kernel's name of the key. ``type`` is the
    type of its value as nft names it, ``host`` whether it is in the host's byte order.
    """

    base: str
    name: str
    offset: int
    bits: int
    type: str
    host: bool = False


def payload_field(protocol: str, name: str) -> Field | None:
    """Return the header field of that name, if nft knows it."""
    header = load_facts("fields")["payload"].get(protocol, {})
    if name == "base" or name not in header:
        return None
    offset, bits, kind = header[name]
    return Field(header["base"], name, offset, bits, kind)


def meta_field(key: str) -> Field | None:
    """Return the meta key of that name, if nft knows it."""
    found = load_facts("fields")["meta"].get(key)
    if found is None:
        return None
    host = key not in load_facts("fields")["network_order"]["keys"]
    return Field("meta", found[2] if len(found) > 2 else key, 0, found[0], found[1], host)


def layout(protocol: str) -> dict[str, tuple[int, int]]:
    """Return offset and length in bits of each field of a header."""
    header = load_facts("fields")["payload"].get(protocol, {})
    return {name: (at[0], at[1]) for name, at in header.items() if name != "base"}


def transport_number(protocol: str) -> int | None:
    """Return the number of a protocol over IP whose header nft knows."""
    number: int | None = load_facts("fields")["transport"].get(protocol)
    return number


def transport_name(number: int) -> str | None:
    """Return the protocol over IP of that number, if nft knows its header."""
    return next(
        (name for name, n in load_facts("fields")["transport"].items() if n == number), None
    )


def icmp_types_of(protocol: str, field: str) -> tuple[int, ...]:
    """Return the types of message that have the field; empty if all have it."""
    return tuple(load_facts("fields")["dependent"].get(protocol, {}).get(field, ()))


def symbol(kind: str, name: str) -> int | None:
    """Return the value of a name among values of the type ``kind``."""
    table = load_facts("symbols").get(kind, {})
    value: int | None = table.get(name, table.get(name.lower()))
    return value


def description(kind: str) -> str:
    """Return what nft calls a type of value."""
    name: str = load_facts("symbols")["descriptions"].get(kind, kind)
    return name


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What one version does; each field is described in ``rules/readings/versions.toml``."""

    version: str
    expressions: frozenset[str]
    check: str
    context: str
    payload_register: str
    payload_outlasts: bool
    short_prefix: bool
    matches: frozenset[str]
    targets: frozenset[str]
    protocol_names: tuple[str, ...]
    any_hides_code: bool
    full_range_hidden: bool
    target_wins: bool
    blank_at_end: bool
    boolean_bitwise_only: bool = False
    ports_by_name: bool = False


@functools.cache
def behaviours() -> Mapping[str, Behaviour]:
    """Return all versions, from the oldest to the newest."""
    resolved: dict[str, dict[str, Any]] = {}
    for entry in load_facts("versions")["versions"]:
        parent = resolved.get(entry.get("inherits", ""), {})
        resolved[entry["version"]] = {**parent, **entry}
    return {version: _behaviour(data) for version, data in resolved.items()}


def _behaviour(data: dict[str, Any]) -> Behaviour:
    sets = {key: frozenset(data[key]) for key in ("expressions", "matches", "targets")}
    rest = {key: value for key, value in data.items() if key != "inherits"}
    return Behaviour(**{**rest, **sets, "protocol_names": tuple(data["protocol_names"])})


@functools.cache
def protocol_names(tables: tuple[str, ...]) -> Mapping[int, str]:
    """Return names of protocols by number, from the tables in order of preference."""
    names: dict[int, str] = {}
    for table in tables:
        for name, number in _protocols(table).items():
            names.setdefault(number, name)
    return names


def _protocols(table: str) -> dict[str, int]:
    if table == "system":
        numbers: dict[str, int] = load_facts("symbols")["inet_proto"]
        return numbers
    own: dict[str, int] = load_facts("versions")["protocols"][table]
    return own
