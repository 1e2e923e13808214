"""The lines of configuration that would tag files as a kube-router node's."""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import commonpath, dirname, relpath

from nftlint.output.escapes import visible

_SHOWN_PATHS = 3


def tagging_lines(config: str, uris: Sequence[str], *, inline: bool = False) -> list[str]:
    """Return what to add to ``config``, the URI of a configuration, to tag the files ``uris``.

    An empty ``config`` means that there is none yet: one line in a new file does. A
    configuration may have tables already, after which only a further table can stand; ``inline``
    says that its hosts are one list, to which an item has to be added.
    """
    paths = ", ".join(_quoted(path) for path in _globs(config, list(dict.fromkeys(uris))))
    if not config:
        line = f'hosts = [{{ tag = "kube-router", paths = [{paths}] }}]'
        return ["To tag them as kube-router nodes, put this line into nftlint.toml:", f"    {line}"]
    if inline:
        item = f'{{ tag = "kube-router", paths = [{paths}] }},'
        place = f"the list 'hosts' in {visible(config)}"
        return [f"To tag them as kube-router nodes, add this to {place}:", f"    {item}"]
    table = "tool.nftlint.hosts" if config.endswith("pyproject.toml") else "hosts"
    return [
        f"To tag them as kube-router nodes, add this to {visible(config)}:",
        f"    [[{table}]]",
        '    tag = "kube-router"',
        f"    paths = [{paths}]",
    ]


def _globs(config: str, uris: Sequence[str]) -> list[str]:
    """Return the paths as the configuration has them: each, or their directory if many."""
    if config:
        uris = [relpath(uri, dirname(config) or ".") for uri in uris]
    if len(uris) <= _SHOWN_PATHS:
        return list(uris)
    try:
        prefix = commonpath([dirname(uri) for uri in uris])
    except ValueError:  # absolute and relative paths have nothing in common
        prefix = ""
    return [f"{prefix}/**" if prefix else "**"]


def _quoted(path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{visible(escaped)}"'
