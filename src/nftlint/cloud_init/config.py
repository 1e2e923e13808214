"""A cloud-config: the commands that it runs, the files that it writes."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.cloud_init.files import read_files
from nftlint.commands.read import read_command
from nftlint.found import Found, NftCall, Problem, ProgramRun
from nftlint.fragment import Fragment, Refusal
from nftlint.record import replace
from nftlint.yaml.command_list import command_line, more_items
from nftlint.yaml.nodes import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    Stream,
    entries,
    follow,
    get,
    is_null,
)
from nftlint.yaml.scalar import read as read_scalar
from nftlint.yaml.whole import read_whole

_COMMANDS = ("bootcmd", "runcmd")
_INSTALLING = ("early-commands", "late-commands", "error-commands")
INSTALLER = "the installer's own system, which is gone when the machine starts anew"


def read(fragment: Fragment) -> Iterator[Found]:
    """Yield what a cloud-config runs and writes, in its order."""
    return read_whole(fragment, _configs)


def _configs(stream: Stream) -> Iterator[Found]:
    seen: set[int] = set()
    for root in stream.roots:
        yield from read_config(stream, root, "", seen)


def read_config(stream: Stream, root: Node, prefix: str, seen: set[int]) -> Iterator[Found]:
    """Yield what one mapping of cloud-config keys runs and writes.

    ``seen`` holds the ids of nodes that were read: an anchor's text is one text.
    """
    for key, value in entries(root):
        if key in _COMMANDS:
            yield from _commands(stream, value, prefix + key, seen)
        elif key == "write_files":
            yield from read_files(stream, value, prefix + key, seen)
        elif key == "snap":
            yield from _snap(stream, get(value, "commands"), f"{prefix}snap.commands", seen)
        elif key == "power_state" and (condition := get(value, "condition")) is not None:
            yield from _command(stream, condition, None, f"{prefix}power_state.condition", seen)
        elif key == "autoinstall":
            yield from _autoinstall(stream, value, f"{prefix}autoinstall.", seen)


def _autoinstall(stream: Stream, value: Node, prefix: str, seen: set[int]) -> Iterator[Found]:
    """Yield the user-data of the installed system, and what Ubuntu's installer runs.

    Its commands run before the machine starts for the first time, ``curtin in-target`` included:
    what they tell nft is gone then, but files that they write for the new system stay.
    Source: Ubuntu's autoinstall reference (``early-commands``, ``late-commands``).
    """
    for key, below in entries(value):
        if key == "user-data":
            yield from read_config(stream, below, f"{prefix}user-data.", seen)
        elif key in _INSTALLING:
            for found in _commands(stream, below, prefix + key, seen):
                yield _in_installer(found)


def _in_installer(found: Found) -> Found:
    if isinstance(found, Fragment):
        return replace(found, context=replace(found.context, elsewhere=INSTALLER))
    if isinstance(found, NftCall | ProgramRun):
        return replace(found, elsewhere=found.elsewhere or INSTALLER)
    return found


def _snap(stream: Stream, value: Node | None, label: str, seen: set[int]) -> Iterator[Found]:
    """Commands of snap are a list, or a mapping whose keys give the order."""
    if isinstance(follow(value), Mapping):
        for key, command in entries(value):
            yield from _command(stream, command, None, f"{label}.{key}", seen)
    elif value is not None:
        yield from _commands(stream, value, label, seen)


def _commands(stream: Stream, value: Node, label: str, seen: set[int]) -> Iterator[Found]:
    parent = follow(value)
    if isinstance(parent, Sequence):
        for number, item in enumerate(parent.items):
            yield from _command(stream, item, parent, f"{label}[{number}]", seen)


def _command(
    stream: Stream, item: Node, parent: Sequence | None, label: str, seen: set[int]
) -> Iterator[Found]:
    """Yield a string as a line of shell, a list as a command; pass over anything else."""
    node = follow(item)
    if id(node) in seen or is_null(node):
        return
    seen.add(id(node))
    if isinstance(node, Scalar):
        yield script(stream, node, "shell", label)
    elif isinstance(node, Sequence):
        yield from _list(stream, node, parent)


def _list(stream: Stream, node: Sequence, parent: Sequence | None) -> Iterator[Found]:
    several = more_items(stream, parent or Sequence(node.span, ()))
    line = command_line(stream, node, several)
    if not isinstance(line, Refusal):
        yield from read_command(line)


def script(
    stream: Stream, node: Scalar, language: str, label: str, path: str = ""
) -> Fragment | Problem:
    """Return a scalar's text as a fragment, or why it has no exact place."""
    fragment = read_scalar(stream, node, language, label=label, path=path)
    if isinstance(fragment, Refusal):
        return Problem(stream.fragment, node.span, fragment.reason)
    return fragment
