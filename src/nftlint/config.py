"""Configuration: ``nftlint.toml`` or ``[tool.nftlint]``, nearest directory first."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from itertools import zip_longest
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from nftlint.globs import matches_any
from nftlint.patterns import compiled
from nftlint.record import dataclass
from nftlint.sieve.walk import why

if TYPE_CHECKING:
    from nftlint.owner_model import Owner

FILE_NAME = "nftlint.toml"
_VERSION = compiled(r"v?\d+(?:\.\d+)*(?![\w.])")


class ConfigError(ValueError):
    """A configuration that cannot be used; the text names the file and the key."""


@dataclass(frozen=True, slots=True)
class HostRule:
    """``[[hosts]]``: files under these paths, and hosts of these groups, have this tag.

    ``paths`` and ``except_`` are globs relative to the configuration's directory, ``groups`` are
    inventory groups. ``kube_router`` and ``iptables`` are versions that those hosts have.
    """

    tag: str
    paths: tuple[str, ...] = ("**",)
    except_: tuple[str, ...] = ()
    line: int = 0
    groups: tuple[str, ...] = ()
    kube_router: tuple[str, ...] = ()
    iptables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileRule:
    """``[[files]]``: what kind the files under a glob are."""

    glob: str
    kind: str


@dataclass(frozen=True, slots=True)
class Config:
    """The settings that hold for a directory; paths in it are relative to ``base``.

    ``ansible_style`` is how a task is fixed: with the iptables ``command`` in its own module, or
    with ``ansible.builtin.iptables`` (``module``).
    """

    base: Path
    source: Path | None = None
    hosts: tuple[HostRule, ...] = ()
    files: tuple[FileRule, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    kube_router: tuple[str, ...] = ()
    iptables: tuple[str, ...] = ()
    evidence: bool = True
    ansible_style: str = "command"
    owners: tuple[Owner, ...] = ()

    def relative(self, path: Path) -> PurePosixPath:
        """Return ``path`` relative to the configuration's directory."""
        try:
            return PurePosixPath(path.relative_to(self.base).as_posix())
        except ValueError:
            return PurePosixPath(path.as_posix())

    def excludes(self, path: Path) -> bool:
        """Tell whether the file or directory is excluded."""
        return bool(self.exclude) and matches_any(self.relative(path), self.exclude)

    def kind_of(self, path: Path) -> str | None:
        """Return the kind that ``[[files]]`` gives to a file, the last match winning."""
        relative = self.relative(path)
        kinds = [rule.kind for rule in self.files if matches_any(relative, (rule.glob,))]
        return kinds[-1] if kinds else None

    def host_rules(self, path: Path) -> list[HostRule]:
        """Return the ``[[hosts]]`` entries that speak of a file."""
        relative = self.relative(path)
        return [
            rule
            for rule in self.hosts
            if matches_any(relative, rule.paths) and not matches_any(relative, rule.except_)
        ]


def read_config(path: Path) -> Config:
    """Read one configuration file.

    Raises ``ConfigError`` where it cannot be read, is no TOML, or has an unknown key.
    """
    table = _load(path)
    if path.name == "pyproject.toml":
        table = table.get("tool", {}).get("nftlint", {})
    return _build(path, table)


def own_config(directory: str) -> Config | None:
    """Return the configuration that stands in this directory itself, if there is one.

    Raises ``ConfigError`` where that file cannot be used.
    """
    own = os.path.join(directory, FILE_NAME)  # noqa: PTH118 - asked of every directory of a tree
    if os.path.isfile(own):  # noqa: PTH113 - the same
        return read_config(Path(own))
    pyproject = Path(directory) / "pyproject.toml"
    if os.path.isfile(pyproject) and b"tool.nftlint" in pyproject.read_bytes():  # noqa: PTH113 - the same
        return read_config(pyproject)
    return None


def _load(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        with path.open("rb") as stream:
            return tomllib.load(stream)
    except OSError as error:
        raise ConfigError(f"{path}: {why(error)}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from None


ANSIBLE_STYLES = ("command", "module")
_LISTS = ("select", "ignore", "exclude")
_PROGRAMS = ("kube-router", "iptables")
_HOSTS = ("tag", "paths", "except", "groups", *_PROGRAMS)
_TABLES = {"hosts": _HOSTS, "files": ("glob", "kind")}


def _build(path: Path, table: Mapping[str, Any]) -> Config:
    _known(path, table, (*_LISTS, *_PROGRAMS, *_TABLES, "evidence", "owners", "ansible-style"), "")
    for name, keys in _TABLES.items():
        for entry in _entries(path, table, name):
            _known(path, entry, keys, f"in [[{name}]] ")
    lists = {key: _strings(path, table, key) for key in _LISTS}
    versions = {key.replace("-", "_"): _versions(path, table, key) for key in _PROGRAMS}
    _known_codes(path, (*lists["select"], *lists["ignore"]))
    entries = _entries(path, table, "hosts")
    lines = _tag_lines(path) if entries else []
    hosts = tuple(
        _host(path, entry, line) for entry, line in zip_longest(entries, lines[: len(entries)])
    )
    files = tuple(
        FileRule(_string(path, entry, "glob"), _string(path, entry, "kind"))
        for entry in _entries(path, table, "files")
    )
    evidence = table.get("evidence", True)
    if not isinstance(evidence, bool):
        raise ConfigError(f"{path}: 'evidence' must be true or false")
    style = table.get("ansible-style", ANSIBLE_STYLES[0])
    if style not in ANSIBLE_STYLES:
        known = " or ".join(f"'{name}'" for name in ANSIBLE_STYLES)
        raise ConfigError(f"{path}: 'ansible-style' must be {known}")
    owners = tuple(_owner(path, entry) for entry in _entries(path, table, "owners"))
    base = path.parent.absolute()
    return Config(
        base,
        path,
        hosts,
        files,
        **lists,
        **versions,
        evidence=evidence,
        ansible_style=style,
        owners=owners,
    )


def _owner(path: Path, entry: Mapping[str, Any]) -> Owner:
    """Return an owner of the user's, of the form of those in ``rules/owners``."""
    from nftlint.owners import parse_owner

    try:
        for item in entry.get("evidence", ()):
            re.compile(item["pattern"])
            re.compile(item.get("value", ""))
        return parse_owner(entry)
    except KeyError as error:
        raise ConfigError(f"{path}: in [[owners]]: {error.args[0]} is missing") from None
    except (TypeError, AttributeError, ValueError, re.error) as error:
        raise ConfigError(f"{path}: in [[owners]]: {error}") from None


def _host(path: Path, entry: Mapping[str, Any], line: int | None) -> HostRule:
    groups = _strings(path, entry, "groups")
    return HostRule(
        _string(path, entry, "tag"),
        _strings(path, entry, "paths") or (() if groups else ("**",)),
        _strings(path, entry, "except"),
        line or 1,
        groups,
        _versions(path, entry, "kube-router"),
        _versions(path, entry, "iptables"),
    )


def _tag_lines(path: Path) -> list[int]:
    """Return the line, 1-based, of each host entry's tag; TOML values carry no place."""
    lines = path.read_text("utf-8").splitlines()
    found: list[int] = []
    within = False
    for number, line in enumerate(lines, 1):
        if line.strip().startswith("["):
            within = "hosts" in line
            found += [number] if within else []
        elif within and line.partition("=")[0].strip() == "tag":
            found[-1] = number
    return found


def _known(path: Path, table: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in keys:
            raise ConfigError(f"{path}: unknown key {where}'{key}'{suggest(key, keys)}")


def _known_codes(path: Path, codes: tuple[str, ...]) -> None:
    """Refuse codes that no rule begins with: to select only such would mean to lint nothing."""
    if not codes:
        return
    from nftlint.rulesdir import rules_dir

    known = tuple(sorted(page.name[:6] for page in rules_dir().glob("NFT*.md")))
    for code in codes:
        if not any(rule.startswith(code) for rule in known):
            raise ConfigError(f"{path}: no rule '{code}'{suggest(code, known)}")


def suggest(word: str, known: tuple[str, ...]) -> str:
    """Return ``; did you mean 'x'?`` for the nearest known word, or nothing."""
    import difflib

    near = difflib.get_close_matches(word, known, 1, 0.5)
    return f"; did you mean '{near[0]}'?" if near else f"; known are {', '.join(known)}"


def _entries(path: Path, table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    entries = table.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ConfigError(f"{path}: '{key}' must be written as [[{key}]] tables")
    return entries


def _strings(path: Path, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
        raise ConfigError(f"{path}: '{key}' must be a string or a list of strings")
    return tuple(values)


def _versions(path: Path, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = _strings(path, table, key)
    for one in found:
        if not _VERSION.match(one):
            raise ConfigError(f"{path}: '{key}': '{one}' is no version")
    return found


def _string(path: Path, table: Mapping[str, Any], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{path}: '{key}' is missing or is not a string")
    return value
